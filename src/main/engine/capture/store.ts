import { readFileSync } from 'node:fs';
import { sql as rawSql } from 'kysely';
import type { WireFaultKind } from '#shared/contract/wire-fault.ts';
import type { Database, Reader, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import type { StoredBody } from '../bodies/body-looks.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { bodyHashOf } from '../store/bodies.ts';
import type { CaptureRow } from '../store/schema.ts';
import { writePositions, type PositionWrite } from './answering/positions.ts';
import { ofLiveBinSql } from './bin-store.ts';
import { putSourcePosition, type SourcePosition } from './source-position.ts';

export type NewCapture = Omit<
  CaptureRow,
  'seq' | 'body_hash' | 'total_ms' | 'sent_json' | 'removed_at_ms' | 'replay_key' | 'seen_before_id' | 'is_pinned' | 'note' | 'tags_json'
>;

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
  'answered_json',
  'verdict',
  'verification_json',
  'message_id',
  'delivery_id',
  'body_ms',
  'received_at_ms',
  'source_json',
  'arrival_json',
] as const satisfies readonly (keyof NewCapture)[];

/** Nothing is stored for a bin that was deleted meanwhile. */
const columnValue = (column: string) => (column === 'bin_id' ? '(SELECT id FROM bins WHERE id = ? AND removed_at_ms IS NULL)' : '?');

const insertCaptureSql = `INSERT INTO captures (${captureColumns.join(', ')}, body_hash, replay_key, seen_before_id) VALUES (${captureColumns.map(columnValue).join(', ')}, ?, ?, ?)`;

const seenBeforeSql = 'SELECT id FROM captures WHERE bin_id = ? AND replay_key = ? ORDER BY seq LIMIT 1';

/** Whether a request of a bin with this valid signature was answered with 2xx, and not by a fault. */
export function wasAnswered(reader: Pick<Database, 'values'>, binId: string, replayKey: Uint8Array): boolean {
  const sql = `SELECT 1 FROM captures WHERE bin_id = ? AND replay_key = ? AND status < 300 AND response_json ->> '$.fault' IS NULL LIMIT 1`;
  return reader.values<[number]>(sql, [binId, replayKey]).length > 0;
}

/** What a capture takes up, as the triggers of `capture_room` count it. */
export const captureBytesSql =
  '(body_bytes + octet_length(target) + octet_length(headers_json) + octet_length(trailers_json) + octet_length(response_json) + coalesce(octet_length(verification_json), 0) + 512)';

/** What all captures take up. */
export function captureBytes(reader: Pick<Reader, 'values'>): number {
  return reader.values<[number]>('SELECT bytes FROM capture_room', [])[0]?.[0] ?? 0;
}

/** A capture as it is passed to the writer thread: a list, since field names would cost as much as the values. */
export interface CaptureOrder {
  readonly row: readonly unknown[];
  /** The body itself, or its file. */
  readonly body: Uint8Array | { readonly path: string };
  readonly binId: string;
  /** What identifies the request among those of its bin; null for nothing. */
  readonly replayKey: Uint8Array | null;
  /** How far the source that brought it has come with it; null without a source. */
  readonly position: SourcePosition | null;
  /** Counters that it moved. */
  readonly positions: readonly PositionWrite[];
}

export function toCaptureOrder(
  row: NewCapture,
  body: CaptureOrder['body'],
  replayKey: Uint8Array | null = null,
  { position = null, positions = [] }: Partial<Pick<CaptureOrder, 'position' | 'positions'>> = {},
): CaptureOrder {
  // Not by `map`: what that makes may have holes by its kind, and crosses with a number for each value.
  const values: unknown[] = [];
  for (const column of captureColumns) values.push(row[column]);
  return { row: values, body, binId: row.bin_id, replayKey, position, positions };
}

/** Stores a capture and its body; returns what all captures take up then. Prepared by hand because it runs for each incoming request. */
export function insertCapture(writer: Writer, { row, body, binId, replayKey, position, positions }: CaptureOrder): number {
  const hash = writer.putBody(body instanceof Uint8Array ? body : readFileSync(body.path));
  const seen = replayKey === null ? undefined : writer.values<[string]>(seenBeforeSql, [binId, replayKey])[0];
  writer.runRaw(insertCaptureSql, [...row, hash, replayKey, seen?.[0] ?? null]);
  if (position !== null) putSourcePosition(writer, position, 1);
  if (positions.length > 0) writePositions(writer, positions);
  return captureBytes(writer);
}

