import type { FoundIn } from '#shared/contract/bodies.ts';
import type { SeqRange } from './in-steps.ts';

/** The limits of one look. */
export interface LookLimits {
  /** It ends with so many rows found. */
  readonly limit: number;
  /** It ends after the row during which this is over. */
  readonly budgetMs: number;
}

/** A row that was found, and where the text is in it. */
export interface FoundRow<Place = FoundIn> {
  readonly seq: number;
  readonly foundIn: Place;
}

/** The result of one look. */
export interface Look<Found> {
  readonly found: readonly Found[];
  /** All rows of its range from this one on were looked at. */
  readonly fromSeq: number;
  /** Bodies that were searched only in part, by their hash in base64. */
  readonly inPart: readonly string[];
}

/** Rows that a look goes through, in chunks. */
export interface LookedThrough<Row, Place> {
  /** The next rows before one, newest first; fewer than `count` only when there are no more. */
  readonly rows: (beforeSeq: number, count: number) => readonly Row[];
  /** Where the text is in a row, or null. A body that was searched only in part is reported by its hash. */
  readonly find: (row: Row, seenInPart: (hash: Uint8Array) => void) => Place | null | Promise<Place | null>;
}

/** Rows in a chunk: few at first, since the newest mostly fill a page. */
const firstRows = 32;
const mostRows = 512;

/** Looks through the rows of a range from the newest on, until it is through, has found enough, or its time is over. */
export async function lookBack<Row extends { readonly seq: number }, Place = FoundIn>(
  range: SeqRange,
  { limit, budgetMs }: LookLimits,
  { rows, find }: LookedThrough<Row, Place>,
): Promise<Look<FoundRow<Place>>> {
  const untilMs = performance.now() + budgetMs;
  const found: FoundRow<Place>[] = [];
  const inPart = new Set<string>();
  const seenInPart = (hash: Uint8Array) => void inPart.add(Buffer.from(hash).toString('base64'));
  let before = range.beforeSeq;
  for (let count = firstRows; ; count = Math.min(mostRows, count * 2)) {
    const chunk = rows(before, count);
    for (const row of chunk) {
      const foundIn = await find(row, seenInPart);
      if (foundIn !== null) found.push({ seq: row.seq, foundIn });
      before = row.seq;
      if (found.length >= limit || performance.now() > untilMs) return { found, fromSeq: before, inPart: [...inPart] };
    }
    if (chunk.length < count) return { found, fromSeq: range.fromSeq, inPart: [...inPart] };
  }
}
