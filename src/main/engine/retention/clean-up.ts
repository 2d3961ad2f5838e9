import type { CleanUpDeps } from './clean-up-deps.ts';
import { cutoffMs, excessOf, type RetentionLimits } from './limits.ts';
import { fileState } from './file-state.ts';
import { dropRefused } from '../capture/refused/store.ts';
import {
  countCaptures,
  firstOfBytes,
  nextCaptures,
  nextSizedCaptures,
  removeCaptures,
  removeCapturesOfRemovedBins,
  removeRemoved,
  removeRemovedBins,
} from '../capture/removal.ts';
import { restorableMs } from '../capture/marking.ts';
import { captureBytes } from '../capture/store.ts';
import { countRows, countUndelivered, nextMessages, removeMessages, type MessageFound } from '../log/removal.ts';
import { createStepper } from '../store/stepper.ts';
import { sweepBodies } from './sweep.ts';

export interface CleanUpOrder {
  readonly limits: RetentionLimits;
  readonly nowMs: number;
  /** Whether to look for unreferenced bodies even if little was removed. */
  readonly isThorough: boolean;
  /** Whether to remove deleted things that could still be restored. */
  readonly isRestorableTaken: boolean;
}

/** Looking for unreferenced bodies reads the whole log, so at least this share of the rows has to be removed first. */
const sweepShare = 0.05;
/** How many rounds of removing the oldest rows before giving up on the size limit: the rest is needed. */
const sizeRounds = 6;

/** Removes what is beyond the limits, oldest first, then unreferenced bodies, and returns the space to the disk. */
export function cleanUp(deps: CleanUpDeps, { limits, nowMs, isThorough, isRestorableTaken }: CleanUpOrder): void {
  const { connection, progress } = deps;
  progress({ phase: 'removing' });
  const removedBeforeMs = isRestorableTaken ? Number.MAX_SAFE_INTEGER : nowMs - restorableMs;
  let removed = takeRemoved(deps, removedBeforeMs);
  const beforeMs = cutoffMs(limits, nowMs);
  takeRefused(deps, { removedBeforeMs, beforeMs });
  if (beforeMs !== null) {
    removed += takeMessages(deps, { beforeMs, deliveries: Number.POSITIVE_INFINITY, undelivered: Number.POSITIVE_INFINITY });
    removed += takeCaptures(deps, { beforeMs, captures: Number.POSITIVE_INFINITY });
  }
  removed += takeMessages(deps, {
    beforeMs: null,
    deliveries: excessOf(countRows(connection, 'deliveries'), limits.keepDeliveries),
    undelivered: excessOf(countUndelivered(connection), limits.keepDeliveries),
  });
  removed += takeCaptures(deps, { beforeMs: null, captures: excessOf(countCaptures(connection), limits.keepCaptures) });
  const isFreed = takeCaptureBytes(deps, limits.keepCaptureBytes) > 0;
  const isTooLarge = limits.keepBytes !== null && fileState(connection).usedBytes > limits.keepBytes;
  const left = countRows(connection, 'deliveries') + countUndelivered(connection) + countCaptures(connection);
  if (isThorough || isTooLarge || isFreed || removed > sweepShare * left) sweepBodies(deps);
  if (limits.keepBytes !== null) fitInto(deps, limits.keepBytes);
  returnSpace(deps);
}

interface MessageCut {
  /** Only what was last changed before this; null for anything. */
  readonly beforeMs: number | null;
  /** Until so many deliveries are removed. */
  readonly deliveries: number;
  /** Until so many messages without a delivery are removed. They are counted separately, so that they do not displace deliveries. */
  readonly undelivered: number;
}

/** Removes the oldest messages that nothing needs any more; returns how many deliveries were removed, with or without their message. */
function takeMessages(deps: CleanUpDeps, { beforeMs, deliveries, undelivered }: MessageCut): number {
  const { connection, progress } = deps;
  const stepper = createStepper(deps);
  let afterSeq = 0;
  const gone = { deliveries: 0, undelivered: 0 };
  const isEnough = () => gone.deliveries >= deliveries && gone.undelivered >= undelivered;
  for (let isMore = !isEnough(); isMore;)
    stepper.write((limit) => {
      const found = nextMessages(connection, afterSeq, limit);
      const going: MessageFound[] = [];
      for (const message of found) {
        if (isEnough()) break;
        if (message.deliveries > 0 ? gone.deliveries >= deliveries : gone.undelivered >= undelivered) continue;
        if (message.isNeeded === 1 || (beforeMs !== null && message.changedAtMs >= beforeMs)) continue;
        going.push(message);
        gone.deliveries += message.deliveries;
        if (message.deliveries === 0) gone.undelivered += 1;
      }
      if (going.length > 0) progress(removeMessages(connection.writer, going));
      afterSeq = found.at(-1)?.seq ?? afterSeq;
      isMore = !isEnough() && found.some(({ createdAtMs }) => beforeMs === null || createdAtMs < beforeMs);
      return found.length;
    });
  return gone.deliveries + gone.undelivered;
}

