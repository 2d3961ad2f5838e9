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
