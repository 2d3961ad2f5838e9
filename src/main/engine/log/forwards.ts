import { addRelayCount, settleOwed } from '../capture/outbox.ts';
import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { insertDelivery, type NewDelivery } from './deliveries.ts';
import { findMessage, insertMessage } from './messages.ts';

/** One capture on its way to one target: a message with one delivery, whose body is that of the capture. */
export interface Forward {
  readonly messageId: string;
  readonly captureId: string;
  readonly eventType: string;
  /** As `packHead` writes it. */
  readonly head: Uint8Array;
  readonly targetId: string;
  readonly delivery: Omit<NewDelivery, 'body_hash' | 'head_hash'>;
}

/** A capture that a relay is done with. */
export interface ForwardedCapture {
  readonly captureSeq: number;
  readonly forwards: readonly Forward[];
  /** Why it did not go on, or only in part; empty when it went everywhere. */
  readonly skips: readonly string[];
}

export interface ForwardOrder {
  readonly relayId: string;
  readonly captures: readonly ForwardedCapture[];
  readonly nowMs: number;
}

/**
 * Makes the deliveries of some captures, and settles these captures, in one transaction: each is forwarded once, whenever the process
 * ends. Returns the ids of the deliveries made.
 */
export function insertForwards(writer: Writer, { relayId, captures, nowMs }: ForwardOrder): readonly string[] {
  const made: string[] = [];
  for (const { captureSeq, forwards, skips } of captures) {
    const bodyHash = settleOwed(writer, relayId, captureSeq);
    if (bodyHash === null) continue;
    for (const forward of forwards) if (insertForward(writer, relayId, forward, { bodyHash, nowMs })) made.push(forward.delivery.id);
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
  { messageId, captureId, eventType, head, targetId, delivery }: Forward,
  { bodyHash, nowMs }: { readonly bodyHash: Uint8Array; readonly nowMs: number },
): boolean {
  // Its id says which capture went where by which relay, so it is in the log once at most, even in a file put back from a copy.
  if (findMessage(writer, writer, messageId) !== undefined) return false;
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
  insertDelivery(writer, { ...delivery, body_hash: bodyHash, head_hash: headHash });
  addRelayCount(writer, relayId, { targetId, outcome: 'forwarded', count: 1 });
  return true;
}