/** Removes captures and bins that were deleted before a time; until then they could be restored. */
function takeRemoved(deps: CleanUpDeps, beforeMs: number): number {
  const { connection, progress } = deps;
  const { writer } = connection;
  const stepper = createStepper(deps);
  let gone = 0;
  for (const remove of [removeRemoved, removeCapturesOfRemovedBins])
    for (let isMore = true; isMore;)
      stepper.write((limit) => {
        const count = remove(writer, beforeMs, limit);
        if (count > 0) progress({ captures: count });
        gone += count;
        isMore = count > 0;
        return count;
      });
  stepper.write(() => {
    removeRemovedBins(writer, beforeMs);
    return 1;
  });
  return gone;
}

/** Removes refused requests by age. There are always few. */
function takeRefused(deps: CleanUpDeps, cut: { readonly removedBeforeMs: number; readonly beforeMs: number | null }): void {
  createStepper(deps).write(() => dropRefused(deps.connection.writer, cut));
}

interface CaptureCut {
  readonly beforeMs: number | null;
  readonly captures: number;
}

/** Removes the oldest captures; returns how many. */
function takeCaptures(deps: CleanUpDeps, { beforeMs, captures }: CaptureCut): number {
  const { connection, progress } = deps;
  const stepper = createStepper(deps);
  let afterSeq = 0;
  let gone = 0;
  for (let isMore = captures > 0; isMore;)
    stepper.write((limit) => {
      const found = nextCaptures(connection, afterSeq, Math.min(limit, captures - gone));
      const going = found.filter(({ receivedAtMs }) => beforeMs === null || receivedAtMs < beforeMs).map(({ seq }) => seq);
      if (going.length > 0) progress({ captures: removeCaptures(connection.writer, going) });
      gone += going.length;
      afterSeq = found.at(-1)?.seq ?? afterSeq;
      isMore = going.length > 0 && gone < captures;
      return found.length;
    });
  return gone;
}

/** Removes the oldest captures, including deleted ones that could be restored, until the rest fits; returns how many. */
function takeCaptureBytes(deps: CleanUpDeps, keepCaptureBytes: number | null): number {
  const { connection, progress } = deps;
  const stepper = createStepper(deps);
  const excess = () => excessOf(captureBytes(connection), keepCaptureBytes);
  let gone = 0;
  for (let isMore = excess() > 0; isMore;)
    stepper.write((limit) => {
      const going = firstOfBytes(nextSizedCaptures(connection, 0, limit), excess());
      if (going.length > 0)
        progress({
          captures: removeCaptures(
            connection.writer,
            going.map(({ seq }) => seq),
          ),
        });
      gone += going.length;
      isMore = going.length > 0;
      return going.length;
    });
  return gone;
}

/** Removes the oldest messages and captures until the rest fits; how much room a row took is only known once its body is removed. */
function fitInto(deps: CleanUpDeps, keepBytes: number): void {
  const { connection } = deps;
  for (let round = 0; round < sizeRounds; round += 1) {
    const { usedBytes } = fileState(connection);
    if (usedBytes <= keepBytes) return;
    const share = 1 - keepBytes / usedBytes;
    const part = (rows: number) => Math.ceil(rows * share);
    const gone =
      takeMessages(deps, {
        beforeMs: null,
        deliveries: part(countRows(connection, 'deliveries')),
        undelivered: part(countUndelivered(connection)),
      }) + takeCaptures(deps, { beforeMs: null, captures: part(countCaptures(connection)) });
    if (gone === 0) return;
    sweepBodies(deps);
  }
}

/** How many pages stay free for the next writes: moving pages just to grow the file again would be wasted work. */
const sparePages = 256;

/** Gives free pages at the end of the file back to the disk, and moves others there. Needs a file with incremental vacuum. */
function returnSpace(deps: CleanUpDeps): void {
  const { connection, progress } = deps;
  if (!fileState(connection).canShrink) return;
  progress({ phase: 'returning_space' });
  const stepper = createStepper(deps);
  for (let isMore = true; isMore;)
    stepper.write((limit) => {
      const before = fileState(connection);
      const pages = Math.min(limit, before.freePages - sparePages);
      if (pages > 0) connection.sqlite.pragma(`incremental_vacuum(${pages})`);
      const returned = before.pages - fileState(connection).pages;
      progress({ returnedBytes: returned * before.pageBytes });
      isMore = returned > 0;
      return returned;
    });
}
