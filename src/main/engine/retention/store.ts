import { captureBytesSql, ofLiveBinSql } from '../capture/store.ts';
import type { Connection } from '../store/connection.ts';

/** SQL of the retention. Written by hand: it goes over whole tables in small steps, in order of the row numbers. */
type Reader = Pick<Connection, 'raw'>;
type Writer = Connection['writer'];

/** Rows with a higher number are still to be processed by a replay under way. */
export interface ReplayNeeds {
  readonly deliveriesAfter: number;
  readonly messagesAfter: number;
}

const everything = Number.MAX_SAFE_INTEGER;

/** A paused replay may be resumed, so it needs its rows as well. */
export function replayNeeds(reader: Reader): ReplayNeeds {
  const open = reader.raw<{ readonly kind: string; readonly afterSeq: number }>(
    "SELECT source_json ->> '$.kind' AS kind, after_seq AS afterSeq FROM replays WHERE status IN ('running', 'paused')",
    [],
  );
  const lowest = (isMissing: boolean) =>
    Math.min(everything, ...open.filter(({ kind }) => (kind === 'missing') === isMissing).map(({ afterSeq }) => afterSeq));
  return { deliveriesAfter: lowest(false), messagesAfter: lowest(true) };
}

/** A message with what decides whether it may be removed. */
export interface MessageFound {
  readonly seq: number;
  readonly id: string;
  readonly createdAtMs: number;
  /** When anything of it last changed. */
  readonly changedAtMs: number;
  readonly deliveries: number;
  /** 1 when one of its deliveries is not final, or a replay under way needs it. */
  readonly isNeeded: number;
}

const nextMessagesSql = `SELECT m.seq AS seq, m.id AS id, m.created_at_ms AS createdAtMs, max(m.created_at_ms, coalesce(max(d.updated_at_ms), 0)) AS changedAtMs,
  count(d.seq) AS deliveries,
  max(m.seq > ?, coalesce(max(d.due_at_ms IS NOT NULL OR d.in_flight_attempt_id IS NOT NULL OR d.status IN ('pending', 'failed') OR d.seq > ?), 0)) AS isNeeded
  FROM (SELECT seq, id, created_at_ms FROM messages WHERE seq > ? ORDER BY seq LIMIT ?) AS m LEFT JOIN deliveries AS d ON d.message_id = m.id
  GROUP BY m.seq ORDER BY m.seq`;

/** The next messages after a row, oldest first. */
export function nextMessages(reader: Reader, afterSeq: number, limit: number): readonly MessageFound[] {
  const needs = replayNeeds(reader);
  return reader.raw(nextMessagesSql, [needs.messagesAfter, needs.deliveriesAfter, afterSeq, limit]);
}

export interface RemovedRows {
  readonly messages: number;
  readonly deliveries: number;
  readonly attempts: number;
}

const ofMessages = 'SELECT id FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?))';

/** Removes messages with their deliveries and attempts, and their one-off targets. */
export function removeMessages(writer: Writer, messages: readonly Pick<MessageFound, 'seq' | 'id'>[]): RemovedRows {
  const ids = JSON.stringify(messages.map(({ id }) => id));
  const targets = writer.raw<{ readonly id: string }>(
    'SELECT DISTINCT e.id AS id FROM endpoints AS e JOIN deliveries AS d ON d.endpoint_id = e.id WHERE e.is_one_off = 1 AND d.message_id IN (SELECT value FROM json_each(?))',
    [ids],
  );
  writer.runRaw(
    'DELETE FROM replay_items WHERE delivery_seq IN (SELECT seq FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?)))',
    [ids],
  );
  const attempts = writer.runRaw(`DELETE FROM attempts WHERE delivery_id IN (${ofMessages})`, [ids]);
  const deliveries = writer.runRaw('DELETE FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?))', [ids]);
  const seqs = JSON.stringify(messages.map(({ seq }) => seq));
  const gone = writer.runRaw('DELETE FROM messages WHERE seq IN (SELECT value FROM json_each(?))', [seqs]);
  if (targets.length > 0)
    writer.runRaw(
      'DELETE FROM endpoints WHERE id IN (SELECT value FROM json_each(?)) AND is_one_off = 1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE endpoint_id = endpoints.id)',
      [JSON.stringify(targets.map(({ id }) => id))],
    );
  return { messages: gone, deliveries, attempts };
}

export interface CaptureFound {
  readonly seq: number;
  readonly receivedAtMs: number;
}

/** Captures that are not deleted, individually or with their bin. */
const keptCapturesSql = `${ofLiveBinSql('bin_id')} AND removed_at_ms IS NULL`;

/** The next captures after a row, oldest first. */
export function nextCaptures(reader: Reader, afterSeq: number, limit: number): readonly CaptureFound[] {
  return reader.raw(`SELECT seq, received_at_ms AS receivedAtMs FROM captures WHERE seq > ? AND ${keptCapturesSql} ORDER BY seq LIMIT ?`, [
    afterSeq,
    limit,
  ]);
}

