import type { Database } from '../store/database.ts';
import { ofLiveBinSql } from './bin-store.ts';

/** SQL on captures in the order in which they came, for those who follow them from elsewhere. */

/** A capture as a follower is told it. */
export interface StreamedCapture {
  readonly seq: number;
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly headersJson: string;
  /** How it came in, where that was not over plain HTTP by the path. */
  readonly arrivalJson: string | null;
  readonly trailersJson: string;
  readonly isBodyTruncated: number;
  readonly remoteAddress: string;
  readonly status: number;
  readonly receivedAtMs: number;
  /** JSON on the source that brought it, or null. */
  readonly sourceJson: string | null;
  readonly bodyHash: Uint8Array;
  readonly bodyBytes: number;
  /** Null for a body of more than `inlineBytes`. */
  readonly body: Uint8Array | null;
}

/** How far a follower has come: a capture that it has, of whichever bin; null before the first. */
export type StreamPosition = { readonly seq: number; readonly id: string } | null;

/** Captures of a bin after a row, oldest first. */
export function capturesAfter(
  reader: Pick<Database, 'raw'>,
  binId: string,
  page: { readonly afterSeq: number; readonly limit: number; readonly inlineBytes: number },
): readonly StreamedCapture[] {
  return reader.raw<StreamedCapture>(
    `SELECT c.seq AS seq, c.id AS id, c.method AS method, c.target AS target, c.http_version AS httpVersion,
       c.headers_json AS headersJson, c.arrival_json AS arrivalJson, c.trailers_json AS trailersJson, c.is_body_truncated AS isBodyTruncated,
       c.remote_address AS remoteAddress, c.status AS status, c.received_at_ms AS receivedAtMs, c.source_json AS sourceJson, c.body_hash AS bodyHash,
       c.body_bytes AS bodyBytes, CASE WHEN b.size <= ? THEN b.bytes END AS body
     FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash
     WHERE c.bin_id = ? AND c.removed_at_ms IS NULL AND ${ofLiveBinSql('c.bin_id')} AND c.seq > ? ORDER BY c.seq LIMIT ?`,
    [page.inlineBytes, binId, page.afterSeq, page.limit],
  );
}

/** The newest capture of all bins; null without any. */
export function newestPosition(reader: Pick<Database, 'raw'>): StreamPosition {
  return reader.raw<{ readonly seq: number; readonly id: string }>('SELECT seq, id FROM captures ORDER BY seq DESC LIMIT 1', [])[0] ?? null;
}

/** The last capture before a number, of whichever bin; null without any. */
export function positionBefore(reader: Pick<Database, 'raw'>, seq: number): StreamPosition {
  const sql = 'SELECT seq, id FROM captures WHERE seq < ? ORDER BY seq DESC LIMIT 1';
  return reader.raw<{ readonly seq: number; readonly id: string }>(sql, [seq])[0] ?? null;
}

/** After which row a follower goes on. */
export interface Resumed {
  readonly afterSeq: number;
  /** Whether the capture that it has is gone, so that others after it may be gone too. */
  readonly isGone: boolean;
}

/**
 * Where a follower goes on. Numbers are used again after the newest captures were deleted: where its number is not that of its capture
 * any more, it goes on before the first capture that was made later, which may repeat some and leaves none out.
 */
export function resumeAfter(reader: Pick<Database, 'raw'>, position: StreamPosition): Resumed {
  if (position === null) return { afterSeq: 0, isGone: false };
  const at = reader.raw<{ readonly id: string }>('SELECT id FROM captures WHERE seq = ?', [position.seq])[0];
  if (at?.id === position.id) return { afterSeq: position.seq, isGone: false };
  const later = reader.raw<{ readonly seq: number }>('SELECT seq FROM captures WHERE id > ? ORDER BY id LIMIT 1', [position.id])[0];
  const newest = newestPosition(reader)?.seq ?? 0;
  return { afterSeq: Math.min(position.seq, newest, (later?.seq ?? position.seq + 1) - 1), isGone: true };
}
