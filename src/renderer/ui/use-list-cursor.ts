import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { narrowQuery } from '../base/narrow.ts';

interface ListCursorInput<Item> {
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onOpen: ((id: string) => void) | undefined;
  /** Brings a row into sight; `isBrowsing` when the focus should be on the list. */
  readonly reveal: (index: number, isBrowsing: boolean) => void;
}

/** The cursor of the keys in a list, and how it moves. */
export interface ListCursor {
  /** Row that keys act on: the selected one, or the one under the cursor. */
  readonly currentId: string | null;
  readonly currentAt: number;
  /** Row to be marked as under the cursor and not yet opened, or null. */
  readonly browsedId: string | null;
  readonly go: (index: number) => void;
  readonly step: (rows: number) => void;
  readonly open: () => void;
}

/** Keys select rows as they move; where the detail would cover the list, they move a cursor that opens on Enter. */
export function useListCursor<Item>({ items, idOf, selectedId, onSelect, onOpen, reveal }: ListCursorInput<Item>): ListCursor {
  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const [cursorId, setCursorId] = useState<string | null>(null);
  const isBrowsing = isNarrow && selectedId === null;
  const currentId = isBrowsing ? cursorId : selectedId;
  const currentAt = items.findIndex((item) => idOf(item) === currentId);

  const go = (index: number) => {
    const at = Math.min(items.length - 1, Math.max(0, index));
    const item = items[at];
    if (item === undefined) return;
    setCursorId(idOf(item));
    if (!isBrowsing) onSelect(idOf(item));
    reveal(at, isBrowsing);
  };
  return {
    currentId,
    currentAt,
    browsedId: isBrowsing ? cursorId : null,
    go,
    step: (rows) => go(currentAt === -1 ? (rows > 0 ? 0 : items.length - 1) : currentAt + rows),
    open: () => {
      if (currentId === null || currentAt === -1) return;
      if (isBrowsing) onSelect(currentId);
      onOpen?.(currentId);
    },
  };
}