/** A capture with what it takes up. */
export interface SizedCapture {
  readonly seq: number;
  readonly bytes: number;
  /** 1 for one that was deleted and can still be restored. */
  readonly isRemoved: number;
}

const sizedCapturesSql = `SELECT seq, ${captureBytesSql} AS bytes, removed_at_ms IS NOT NULL AS isRemoved FROM captures WHERE seq > ? AND seq < (SELECT max(seq) FROM captures) ORDER BY seq LIMIT ?`;

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

export function removeCaptures(writer: Writer, seqs: readonly number[]): number {
  return writer.runRaw('DELETE FROM captures WHERE seq IN (SELECT value FROM json_each(?))', [JSON.stringify(seqs)]);
}

/** The columns with hashes of bodies, and how the rows are numbered. */
const referringColumns = [
  { table: 'messages', columns: ['body_hash'] },
  { table: 'deliveries', columns: ['body_hash'] },
  { table: 'attempts', columns: ['request_body_hash', 'response_body_hash'] },
  { table: 'captures', columns: ['body_hash'] },
] as const;

/** How many tables refer to bodies. */
export const referringTables = referringColumns.length;

/** The hashes that the next rows of one of the tables refer to, and the number of the last row; null when there are no more. */
export function nextReferences(
  reader: Reader,
  table: number,
  afterSeq: number,
  limit: number,
): { readonly hashes: readonly Uint8Array[]; readonly lastSeq: number; readonly rows: number } | null {
  const referring = referringColumns[table];
  if (referring === undefined) return null;
  const columns = referring.columns.map((column, index) => `${column} AS h${index}`).join(', ');
  const rows = reader.raw<{ readonly seq: number; readonly h0: Uint8Array | null; readonly h1?: Uint8Array | null }>(
    `SELECT seq, ${columns} FROM ${referring.table} WHERE seq > ? ORDER BY seq LIMIT ?`,
    [afterSeq, limit],
  );
  const last = rows.at(-1);
  if (last === undefined) return null;
  const hashes = rows.flatMap(({ h0, h1 }) => [h0, h1].filter((hash) => hash !== null && hash !== undefined));
  return { hashes, lastSeq: last.seq, rows: rows.length };
}

/** Hashes that existing rows got a reference to. */
export function noted(reader: Reader): readonly Uint8Array[] {
  return reader.raw<{ readonly hash: Uint8Array }>('SELECT hash FROM referred_bodies', []).map(({ hash }) => hash);
}

export function forgetNoted(writer: Writer): void {
  writer.runRaw('DELETE FROM referred_bodies', []);
}

/** The number of the newest body; 0 without any. */
export function newestBody(reader: Reader): number {
  return reader.raw<{ readonly row: number | null }>('SELECT max(rowid) AS row FROM bodies', [])[0]?.row ?? 0;
}

/** The next keys of bodies in their own order, of those up to a row; read from the index alone, without the bytes. */
export function nextBodies(reader: Reader, afterHash: Uint8Array, uptoRow: number, limit: number): readonly Uint8Array[] {
  return reader
    .raw<{ readonly hash: Uint8Array }>('SELECT hash FROM bodies WHERE hash > ? AND rowid <= ? ORDER BY hash LIMIT ?', [
      afterHash,
      uptoRow,
      limit,
    ])
    .map(({ hash }) => hash);
}

export function removeBody(writer: Writer, hash: Uint8Array): number {
  return writer.runRaw('DELETE FROM bodies WHERE hash = ?', [hash]);
}

export function countRows(reader: Reader, table: 'messages' | 'deliveries' | 'attempts' | 'captures' | 'bodies'): number {
  return (
    reader.raw<{ readonly n: number }>(
      `SELECT count(*) AS n FROM ${table}${table === 'captures' ? ` WHERE ${keptCapturesSql}` : ''}`,
      [],
    )[0]?.n ?? 0
  );
}

/** How many messages were sent to nobody; limits on deliveries do not count them. */
export function countUndelivered(reader: Reader): number {
  const sql = 'SELECT count(*) AS n FROM messages AS m WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = m.id)';
  return reader.raw<{ readonly n: number }>(sql, [])[0]?.n ?? 0;
}

const timeColumns = {
  messages: 'created_at_ms',
  deliveries: 'created_at_ms',
  attempts: 'started_at_ms',
  captures: 'received_at_ms',
} as const;

/** When the first row was made; null in an empty table. */
export function oldestAtMs(reader: Reader, table: keyof typeof timeColumns): number | null {
  return (
    reader.raw<{ readonly atMs: number }>(
      `SELECT ${timeColumns[table]} AS atMs FROM ${table}${table === 'captures' ? ` WHERE ${keptCapturesSql}` : ''} ORDER BY seq LIMIT 1`,
      [],
    )[0]?.atMs ?? null
  );
}
