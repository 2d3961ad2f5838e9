import type { Connection } from '../store/connection.ts';
import { captureBytesSql } from './store.ts';
import { ofLiveBinSql } from './bin-store.ts';

/** SQL that removes captures. Written by hand: it goes over the whole table in small steps, in order of the row numbers. */
type Reader = Pick<Connection, 'raw' | 'values'>;
type Writer = Connection['writer'];

/** A capture with its age. */
export interface CaptureFound {
  readonly seq: number;
  readonly receivedAtMs: number;
}

/** Captures that are not deleted, individually or with their bin. */
const keptCapturesSql = `${ofLiveBinSql('bin_id')} AND removed_at_ms IS NULL`;

/** The next captures after a row that a clean-up may take, oldest first: those that are pinned stay. */
export function nextCaptures(reader: Reader, afterSeq: number, limit: number): readonly CaptureFound[] {
  return reader.raw(
    `SELECT seq, received_at_ms AS receivedAtMs FROM captures WHERE seq > ? AND is_pinned = 0 AND ${keptCapturesSql} ORDER BY seq LIMIT ?`,
    [afterSeq, limit],
  );
}

/** A capture with what it takes up. */
export interface SizedCapture {
  readonly seq: number;
  readonly bytes: number;
  /** 1 for one that was deleted and can still be restored. */
  readonly isRemoved: number;
}

const sizedCapturesSql = `SELECT seq, ${captureBytesSql} AS bytes, removed_at_ms IS NOT NULL AS isRemoved FROM captures WHERE seq > ? AND seq < (SELECT max(seq) FROM captures) AND (is_pinned = 0 OR removed_at_ms IS NOT NULL) ORDER BY seq LIMIT ?`;

/** The next captures after a row with what they take up, oldest first, those that were deleted included; the newest always stays. */
export function nextSizedCaptures(reader: Reader, afterSeq: number, limit: number): readonly SizedCapture[] {
  return reader.raw(sizedCapturesSql, [afterSeq, limit]);
}

/** The first of these captures that together take up so many bytes; all of them if they take up less. */
export function firstOfBytes(captures: readonly SizedCapture[], bytes: number): readonly SizedCapture[] {
  let sum = 0;
  const end = captures.findIndex((capture) => (sum += capture.bytes) >= bytes);
  return bytes <= 0 ? [] : end === -1 ? captures : captures.slice(0, end + 1);
}

/** How many captures were deleted, by themselves or with their bin, and can still be restored. */
export function countRemoved(reader: Reader): number {
  const byThemselves = 'SELECT count(*) FROM captures WHERE removed_at_ms IS NOT NULL';
  const withTheirBin =
    'SELECT count(*) FROM captures WHERE removed_at_ms IS NULL AND bin_id IN (SELECT id FROM bins WHERE removed_at_ms IS NOT NULL)';
  return reader.raw<{ readonly n: number }>(`SELECT (${byThemselves}) + (${withTheirBin}) AS n`, [])[0]?.n ?? 0;
}

/** Removes captures that were deleted before a time and can no longer be restored; returns how many. */
export function removeRemoved(writer: Writer, beforeMs: number, limit: number): number {
  return writer.runRaw('DELETE FROM captures WHERE seq IN (SELECT seq FROM captures WHERE removed_at_ms < ? LIMIT ?)', [beforeMs, limit]);
}

/** Removes captures of bins that were deleted before a time; returns how many. */
export function removeCapturesOfRemovedBins(writer: Writer, beforeMs: number, limit: number): number {
  const ofThose = 'SELECT seq FROM captures WHERE bin_id IN (SELECT id FROM bins WHERE removed_at_ms < ?) LIMIT ?';
  return writer.runRaw(`DELETE FROM captures WHERE seq IN (${ofThose})`, [beforeMs, limit]);
}

/** Removes bins that were deleted before a time and have no captures any more. */
export function removeRemovedBins(writer: Writer, beforeMs: number): void {
  writer.runRaw('DELETE FROM bins WHERE removed_at_ms < ? AND NOT EXISTS (SELECT 1 FROM captures WHERE bin_id = bins.id)', [beforeMs]);
}

/** Deletes captures by their row numbers; returns how many. */
export function removeCaptures(writer: Writer, seqs: readonly number[]): number {
  return writer.runRaw('DELETE FROM captures WHERE seq IN (SELECT value FROM json_each(?))', [JSON.stringify(seqs)]);
}

/** The next rows after one with the hash of the body that each refers to. */
export const captureBodiesSql = 'SELECT seq, body_hash AS h0 FROM captures WHERE seq > ? ORDER BY seq LIMIT ?';

/** How many captures there are, those that were deleted left out. */
export function countCaptures(reader: Reader): number {
  return reader.values<[number]>(`SELECT count(*) FROM captures WHERE ${keptCapturesSql}`, [])[0]?.[0] ?? 0;
}

/** When the first of them was received; null when there are none. */
export function oldestCaptureAtMs(reader: Reader): number | null {
  return reader.values<[number]>(`SELECT received_at_ms FROM captures WHERE ${keptCapturesSql} ORDER BY seq LIMIT 1`, [])[0]?.[0] ?? null;
}
