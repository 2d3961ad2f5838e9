import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Writer } from '../store/database.ts';
import { hideCaptures } from './marking.ts';

/** Captures that one write changes, so that it stays short. */
const atOnce = 250;

/** Changes captures by their row numbers, some at a time. Returns the number changed of each bin. */
async function inParts(
  database: Database,
  seqs: readonly number[],
  change: (writer: Writer, some: readonly number[]) => ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < seqs.length; from += atOnce) {
    const some = seqs.slice(from, from + atOnce);
    const changed = await database.write((writer) => change(writer, some));
    for (const [binId, count] of changed) counts.set(binId, (counts.get(binId) ?? 0) + count);
    await nextTurn();
  }
  return counts;
}

/** Hides captures as deleted at a time; returns how many of each bin. */
export function hideAll(database: Database, seqs: readonly number[], nowMs: number): Promise<ReadonlyMap<string, number>> {
  return inParts(database, seqs, (writer, some) => hideCaptures(writer, { seqs: some }, { fromMs: null, toMs: nowMs }));
}

/** What many captures are marked with. */
export interface ManyMarks {
  readonly isPinned?: boolean | undefined;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
}

/** A capture has no more tags. */
export const mostTags = 20;

/** Marks captures; returns how many, and how many were left as they are since they would have too many tags. */
export async function markAll(database: Database, seqs: readonly number[], marks: ManyMarks) {
  let full = 0;
  const counts = await inParts(database, seqs, (writer, some) => {
    const counted = new Map<string, number>();
    const rows = writer.values<[number, string, string]>(
      'SELECT seq, bin_id, tags_json FROM captures WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at_ms IS NULL',
      [JSON.stringify(some)],
    );
    for (const [seq, binId, tagsJson] of rows) {
      const tags = markedTags(JSON.parse(tagsJson) as string[], marks);
      if (tags.length > mostTags) {
        full += 1;
        continue;
      }
      writer.runRaw('UPDATE captures SET is_pinned = coalesce(?, is_pinned), tags_json = ? WHERE seq = ?', [
        marks.isPinned === undefined ? null : Number(marks.isPinned),
        JSON.stringify(tags),
        seq,
      ]);
      counted.set(binId, (counted.get(binId) ?? 0) + 1);
    }
    return counted;
  });
  return { counts, full };
}

function markedTags(tags: readonly string[], { addTags, removeTags }: ManyMarks): readonly string[] {
  return [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
}
