import type { Database, Writer } from '../store/database.ts';
import type { BinRow } from '../store/schema.ts';

/** A bin with the totals of its captures. */
export type CountedBin = BinRow & { readonly capture_count: number; readonly last_capture_at_ms: number | null };

/** The bin of a capture is not deleted. Deleting or restoring a bin hides or restores its captures with it, in one write. */
export const ofLiveBinSql = (binId: string) => `${binId} NOT IN (SELECT id FROM bins WHERE removed_at_ms IS NOT NULL)`;

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

/** The row of a bin, or undefined. */
export function liveBin(database: Database, id: string): BinRow | undefined {
  return database.first(database.sql.selectFrom('bins').selectAll().where('id', '=', id).where('removed_at_ms', 'is', null));
}

/** How many captures of a bin are not deleted individually. */
export function countCapturesOf(writer: Writer, binId: string): number {
  return writer.values<[number]>('SELECT count(*) FROM captures WHERE bin_id = ? AND removed_at_ms IS NULL', [binId])[0]?.[0] ?? 0;
}

/** Replaces the columns of a bin, but not its id: if that is set, even to itself, SQLite goes over every row that refers to it. */
export function updateBin(database: Database, writer: Writer, { id, ...change }: BinRow): void {
  writer.run(database.sql.updateTable('bins').set(change).where('id', '=', id));
}
