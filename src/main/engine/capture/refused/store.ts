import { hotWrite } from '../../store/hot-write.ts';
import { Buffer } from 'node:buffer';
import { sql as rawSql } from 'kysely';
import type { Database, Reader, Writer } from '../../store/database.ts';
import type { RefusedRow } from '../../store/schema.ts';

export type NewRefused = Omit<RefusedRow, 'seq' | 'removed_at_ms' | 'more' | 'last_at_ms'>;

/** Rows that are kept; with their first bytes they take 5 MB at most. */
export const refusedKept = 1000;

const columns = [
  'id',
  'bin_id',
  'slug',
  'reason',
  'seen',
  'status',
  'first_bytes',
  'received_bytes',
  'remote_address',
  'received_at_ms',
] as const satisfies readonly (keyof NewRefused)[];

const insertSql = `INSERT INTO refused_requests (${columns.join(', ')}, more, last_at_ms) VALUES (${columns.map(() => '?').join(', ')}, 0, ?)`;

/** Stores a refused request; when there are too many, it replaces the oldest. */
function insertRefused(writer: Pick<Writer, 'runRaw'>, row: NewRefused): void {
  writer.runRaw(insertSql, [...columns.map((column) => row[column]), row.received_at_ms]);
  writer.runRaw('DELETE FROM refused_requests WHERE seq <= (SELECT max(seq) FROM refused_requests) - ?', [refusedKept]);
}

export const refuseWrite = hotWrite('refuse', insertRefused);

/** Adds to the count of a row. */
export function refuseMore(
  writer: Pick<Writer, 'runRaw'>,
  { id, more, lastAtMs }: { readonly id: string; readonly more: number; readonly lastAtMs: number },
): void {
  writer.runRaw('UPDATE refused_requests SET more = more + ?, last_at_ms = ? WHERE id = ?', [more, lastAtMs, id]);
}

export const refuseMoreWrite = hotWrite('refuseMore', refuseMore);

/** How much of the first bytes a row of the list can show. */
const lineBytes = 300;

const summaryColumns = [
  'seq',
  'id',
  'bin_id',
  'reason',
  'seen',
  'status',
  'received_bytes',
  'remote_address',
  'received_at_ms',
  'more',
  'last_at_ms',
] as const satisfies readonly (keyof RefusedRow)[];

export type RefusedSummaryRow = Pick<RefusedRow, Exclude<(typeof summaryColumns)[number], 'seq'>> & {
  readonly seq: number;
  readonly head: Uint8Array;
};

export interface RefusedQuery {
  readonly binId: string | undefined;
  readonly q: string | undefined;
  readonly beforeSeq: number;
  readonly limit: number;
}

/** Refused requests before `beforeSeq`, newest first. `q` is looked for in the sentence and the first bytes, without regard to ASCII case. */
export function listRefused(database: Reader, query: RefusedQuery): readonly RefusedSummaryRow[] {
  let select = database.sql
    .selectFrom('refused_requests')
    .select(summaryColumns)
    .select(rawSql<Uint8Array>`coalesce(substr(first_bytes, 1, ${rawSql.lit(lineBytes)}), x'')`.as('head'))
    .where('removed_at_ms', 'is', null)
    .where('seq', '<', query.beforeSeq);
  if (query.binId !== undefined) select = select.where('bin_id', '=', query.binId);
  if (query.q !== undefined && query.q !== '') {
    const lower = query.q.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    select = select.where(
      rawSql<boolean>`(instr(lower(seen), ${lower}) > 0 OR instr(lower(CAST(first_bytes AS TEXT)), ${lower}) > 0 OR instr(first_bytes, ${Buffer.from(query.q, 'utf8')}) > 0)`,
    );
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** A refused request with its first bytes, or undefined. */
export function findRefused(database: Reader, id: string): Omit<RefusedRow, 'seq'> | undefined {
  return database.first(database.sql.selectFrom('refused_requests').selectAll().where('id', '=', id).where('removed_at_ms', 'is', null));
}

/** Hides one, those of a bin, or all as deleted; returns how many. */
export function removeRefused(
  database: Database,
  writer: Writer,
  which: { readonly id: string } | { readonly binId: string | undefined },
  nowMs: number,
): number {
  let update = database.sql.updateTable('refused_requests').set({ removed_at_ms: nowMs }).where('removed_at_ms', 'is', null);
  if ('id' in which) update = update.where('id', '=', which.id);
  else if (which.binId !== undefined) update = update.where('bin_id', '=', which.binId);
  return writer.run(update);
}

/** Restores one, or what was deleted at a time; returns how many. */
export function restoreRefused(
  database: Database,
  writer: Writer,
  which: { readonly id: string } | { readonly removedAtMs: number },
): number {
  const update = database.sql.updateTable('refused_requests').set({ removed_at_ms: null }).where('removed_at_ms', 'is not', null);
  return writer.run('id' in which ? update.where('id', '=', which.id) : update.where('removed_at_ms', '=', which.removedAtMs));
}

/** Deletes for good what was deleted or received before a time; returns how many. */
export function dropRefused(
  writer: Pick<Writer, 'runRaw'>,
  { removedBeforeMs, beforeMs }: { readonly removedBeforeMs: number; readonly beforeMs: number | null },
): number {
  return writer.runRaw('DELETE FROM refused_requests WHERE removed_at_ms < ? OR last_at_ms < ?', [removedBeforeMs, beforeMs]);
}
