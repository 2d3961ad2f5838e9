import { sql as rawSql } from 'kysely';
import type { Database, Writer } from '../store/database.ts';
import { ofLiveBinSql } from './bin-store.ts';

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
  which: { readonly ids: readonly string[] } | { readonly seqs: readonly number[] },
  { fromMs, toMs }: { readonly fromMs: number | null; readonly toMs: number | null },
): ReadonlyMap<string, number> {
  const [column, values] = 'ids' in which ? (['id', which.ids] as const) : (['seq', which.seqs] as const);
  const found = writer.values<[string]>(
    `UPDATE captures SET removed_at_ms = ? WHERE ${column} IN (SELECT value FROM json_each(?)) AND removed_at_ms IS ? AND ${ofLiveBinSql('bin_id')} RETURNING bin_id`,
    [toMs, JSON.stringify(values), fromMs],
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
