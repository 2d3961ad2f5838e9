import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, HotWrite, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { hideCaptures } from './marking.ts';

/** Captures that one write changes, so that others do not wait for it long. */
const atOnce = 250;

/** Makes a write for captures by their row numbers, some at a time. */
async function inParts<I extends object, O>(
  database: Database,
  write: HotWrite<I & { readonly seqs: readonly number[] }, O>,
  seqs: readonly number[],
  input: I,
  take: (result: O) => void,
): Promise<void> {
  for (let from = 0; from < seqs.length; from += atOnce) {
    take(await database.hot(write, { ...input, seqs: seqs.slice(from, from + atOnce) }));
    await nextTurn();
  }
}

/** How many captures were changed, by their bins. */
type Counts = ReadonlyMap<string, number>;

function addTo(counts: Map<string, number>, added: Counts): void {
  for (const [binId, count] of added) counts.set(binId, (counts.get(binId) ?? 0) + count);
}

export const hideSelectedWrite = hotWrite(
  'hideSelected',
  (writer, { seqs, nowMs }: { readonly seqs: readonly number[]; readonly nowMs: number }): Counts =>
    hideCaptures(writer, { seqs }, { fromMs: null, toMs: nowMs }),
);

/** Hides captures as deleted at a time. */
export async function hideAll(database: Database, seqs: readonly number[], nowMs: number): Promise<Counts> {
  const counts = new Map<string, number>();
  await inParts(database, hideSelectedWrite, seqs, { nowMs }, (hidden) => addTo(counts, hidden));
  return counts;
}

/** What many captures are marked with. */
export interface ManyMarks {
  readonly isPinned?: boolean | undefined;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
}

/** What was marked, and how many captures were left as they are since they would have too many tags. */
interface Marked {
  readonly counts: Counts;
  readonly full: number;
}

/** A capture has no more tags. */
const mostTags = 20;

function markSelected(writer: Writer, { seqs, marks }: { readonly seqs: readonly number[]; readonly marks: ManyMarks }): Marked {
  const counts = new Map<string, number>();
  let full = 0;
  const rows = writer.values<[number, string, string]>(
    'SELECT seq, bin_id, tags_json FROM captures WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at_ms IS NULL',
    [JSON.stringify(seqs)],
  );
  for (const [seq, binId, tagsJson] of rows) {
    const tags = markedTags(JSON.parse(tagsJson) as string[], marks);
    if (tags.length > mostTags) {
      full += 1;
      continue;
    }
    const isPinned = marks.isPinned === undefined ? null : Number(marks.isPinned);
    const set = [isPinned, JSON.stringify(tags), seq];
    writer.runRaw('UPDATE captures SET is_pinned = coalesce(?, is_pinned), tags_json = ? WHERE seq = ?', set);
    counts.set(binId, (counts.get(binId) ?? 0) + 1);
  }
  return { counts, full };
}

export const markSelectedWrite = hotWrite('markSelected', markSelected);

/** Marks captures. */
export async function markAll(database: Database, seqs: readonly number[], marks: ManyMarks): Promise<Marked> {
  const counts = new Map<string, number>();
  let full = 0;
  await inParts(database, markSelectedWrite, seqs, { marks }, (marked) => {
    addTo(counts, marked.counts);
    full += marked.full;
  });
  return { counts, full };
}

function markedTags(tags: readonly string[], { addTags, removeTags }: ManyMarks): readonly string[] {
  return [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag));
}
