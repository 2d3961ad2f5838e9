import type { Database } from '../store/database.ts';

type Rows = Pick<Database, 'raw'>;

/** A message that a relay made of a capture. */
export interface RelayedMessage {
  readonly seq: number;
  readonly id: string;
  readonly captureId: string;
  readonly createdAtMs: number;
}

/** Messages of a relay, newest first. */
export function relayedMessages(
  reader: Rows,
  { relayId, beforeSeq, limit }: { readonly relayId: string; readonly beforeSeq: number; readonly limit: number },
): readonly RelayedMessage[] {
  return reader.raw<RelayedMessage>(
    `SELECT seq, id, source_capture_id AS captureId, created_at_ms AS createdAtMs FROM messages
     WHERE relay_id = ? AND seq < ? AND source_capture_id IS NOT NULL ORDER BY seq DESC LIMIT ?`,
    [relayId, beforeSeq, limit],
  );
}

/** What an attempt got back. */
export interface AnsweredAttempt {
  readonly id: string;
  readonly deliveryId: string;
  readonly method: string;
  /** With secrets masked. */
  readonly url: string;
  readonly outcomeCode: string;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly headersJson: string | null;
  /** Null for an empty body, and for one that is not kept any more. */
  readonly bodyHash: Uint8Array | null;
  readonly bodyBytes: number;
  readonly isTruncated: number;
}

/** The last attempt for a message that ended; undefined where none did. */
export function lastAnswerTo(reader: Rows, messageId: string): AnsweredAttempt | undefined {
  return reader.raw<AnsweredAttempt>(
    `SELECT a.id AS id, a.delivery_id AS deliveryId, a.method AS method, a.url AS url, a.outcome_code AS outcomeCode, a.status AS status,
       a.duration_ms AS durationMs, a.response_headers_json AS headersJson, a.response_body_hash AS bodyHash,
       coalesce(a.response_body_bytes, 0) AS bodyBytes, a.is_response_truncated AS isTruncated
     FROM deliveries AS d JOIN attempts AS a ON a.delivery_id = d.id
     WHERE d.message_id = ? AND a.ended_at_ms IS NOT NULL ORDER BY a.number DESC LIMIT 1`,
    [messageId],
  )[0];
}
