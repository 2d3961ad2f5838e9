import { readFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { sql as rawSql } from 'kysely';
import type { Database, Reader, Writer } from '../store/database.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';
import type { BinRow, CaptureRow } from '../store/schema.ts';

export type NewCapture = Omit<CaptureRow, 'seq' | 'body_hash' | 'total_ms' | 'removed_at_ms'>;

/** A bin with what its captures amount to. */
export type CountedBin = BinRow & { readonly capture_count: number; readonly last_capture_at_ms: number | null };

/** Every bin, oldest first. */
export function allBins(database: Database): readonly BinRow[] {
  return database.all(database.sql.selectFrom('bins').selectAll().where('removed_at_ms', 'is', null).orderBy('id'));
}

function countedBins(database: Database) {
  return database.sql
    .selectFrom('bins')
    .selectAll()
    .where('bins.removed_at_ms', 'is', null)
    .select((of) => [
      of
        .selectFrom('captures')
        .whereRef('captures.bin_id', '=', 'bins.id')
        .where('captures.removed_at_ms', 'is', null)
        .select((count) => count.fn.countAll<number>().as('count'))
        .$asScalar()
        .$notNull()
        .as('capture_count'),
      of
        .selectFrom('captures')
        .whereRef('captures.bin_id', '=', 'bins.id')
        .where('captures.removed_at_ms', 'is', null)
        .orderBy('seq', 'desc')
        .limit(1)
        .select('received_at_ms')
        .$asScalar()
        .as('last_capture_at_ms'),
    ]);
}

/** One bin with its counts, or undefined. */
export function findBin(database: Database, id: string): CountedBin | undefined {
  return database.first(countedBins(database).where('id', '=', id));
}

/** Bins whose id is below `beforeId`, newest first: ids sort by the time of making. */
export function listBins(database: Database, query: { readonly beforeId: string | null; readonly limit: number }): readonly CountedBin[] {
  const select = countedBins(database).orderBy('id', 'desc').limit(query.limit);
  return database.all(query.beforeId === null ? select : select.where('id', '<', query.beforeId));
}

/** The id of the bin with a slug, or undefined. */
export function binIdBySlug(database: Database, writer: Writer, slug: string): string | undefined {
  return writer.first(database.sql.selectFrom('bins').select('id').where('slug', '=', slug))?.id;
}

export function insertBin(database: Database, writer: Writer, row: BinRow): void {
  writer.run(database.sql.insertInto('bins').values(row));
}

/** The row of a bin inside a write, or undefined. */
export function readBin(database: Database, writer: Writer, id: string): BinRow | undefined {
  return writer.first(database.sql.selectFrom('bins').selectAll().where('id', '=', id).where('removed_at_ms', 'is', null));
}

/** The row of a bin that was deleted and is still kept, or undefined. */
export function readRemovedBin(database: Database, writer: Writer, id: string): BinRow | undefined {
  return writer.first(database.sql.selectFrom('bins').selectAll().where('id', '=', id).where('removed_at_ms', 'is not', null));
}

/** Replaces all columns of a bin. */
export function updateBin(database: Database, writer: Writer, row: BinRow): void {
  writer.run(database.sql.updateTable('bins').set(row).where('id', '=', row.id));
}

const captureColumns = [
  'id',
  'bin_id',
  'method',
  'target',
  'http_version',
  'headers_json',
  'trailers_json',
  'content_type',
  'body_bytes',
  'is_body_truncated',
  'remote_address',
  'status',
  'response_json',
  'verdict',
  'verification_json',
  'message_id',
  'delivery_id',
  'body_ms',
  'received_at_ms',
] as const satisfies readonly (keyof NewCapture)[];

/** Nothing is kept for a bin that was deleted meanwhile. */
const columnValue = (column: string) => (column === 'bin_id' ? '(SELECT id FROM bins WHERE id = ? AND removed_at_ms IS NULL)' : '?');

const insertCaptureSql = `INSERT INTO captures (${captureColumns.join(', ')}, body_hash) VALUES (${captureColumns.map(columnValue).join(', ')}, ?)`;

/** What a capture takes up, as the triggers of `capture_room` count it. */
export const captureBytesSql =
  '(body_bytes + octet_length(target) + octet_length(headers_json) + octet_length(trailers_json) + octet_length(response_json) + coalesce(octet_length(verification_json), 0) + 512)';

/** What all captures take up. */
export function captureBytes(reader: Pick<Reader, 'values'>): number {
  return reader.values<[number]>('SELECT bytes FROM capture_room', [])[0]?.[0] ?? 0;
}

/**
 * Keeps a capture and its body, which may lie in a file; answers what all captures take up then. Prepared by hand: it runs for each
 * request that comes in.
 */
export function insertCapture(
  writer: Writer,
  { row, body }: { readonly row: NewCapture; readonly body: Uint8Array | { readonly path: string } },
): number {
  const hash = writer.putBody(body instanceof Uint8Array ? body : readFileSync(body.path));
  writer.runRaw(insertCaptureSql, [...captureColumns.map((column) => row[column]), hash]);
  return captureBytes(writer);
}

/** Notes when the answer to a capture was out, in milliseconds from the request. */
export function setTotal(writer: Writer, id: string, totalMs: number): void {
  writer.runRaw('UPDATE captures SET total_ms = ? WHERE id = ?', [totalMs, id]);
}

export type SummaryRow = Pick<
  CaptureRow,
  'id' | 'bin_id' | 'method' | 'target' | 'content_type' | 'body_bytes' | 'status' | 'verdict' | 'remote_address' | 'received_at_ms'
> & { readonly seq: number };

export interface CaptureQuery {
  readonly binId: string | undefined;
  readonly q: string | undefined;
  readonly beforeSeq: number;
  /** Leaves out what is older; everything counts by default. */
  readonly fromSeq?: number;
  readonly limit: number;
}

/** The `seq` of the newest capture, 0 without any. */
export function newestSeq(database: Database): number {
  return database.first(database.sql.selectFrom('captures').select('seq').orderBy('seq', 'desc').limit(1))?.seq ?? 0;
}

/**
 * Captures before `beforeSeq`, newest first. `q` is looked for in method, target and headers without regard to ASCII
 * case, and in the body byte by byte.
 */
export function listCaptures(database: Reader, query: CaptureQuery): readonly SummaryRow[] {
  let select = database.sql
    .selectFrom('captures')
    .select([
      'seq',
      'id',
      'bin_id',
      'method',
      'target',
      'content_type',
      'captures.body_bytes',
      'status',
      'verdict',
      'remote_address',
      'received_at_ms',
    ])
    .where('removed_at_ms', 'is', null)
    .where('seq', '<', query.beforeSeq);
  if (query.fromSeq !== undefined) select = select.where('seq', '>=', query.fromSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  if (query.q !== undefined && query.q !== '') select = select.where(matches(query.q));
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

function matches(q: string) {
  const bytes = Buffer.from(q, 'utf8');
  const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  // Targets and headers are kept with one character for each byte, so text beyond ASCII is looked for in that form too.
  const texts = [...new Set([lower(q), lower(bytes.toString('latin1'))])];
  const inHeaders = new Set(texts.flatMap((text) => [escaped(text), escaped(text).replace(/:\s*/, '","')]));
  const wanted = [
    ...texts.map((text) => rawSql<boolean>`instr(lower(method), ${text}) > 0`),
    ...texts.map((text) => rawSql<boolean>`instr(lower(target), ${text}) > 0`),
    ...[...inHeaders].map((text) => rawSql<boolean>`instr(lower(headers_json), ${text}) > 0`),
    rawSql<boolean>`instr((SELECT bytes FROM bodies WHERE hash = body_hash), ${bytes}) > 0`,
  ];
  return rawSql<boolean>`(${rawSql.join(wanted, rawSql` OR `)})`;
}

/** Text as it stands inside JSON, without the quotes around it. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A capture with its body, or undefined. */
export function findCapture(database: Database, id: string): (Omit<CaptureRow, 'seq'> & { readonly bytes: Uint8Array }) | undefined {
  return database.first(
    database.sql
      .selectFrom('captures')
      .innerJoin('bodies', 'bodies.hash', 'captures.body_hash')
      .selectAll('captures')
      .select('bodies.bytes')
      .where('removed_at_ms', 'is', null)
      .where('id', '=', id),
  );
}

/** How long a deleted bin or capture can be restored; after that the clean-up takes it out. */
export const restorableMs = 600_000;

/** Takes a capture out of sight; answers the bin it was in, or undefined when there was none. */
export function removeCapture(database: Database, writer: Writer, id: string, nowMs: number): string | undefined {
  const row = writer.first(database.sql.selectFrom('captures').select('bin_id').where('id', '=', id).where('removed_at_ms', 'is', null));
  if (row !== undefined) writer.run(database.sql.updateTable('captures').set({ removed_at_ms: nowMs }).where('id', '=', id));
  return row?.bin_id;
}

/** What of a bin's captures is taken out of sight, or brought back. */
interface CapturesMark {
  readonly binId: string;
  /** Those that have this mark get the other one. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly afterSeq: number;
  readonly uptoSeq: number;
  readonly limit: number;
}

/** Marks some captures of a bin, from the oldest on. */
export function markCapturesStep(writer: Writer, mark: CapturesMark): WriteStep & { readonly afterSeq: number } {
  let { afterSeq } = mark;
  const step = timedStep(() => {
    const seqs = writer
      .values<[number]>('SELECT seq FROM captures WHERE bin_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?', [
        mark.binId,
        afterSeq,
        mark.uptoSeq,
        mark.limit,
      ])
      .map(([seq]) => seq);
    afterSeq = seqs.at(-1) ?? afterSeq;
    const changed = writer.runRaw(
      'UPDATE captures SET removed_at_ms = ? WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at_ms IS ?',
      [mark.toMs, JSON.stringify(seqs), mark.fromMs],
    );
    return { rows: seqs.length, changed };
  });
  return { ...step, afterSeq };
}

function markCaptures(database: Database, mark: Pick<CapturesMark, 'binId' | 'fromMs' | 'toMs'>): Promise<number> {
  const uptoSeq = newestSeq(database);
  let afterSeq = 0;
  return writeInSteps(async (limit) => {
    const step = await database.hot('markCaptures', { ...mark, afterSeq, uptoSeq, limit });
    ({ afterSeq } = step);
    return step;
  });
}

/** Takes the captures that a bin has now out of sight, in steps; answers how many there were. */
export function clearCaptures(database: Database, binId: string, nowMs: number): Promise<number> {
  return markCaptures(database, { binId, fromMs: null, toMs: nowMs });
}

/** Brings one deleted capture back; answers its bin, or undefined when it is not there to be restored. */
export function restoreCapture(database: Database, writer: Writer, id: string): string | undefined {
  const row = writer.first(
    database.sql
      .selectFrom('captures')
      .innerJoin('bins', 'bins.id', 'captures.bin_id')
      .select('bin_id')
      .where('captures.id', '=', id)
      .where('captures.removed_at_ms', 'is not', null)
      .where('bins.removed_at_ms', 'is', null),
  );
  if (row !== undefined) writer.run(database.sql.updateTable('captures').set({ removed_at_ms: null }).where('id', '=', id));
  return row?.bin_id;
}

/** Brings back what was cleared from a bin at a moment, in steps; answers how many captures. */
export function restoreCleared(database: Database, binId: string, removedAtMs: number): Promise<number> {
  return markCaptures(database, { binId, fromMs: removedAtMs, toMs: null });
}
