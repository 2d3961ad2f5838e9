import type { Stored } from '#shared/contract/retention.ts';
import type { Connection } from '../store/connection.ts';
import { fileState } from './file-state.ts';
import { cutoffMs, excessOf, type RetentionLimits } from './limits.ts';
import { countCaptures, countRemoved, firstOfBytes, nextCaptures, nextSizedCaptures, oldestCaptureAtMs } from '../capture/removal.ts';
import { captureBytes } from '../capture/store.ts';
import { countRows, countUndelivered, nextMessages, oldestAtMs } from '../log/removal.ts';

/** The contents of a data file. */
export type Measured = Omit<Stored, 'clockNotice'>;

/** How many rows are read at once. */
const stepRows = 2000;

/** What the file contains and what the limits would remove, without removing it. `checkpoint` throws when the work is cancelled. */
export function measure(
  connection: Connection,
  { limits, nowMs }: { readonly limits: RetentionLimits; readonly nowMs: number },
  checkpoint: () => void,
): Measured {
  const rowsOf = (table: 'messages' | 'deliveries' | 'attempts') => ({
    rows: countRows(connection, table),
    oldestAtMs: oldestAtMs(connection, table),
  });
  const [messages, deliveries, attempts] = [rowsOf('messages'), rowsOf('deliveries'), rowsOf('attempts')];
  const captures = { rows: countCaptures(connection), oldestAtMs: oldestCaptureAtMs(connection) };
  const { pages, freePages, pageBytes, usedBytes } = fileState(connection);
  const overShare = limits.keepBytes === null || usedBytes <= limits.keepBytes ? 0 : 1 - limits.keepBytes / usedBytes;
  const excess = (rows: number, limit: number | null) => Math.max(excessOf(rows, limit), Math.ceil(rows * overShare));
  const beforeMs = cutoffMs(limits, nowMs);
  const going = messagesToGo(connection, {
    beforeMs,
    excess: excess(deliveries.rows, limits.keepDeliveries),
    excessUndelivered: excess(countUndelivered(connection), limits.keepDeliveries),
    checkpoint,
  });
  return {
    messages,
    deliveries,
    attempts,
    captures,
    captureBytes: captureBytes(connection),
    deletedCaptures: countRemoved(connection),
    fileBytes: pages * pageBytes,
    freeBytes: freePages * pageBytes,
    wouldGo: {
      messages: going.messages,
      deliveries: going.deliveries,
      captures: Math.max(
        capturesToGo(connection, { beforeMs, excess: excess(captures.rows, limits.keepCaptures), checkpoint }),
        capturesOver(connection, limits.keepCaptureBytes, checkpoint),
      ),
    },
    heldBack: going.heldBack,
  };
}

interface Cut {
  readonly beforeMs: number | null;
  readonly excess: number;
  readonly checkpoint: () => void;
}

interface MessageCut extends Cut {
  /** Messages without a delivery that are beyond the limit. */
  readonly excessUndelivered: number;
}

function messagesToGo(connection: Connection, { beforeMs, excess, excessUndelivered, checkpoint }: MessageCut) {
  const going = { messages: 0, deliveries: 0, heldBack: 0 };
  const counted = { deliveries: 0, undelivered: 0 };
  for (let afterSeq = 0, isMore = true; isMore;) {
    const found = nextMessages(connection, afterSeq, stepRows);
    checkpoint();
    isMore = false;
    for (const { seq, createdAtMs, changedAtMs, deliveries, isNeeded } of found) {
      afterSeq = seq;
      const isOld = beforeMs !== null && changedAtMs < beforeMs;
      if (beforeMs !== null && createdAtMs < beforeMs) isMore = true;
      const isBeyond = deliveries > 0 ? counted.deliveries < excess : counted.undelivered < excessUndelivered;
      if (counted.deliveries < excess || counted.undelivered < excessUndelivered) isMore = true;
      if (!isOld && !isBeyond) continue;
      if (isNeeded === 1) going.heldBack += 1;
      else {
        going.messages += 1;
        going.deliveries += deliveries;
        counted.deliveries += deliveries;
        if (deliveries === 0) counted.undelivered += 1;
      }
    }
  }
  return going;
}

function capturesToGo(connection: Connection, { beforeMs, excess, checkpoint }: Cut): number {
  let old = 0;
  for (let afterSeq = 0, isMore = beforeMs !== null; isMore;) {
    const found = nextCaptures(connection, afterSeq, stepRows);
    checkpoint();
    const count = found.filter(({ receivedAtMs }) => receivedAtMs < (beforeMs ?? 0)).length;
    old += count;
    isMore = count > 0;
    afterSeq = found.at(-1)?.seq ?? afterSeq;
  }
  return Math.max(old, excess);
}

/** How many captures, oldest first, would have to be removed for the rest to fit. */
function capturesOver(connection: Connection, keepCaptureBytes: number | null, checkpoint: () => void): number {
  let excess = excessOf(captureBytes(connection), keepCaptureBytes);
  let count = 0;
  for (let afterSeq = 0; excess > 0;) {
    const going = firstOfBytes(nextSizedCaptures(connection, afterSeq, stepRows), excess);
    checkpoint();
    const last = going.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    excess -= going.reduce((sum, { bytes }) => sum + bytes, 0);
    count += going.filter(({ isRemoved }) => isRemoved === 0).length;
  }
  return count;
}
