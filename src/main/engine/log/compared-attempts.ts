import type { Database } from '../store/database.ts';

type Rows = Pick<Database, 'raw'>;

/** What an attempt came to, beside what it sent. */
export interface AttemptResult {
  readonly eventType: string;
  readonly endpointId: string;
  readonly endpointName: string | null;
  readonly outcomeJson: string | null;
  readonly status: number | null;
  readonly reason: string | null;
  readonly answerHeadersJson: string | null;
  /** Null for an empty body, and for one that is not kept any more. */
  readonly answerBodyHash: Uint8Array | null;
  readonly answerBodyBytes: number;
  readonly isAnswerTruncated: number;
  readonly timingsJson: string | null;
  readonly connectionJson: string | null;
}

/** What an attempt that ended came to, or undefined. */
export function attemptResult(reader: Rows, id: string): AttemptResult | undefined {
  return reader.raw<AttemptResult>(
    `SELECT d.event_type AS eventType, coalesce(e.test_of, d.endpoint_id) AS endpointId, e.name AS endpointName, a.outcome_json AS outcomeJson,
       a.status AS status, a.reason AS reason, a.response_headers_json AS answerHeadersJson, a.response_body_hash AS answerBodyHash,
       coalesce(a.response_body_bytes, 0) AS answerBodyBytes, a.is_response_truncated AS isAnswerTruncated,
       a.timings_json AS timingsJson, a.connection_json AS connectionJson
     FROM attempts AS a JOIN deliveries AS d ON d.id = a.delivery_id LEFT JOIN endpoints AS e ON e.id = d.endpoint_id WHERE a.id = ?`,
    [id],
  )[0];
}

/** The id of the attempt of a delivery that comes before or after a number; undefined where none ended. */
export function neighbourAttempt(
  reader: Rows,
  { deliveryId, number }: { readonly deliveryId: string; readonly number: number },
  side: 'before' | 'after',
): string | undefined {
  const [sign, order] = side === 'before' ? ['<', 'DESC'] : ['>', 'ASC'];
  const sql = `SELECT id FROM attempts WHERE delivery_id = ? AND number ${sign} ? ORDER BY number ${order} LIMIT 1`;
  return reader.raw<{ readonly id: string }>(sql, [deliveryId, number])[0]?.id;
}

/** Deliveries of an endpoint that are looked at for its last success. */
const lookedDeliveries = 10_000;

/** The id of the newest delivered delivery of an endpoint beside one of its deliveries, one of the same event type before others. */
export function lastSuccess(reader: Rows, deliveryId: string): string | undefined {
  const [own] = reader.raw<{ readonly endpointId: string; readonly eventType: string }>(
    'SELECT endpoint_id AS endpointId, event_type AS eventType FROM deliveries WHERE id = ?',
    [deliveryId],
  );
  if (own === undefined) return undefined;
  return reader.raw<{ readonly id: string }>(
    `SELECT id FROM (SELECT id, seq, status, event_type FROM deliveries WHERE endpoint_id = ? ORDER BY seq DESC LIMIT ${lookedDeliveries})
     WHERE status = 'delivered' AND id <> ? ORDER BY event_type = ? DESC, seq DESC LIMIT 1`,
    [own.endpointId, deliveryId, own.eventType],
  )[0]?.id;
}

/** Why an attempt, or any attempt of a delivery, has no row: it is still under way, or the delivery has made none. */
export function whyNoAttempt(reader: Rows, { kind, id }: { readonly kind: 'attempt' | 'delivery'; readonly id: string }) {
  const column = kind === 'attempt' ? 'in_flight_attempt_id' : 'id';
  const row = reader.raw<{ readonly isInFlight: number }>(
    `SELECT in_flight_attempt_id IS NOT NULL AS isInFlight FROM deliveries WHERE ${column} = ?`,
    [id],
  )[0];
  if (row === undefined) return 'none';
  return row.isInFlight === 1 ? 'under way' : 'not begun';
}
