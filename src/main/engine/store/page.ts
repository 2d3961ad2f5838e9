import { createPause } from '../base/pause.ts';
import { invalid } from '../base/refusal.ts';

/** The pages of one listing: where a cursor leads, and a page with the cursor of the next. */
export interface Pages<Position> {
  /** The position of a cursor; undefined without one. Throws a Refusal INPUT_INVALID for a cursor that is not from this listing. */
  readonly at: (cursor: string | undefined) => Position | undefined;
  /** Makes a page from one row more than requested: the extra row only shows that there is a next page. */
  readonly page: <Row, Item>(
    rows: readonly Row[],
    limit: number,
    positionOf: (row: Row) => Position,
    toItem: (row: Row) => Item,
  ) => { items: Item[]; next: string | null };
}

/** How a position is written in a cursor; `read` returns null for anything else. */
interface PositionForm<Position> {
  readonly write: (position: Position) => string;
  readonly read: (text: string) => Position | null;
}

function pagesOf<Position>(list: string, { write, read }: PositionForm<Position>): Pages<Position> {
  return {
    at: (cursor) => {
      if (cursor === undefined) return undefined;
      // The name of the list distinguishes a cursor from other text, and from cursors of other lists.
      const position = cursor.startsWith(`${list}.`) ? read(cursor.slice(list.length + 1)) : null;
      if (position === null)
        throw invalid(
          'cursor',
          'This list gave no such cursor. Give the `next` of a page of this list as it is, or no cursor to begin with the first page.',
        );
      return position;
    },
    page: (rows, limit, positionOf, toItem) => {
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = rows.length > limit && last !== undefined ? `${list}.${write(positionOf(last))}` : null;
      return { items: shown.map(toItem), next };
    },
  };
}

const seqForm: PositionForm<number> = {
  write: (seq) => seq.toString(36),
  read: (text) => {
    const seq = Number.parseInt(text, 36);
    // Rows are counted from 1, and each has one spelling: the one that is given out.
    return Number.isSafeInteger(seq) && seq > 0 && seq.toString(36) === text ? seq : null;
  },
};

/** The pages of a listing by `seq`, from newest to oldest or the other way. */
export function seqPages(list: string): {
  /** The row that a cursor points before. */
  readonly before: (cursor: string | undefined) => number;
  /** The row that a cursor points behind, where the oldest come first. */
  readonly after: (cursor: string | undefined) => number;
  /** The cursor of what comes behind a row. */
  readonly cursorBehind: (seq: number) => string;
  readonly page: <Row extends { readonly seq: number }, Item>(
    rows: readonly Row[],
    limit: number,
    toItem: (row: Row) => Item,
  ) => { items: Item[]; next: string | null };
  /** The same for items that each take some milliseconds, with other work in between. A row without an item is left out. */
  readonly pageInTurns: <Row extends { readonly seq: number }, Item>(
    rows: readonly Row[],
    limit: number,
    toItem: (row: Row) => Item | undefined,
    turnMs?: number,
  ) => Promise<{ items: Item[]; next: string | null }>;
} {
  const { at, page } = pagesOf(list, seqForm);
  return {
    before: (cursor) => at(cursor) ?? Number.MAX_SAFE_INTEGER,
    after: (cursor) => at(cursor) ?? 0,
    cursorBehind: (seq) => `${list}.${seqForm.write(seq)}`,
    page: (rows, limit, toItem) => page(rows, limit, ({ seq }) => seq, toItem),
    pageInTurns: async (rows, limit, toItem, turnMs) => {
      const pause = createPause(turnMs);
      const { items: shown, next } = page(
        rows,
        limit,
        ({ seq }) => seq,
        (row) => row,
      );
      const items = [];
      for (const row of shown) {
        const item = toItem(row);
        if (item !== undefined) items.push(item);
        await pause();
      }
      return { items, next };
    },
  };
}

/** The pages of a listing by a text that each row has once, such as its name; `form` says what that looks like. */
export function textPages(list: string, form: RegExp): Pages<string> {
  return pagesOf(list, { write: (text) => text, read: (text) => (form.test(text) ? text : null) });
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
