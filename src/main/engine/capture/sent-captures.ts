import type { Database } from '../store/database.ts';
import { ofLiveBinSql } from './bin-store.ts';

/** A capture with what sending it on needs. */
export interface SentCapture {
  readonly seq: number;
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly headersJson: string;
  /** How it came in, where that was not over plain HTTP by the path. */
  readonly arrivalJson: string | null;
  readonly verdict: string | null;
  /** The id that its sender gave the event; null without one. */
  readonly messageId: string | null;
  readonly isBodyTruncated: number;
  readonly receivedAtMs: number;
  readonly bodyHash: Uint8Array;
  readonly bodyBytes: number;
  /** Null for a body of more than `inlineBytes`. */
  readonly body: Uint8Array | null;
}

/** The number of the newest capture, 0 without any. */
export function newestCaptureSeq(reader: Pick<Database, 'values'>): number {
  return reader.values<[number | null]>('SELECT max(seq) FROM captures', [])[0]?.[0] ?? 0;
}

/** Captures of a range, oldest first: those of a bin, or those with these numbers. */
export function capturesInRange(
  reader: Pick<Database, 'raw'>,
  { binId, seqs }: { readonly binId: string | undefined; readonly seqs: readonly number[] | null },
  page: { readonly afterSeq: number; readonly uptoSeq: number; readonly limit: number; readonly inlineBytes: number },
): readonly SentCapture[] {
  const conditions: readonly (readonly [string, unknown])[] = [
    ['c.seq > ?', page.afterSeq],
    ['c.seq <= ?', page.uptoSeq],
    ...(binId === undefined ? [] : [['c.bin_id = ?', binId] as const]),
    ...(seqs === null ? [] : [['c.seq IN (SELECT value FROM json_each(?))', JSON.stringify(seqs)] as const]),
  ];
  return reader.raw<SentCapture>(
    `SELECT c.seq AS seq, c.id AS id, c.method AS method, c.target AS target, c.headers_json AS headersJson, c.arrival_json AS arrivalJson, c.verdict AS verdict,
       c.message_id AS messageId, c.is_body_truncated AS isBodyTruncated, c.received_at_ms AS receivedAtMs, c.body_hash AS bodyHash, c.body_bytes AS bodyBytes,
       CASE WHEN b.size <= ? THEN b.bytes END AS body
     FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash
     WHERE c.removed_at_ms IS NULL AND ${ofLiveBinSql('c.bin_id')} AND ${conditions.map(([sql]) => sql).join(' AND ')}
     ORDER BY c.seq LIMIT ?`,
    [page.inlineBytes, ...conditions.map(([, value]) => value), page.limit],
  );
}
