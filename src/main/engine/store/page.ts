import { invalid } from '../base/refusal.ts';

/** The row that a cursor stands before: listings go from newest to oldest by `seq`. Throws a Refusal for a cursor that we did not make. */
export function seqBefore(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const seq = /^[0-9a-z]{1,11}$/.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN;
  if (!Number.isSafeInteger(seq)) throw invalid('cursor', 'This cursor is not one that a listing gave; start again without it.');
  return seq;
}

/** A page from one row more than was asked for: the extra row only tells that there is a next page. */
export function toPage<Row extends { readonly seq: number }, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next: rows.length > limit && last !== undefined ? last.seq.toString(36) : null };
}

/** A LIKE pattern that finds `text` anywhere; use it with ESCAPE '\'. */
export function containing(text: string): string {
  return `%${escaped(text)}%`;
}

/** A LIKE pattern that finds `text` at the start; use it with ESCAPE '\'. */
export function beginningWith(text: string): string {
  return `${escaped(text)}%`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (mark) => `\\${mark}`);
}