export const captureWrite = hotWrite('capture', insertCapture);

/** When the answer to a capture was sent, in milliseconds from the request; null where it was not sent whole. */
export interface CaptureTotal {
  readonly captureId: string;
  readonly totalMs: number | null;
  /** JSON of what was sent of an answer with a fault; null for any other. */
  readonly sentJson: string | null;
}

/** Stores when the answers to captures were sent. */
function setTotals(writer: Writer, totals: readonly CaptureTotal[]): void {
  for (const { captureId, totalMs, sentJson } of totals)
    if (sentJson === null) writer.runRaw('UPDATE captures SET total_ms = ? WHERE id = ?', [totalMs, captureId]);
    else writer.runRaw('UPDATE captures SET total_ms = ?, sent_json = ? WHERE id = ?', [totalMs, sentJson, captureId]);
}

export const captureTotalsWrite = hotWrite('captureTotals', setTotals, { canWait: true });

export type SummaryRow = Pick<
  CaptureRow,
  | 'id'
  | 'bin_id'
  | 'method'
  | 'target'
  | 'content_type'
  | 'body_bytes'
  | 'is_body_truncated'
  | 'status'
  | 'verdict'
  | 'remote_address'
  | 'received_at_ms'
  | 'seen_before_id'
  | 'answered_json'
  | 'message_id'
  | 'is_pinned'
  | 'note'
  | 'tags_json'
> & { readonly seq: number; readonly same_message_as_id: string | null; readonly fault: WireFaultKind | null };

export interface CaptureQuery {
  readonly binId: string | undefined;
  readonly beforeSeq: number;
  readonly limit: number;
  /** Only these rows, such as those that a search found. */
  readonly seqs?: readonly number[];
}

/** The `seq` of the newest capture, 0 without any. */
export function newestSeq(database: Database): number {
  return database.first(database.sql.selectFrom('captures').select('seq').orderBy('seq', 'desc').limit(1))?.seq ?? 0;
}

/** The first capture of the bin with the same webhook id, where that is another one. */
const sameMessageAs = rawSql<string | null>`(
  SELECT f.id FROM captures AS f WHERE f.bin_id = captures.bin_id AND f.message_id = captures.message_id AND f.seq < captures.seq ORDER BY f.seq LIMIT 1
)`.as('same_message_as_id');

/** The kind of the fault that the answer was given with, unless the connection could not have it. */
const faultOfAnswer =
  rawSql<WireFaultKind | null>`CASE WHEN sent_json ->> '$.end' = 'not-possible' THEN NULL ELSE response_json ->> '$.fault.kind' END`.as(
    'fault',
  );

/** Captures before `beforeSeq`, newest first. */
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
      'is_body_truncated',
      'status',
      'verdict',
      'remote_address',
      'received_at_ms',
      'seen_before_id',
      'answered_json',
      'message_id',
      'is_pinned',
      'note',
      'tags_json',
      sameMessageAs,
      faultOfAnswer,
    ])
    .where(rawSql<boolean>`${rawSql.raw(ofLiveBinSql('bin_id'))}`)
    .where('removed_at_ms', 'is', null)
    .where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  if (query.seqs !== undefined) select = select.where(rawSql<boolean>`seq IN (SELECT value FROM json_each(${JSON.stringify(query.seqs)}))`);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** A capture as a text search reads it. */
export interface CaptureLooked {
  readonly seq: number;
  readonly id: string;
  readonly deliveryId: string | null;
  readonly messageId: string | null;
  readonly method: string;
  readonly target: string;
  readonly headersJson: string;
  readonly trailersJson: string;
  readonly answerHeadersJson: string;
  readonly note: string;
  readonly tagsJson: string;
  readonly body: StoredBody;
}

