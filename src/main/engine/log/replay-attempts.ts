import type { Database } from '../store/database.ts';

/** A delivery of a replay with its last attempts before and since. */
export interface ReplayedDelivery {
  readonly seq: number;
  readonly id: string;
  readonly endpointId: string;
  readonly endpointName: string;
  readonly eventType: string;
  /** How many attempts it had before; null where that was not noted. */
  readonly attemptsBefore: number | null;
  readonly beforeId: string | null;
  readonly beforeNumber: number | null;
  readonly beforeCode: string | null;
  readonly beforeStatus: number | null;
  readonly afterId: string | null;
  readonly afterNumber: number | null;
  readonly afterCode: string | null;
  readonly afterStatus: number | null;
}

/**
 * Deliveries of a replay behind a row, oldest first. An attempt that is under way has no outcome, and one that was interrupted
 * says nothing of the receiver: neither is looked at.
 */
export function replayedDeliveries(
  reader: Pick<Database, 'raw'>,
  replaySeq: number,
  page: { readonly afterSeq: number; readonly limit: number },
): readonly ReplayedDelivery[] {
  return reader.raw(
    `SELECT d.seq AS seq, d.id AS id, d.endpoint_id AS endpointId, e.name AS endpointName, d.event_type AS eventType,
       i.attempts_before AS attemptsBefore,
       b.id AS beforeId, b.number AS beforeNumber, b.outcome_code AS beforeCode, b.status AS beforeStatus,
       a.id AS afterId, a.number AS afterNumber, a.outcome_code AS afterCode, a.status AS afterStatus
     FROM (SELECT delivery_seq, attempts_before FROM replay_items WHERE replay_seq = ? AND delivery_seq > ? ORDER BY delivery_seq LIMIT ?) AS i
     JOIN deliveries AS d ON d.seq = i.delivery_seq
     JOIN endpoints AS e ON e.id = d.endpoint_id
     LEFT JOIN attempts AS b ON b.seq = (
       SELECT seq FROM attempts WHERE delivery_id = d.id AND number <= i.attempts_before AND outcome_code <> 'interrupted' ORDER BY number DESC LIMIT 1)
     LEFT JOIN attempts AS a ON a.seq = (
       SELECT seq FROM attempts WHERE delivery_id = d.id AND number > i.attempts_before AND outcome_code <> 'interrupted' ORDER BY number DESC LIMIT 1)
     ORDER BY d.seq`,
    [replaySeq, page.afterSeq, page.limit],
  );
}
