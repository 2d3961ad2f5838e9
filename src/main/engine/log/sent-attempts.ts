import type { Database } from '../store/database.ts';
import { firstSeqFrom } from '../store/seq-by-time.ts';

type Rows = Pick<Database, 'values' | 'raw'>;

/** What an attempt sent, with the message and delivery that it belongs to. */
export interface SentAttempt {
  readonly seq: number;
  readonly id: string;
  readonly number: number;
  readonly deliveryId: string;
  readonly messageId: string;
  readonly method: string;
  /** With secrets masked, as the log keeps it. */
  readonly url: string;
  /** Header fields as JSON, with secrets masked. */
  readonly headersJson: string;
  readonly signatureJson: string | null;
  readonly bodyHash: Uint8Array | null;
  readonly bodyBytes: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** The capture that it brings as a forward or replay, or null. */
  readonly sourceCaptureId: string | null;
  /** The relay that forwarded it, or null. */
  readonly relayId: string | null;
}

const selectSql = `SELECT a.seq AS seq, a.id AS id, a.number AS number, a.delivery_id AS deliveryId, d.message_id AS messageId, a.method AS method,
    a.url AS url, a.request_headers_json AS headersJson, a.signature_json AS signatureJson, a.request_body_hash AS bodyHash,
    a.request_body_bytes AS bodyBytes, a.started_at_ms AS startedAtMs, a.ended_at_ms AS endedAtMs,
    m.source_capture_id AS sourceCaptureId, m.relay_id AS relayId
  FROM attempts AS a JOIN deliveries AS d ON d.id = a.delivery_id LEFT JOIN messages AS m ON m.id = d.message_id`;

/** One attempt, or undefined. */
export function sentAttempt(reader: Rows, id: string): SentAttempt | undefined {
  return reader.raw<SentAttempt>(`${selectSql} WHERE a.id = ?`, [id])[0];
}

/** The last attempt of a delivery that ended, or undefined. */
export function lastSentAttempt(reader: Rows, deliveryId: string): SentAttempt | undefined {
  return reader.raw<SentAttempt>(`${selectSql} WHERE a.delivery_id = ? ORDER BY a.number DESC LIMIT 1`, [deliveryId])[0];
}

/** The newest attempts of the deliveries with one of these ids, and of the messages with one of them. */
export function attemptsWithIds(reader: Rows, ids: readonly string[], limit: number): readonly SentAttempt[] {
  if (ids.length === 0) return [];
  const json = JSON.stringify(ids);
  return reader.raw<SentAttempt>(
    `${selectSql} WHERE a.delivery_id IN (
       SELECT id FROM deliveries WHERE id IN (SELECT value FROM json_each(?))
       UNION SELECT id FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?)))
     ORDER BY a.seq DESC LIMIT ?`,
    [json, json, limit],
  );
}

const byEnd = {
  nextSql: 'SELECT seq, ended_at_ms FROM attempts WHERE seq >= ? ORDER BY seq LIMIT 1',
  newestSql: 'SELECT max(seq) FROM attempts',
};

/**
 * Attempts that ended within a span: the oldest of them first, or the newest. Rows are in the order in which attempts ended, so the ends
 * of the span are found by halving.
 */
export function attemptsEnded(
  reader: Rows,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  { limit, order }: { readonly limit: number; readonly order: 'ASC' | 'DESC' },
): readonly SentAttempt[] {
  return reader.raw<SentAttempt>(`${selectSql} WHERE a.seq >= ? AND a.seq < ? ORDER BY a.seq ${order} LIMIT ?`, [
    firstSeqFrom(reader, byEnd, fromMs),
    firstSeqFrom(reader, byEnd, toMs),
    limit,
  ]);
}
