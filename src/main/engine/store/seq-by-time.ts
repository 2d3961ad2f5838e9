import type { Database } from './database.ts';

/**
 * The first row of a table from a time on, where rows were added in the order of their times: by halving, without an index on the time.
 * `nextSql` gives number and time of the first row from a number on, `newestSql` the newest number.
 */
export function firstSeqFrom(
  reader: Pick<Database, 'values'>,
  { nextSql, newestSql }: { readonly nextSql: string; readonly newestSql: string },
  fromMs: number,
): number {
  let low = 0;
  let high = (reader.values<[number | null]>(newestSql, [])[0]?.[0] ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [seq, atMs] = reader.values<[number, number]>(nextSql, [middle])[0] ?? [high, Number.POSITIVE_INFINITY];
    if (atMs >= fromMs) high = middle;
    else low = Math.max(seq, middle) + 1;
  }
  return low;
}