/** Captures for a search, newest first, with their bodies when those are small. */
export function capturesForLook(
  reader: Reader,
  page: SeqRange & { readonly binId: string | undefined; readonly limit: number; readonly inlineBytes: number },
): readonly CaptureLooked[] {
  type Row = readonly [
    number,
    string,
    string | null,
    string | null,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    number,
    number,
    string | null,
  ];
  return reader
    .values<Row>(
      `SELECT c.seq, c.id, c.delivery_id, c.message_id, c.method, c.target, c.headers_json, c.trailers_json, c.response_json ->> '$.headers', c.note, c.tags_json,
         b.size, b.rowid, CASE WHEN b.size <= ? THEN CAST(b.bytes AS TEXT) END
       FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash
       WHERE ${ofLiveBinSql('c.bin_id')} AND c.removed_at_ms IS NULL AND c.seq < ? AND c.seq >= ?${page.binId === undefined ? '' : ' AND c.bin_id = ?'}
       ORDER BY c.seq DESC LIMIT ?`,
      [page.inlineBytes, page.beforeSeq, page.fromSeq, ...(page.binId === undefined ? [] : [page.binId]), page.limit],
    )
    .map(
      ([
        seq,
        id,
        deliveryId,
        messageId,
        method,
        target,
        headersJson,
        trailersJson,
        answerHeadersJson,
        note,
        tagsJson,
        size,
        row,
        text,
      ]) => ({
        seq,
        id,
        deliveryId,
        messageId,
        method,
        target,
        headersJson,
        trailersJson,
        answerHeadersJson,
        note,
        tagsJson,
        body: { size, text, hash: () => bodyHashOf(reader, row) },
      }),
    );
}

/** A capture with its body, or undefined. */
export function findCapture(
  database: Database,
  id: string,
): (Omit<CaptureRow, 'seq'> & { readonly bytes: Uint8Array; readonly same_message_as_id: string | null }) | undefined {
  return database.first(
    database.sql
      .selectFrom('captures')
      .innerJoin('bodies', 'bodies.hash', 'captures.body_hash')
      .selectAll('captures')
      .select(['bodies.bytes', sameMessageAs])
      .where('removed_at_ms', 'is', null)
      .where(rawSql<boolean>`${rawSql.raw(ofLiveBinSql('bin_id'))}`)
      .where('id', '=', id),
  );
}

/** What people mark a capture with. */
export interface CaptureMarks {
  readonly isPinned?: boolean | undefined;
  readonly note?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Marks a capture; false where there is none. */
export function markCapture(writer: Writer, id: string, { isPinned, note, tags }: CaptureMarks): boolean {
  return (
    writer.runRaw(
      `UPDATE captures SET is_pinned = coalesce(?, is_pinned), note = coalesce(?, note), tags_json = coalesce(?, tags_json)
       WHERE id = ? AND removed_at_ms IS NULL AND ${ofLiveBinSql('bin_id')}`,
      [isPinned === undefined ? null : Number(isPinned), note ?? null, tags === undefined ? null : JSON.stringify(tags), id],
    ) === 1
  );
}

/** Hides captures as deleted, or restores those that were hidden at a time; returns how many of each bin. */
export function hideCaptures(
  writer: Writer,
  ids: readonly string[],
  { fromMs, toMs }: { readonly fromMs: number | null; readonly toMs: number | null },
): ReadonlyMap<string, number> {
  const found = writer.values<[string]>(
    `UPDATE captures SET removed_at_ms = ? WHERE id IN (SELECT value FROM json_each(?)) AND removed_at_ms IS ? AND ${ofLiveBinSql('bin_id')} RETURNING bin_id`,
    [toMs, JSON.stringify(ids), fromMs],
  );
  const counts = new Map<string, number>();
  for (const [binId] of found) counts.set(binId, (counts.get(binId) ?? 0) + 1);
  return counts;
}

/** How long a deleted bin or capture can be restored; after that the clean-up removes it. */
export const restorableMs = 600_000;

/** Hides a capture as deleted; returns its bin, or undefined when there was no such capture. */
export function removeCapture(database: Database, writer: Writer, id: string, nowMs: number): string | undefined {
  const row = writer.first(
    database.sql
      .selectFrom('captures')
      .select('bin_id')
      .where('id', '=', id)
      .where('removed_at_ms', 'is', null)
      .where(rawSql<boolean>`${rawSql.raw(ofLiveBinSql('bin_id'))}`),
  );
  if (row !== undefined) writer.run(database.sql.updateTable('captures').set({ removed_at_ms: nowMs }).where('id', '=', id));
  return row?.bin_id;
}

/** Restores one deleted capture; returns its bin, or undefined when it cannot be restored. */
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
