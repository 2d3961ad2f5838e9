import { addRelayCount, seqOfCapture, settleOwed } from '../capture/outbox.ts';
import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { insertDelivery, newDelivery } from './deliveries.ts';
import { insertMessage, isMessageKnown } from './messages.ts';

/** One capture on its way to one target: a message with one delivery, whose body is that of the capture. */
export interface Forward {
  readonly messageId: string;
  readonly eventType: string;
  /** As `packHead` writes it. */
  readonly head: Uint8Array;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly maxAttempts: number;
  readonly environmentId: string | null;
  /** Of the attempt that the delivery is claimed for as it is written; null for one that is due. */
  readonly attemptId: string | null;
}

/** A capture that a relay is done with. */
export interface ForwardedCapture {
  readonly captureId: string;
  /** Null for one whose own write was asked for right before. */
  readonly captureSeq: number | null;
  readonly forwards: readonly Forward[];
  /** Why it did not go on, or only in part; empty when it went everywhere. */
  readonly skips: readonly string[];
}

/** A list, since field names would cost as much as the values on their way from the writer thread. */
export type MadeDelivery = readonly [id: string, seq: number];

export interface ForwardOrder {
  readonly relayId: string;
  readonly captures: readonly ForwardedCapture[];
  readonly nowMs: number;
}

/**
 * Makes the deliveries of some captures, and settles these captures, in one transaction: each is forwarded once, whenever the process
 * ends. Returns the deliveries made.
 */
function insertForwards(writer: Writer, { relayId, captures, nowMs }: ForwardOrder): readonly MadeDelivery[] {
  const made: MadeDelivery[] = [];
  for (const { captureId, captureSeq, forwards, skips } of captures) {
    const seq = captureSeq ?? seqOfCapture(writer, captureId);
    const bodyHash = seq === null ? null : settleOwed(writer, relayId, seq);
    if (bodyHash === null) continue;
    for (const forward of forwards) {
      const deliverySeq = insertForward(writer, relayId, forward, { captureId, bodyHash, nowMs });
      if (deliverySeq !== null) made.push([forward.deliveryId, deliverySeq]);
    }
    if (forwards.length > 0) addRelayCount(writer, relayId, { targetId: '', outcome: 'forwarded', count: 1 });
    for (const outcome of skips) addRelayCount(writer, relayId, { targetId: '', outcome, count: 1 });
  }
  return made;
}

export const forwardWrite = hotWrite('forward', insertForwards);

/** The endpoints that a relay forwarded a capture to, as far as the log still has that. */
export function forwardedBy(
  reader: Pick<Database, 'values'>,
  { captureId, relayId }: { readonly captureId: string; readonly relayId: string },
): readonly string[] {
  // The plus sign keeps SQLite from going over all messages of the relay: those of one capture are few.
  const sql = `SELECT DISTINCT d.endpoint_id FROM messages AS m JOIN deliveries AS d ON d.message_id = m.id
    WHERE m.source_capture_id = ? AND +m.relay_id = ?`;
  return reader.values<[string]>(sql, [captureId, relayId]).map(([id]) => id);
}

function insertForward(
  writer: Writer,
  relayId: string,
  { messageId, eventType, head, endpointId, deliveryId, maxAttempts, environmentId, attemptId }: Forward,
  { captureId, bodyHash, nowMs }: { readonly captureId: string; readonly bodyHash: Uint8Array; readonly nowMs: number },
): number | null {
  // Its id says which capture went where by which relay, so it is in the log once at most, even in a file put back from a copy.
  if (isMessageKnown(writer, messageId)) return null;
  const headHash = writer.putBody(head);
  insertMessage(writer, {
    id: messageId,
    event_type: eventType,
    data_json: '{}',
    is_batch: 0,
    body_hash: bodyHash,
    head_hash: headHash,
    source_capture_id: captureId,
    relay_id: relayId,
    created_at_ms: nowMs,
  });
  const made = { id: deliveryId, messageId, endpointId, eventType, problem: null, maxAttempts, environmentId, nowMs, isTest: false };
  const seq = insertDelivery(writer, { ...newDelivery(made), body_hash: bodyHash, head_hash: headHash }, attemptId);
  addRelayCount(writer, relayId, { targetId: endpointId, outcome: 'forwarded', count: 1 });
  return seq;
}
