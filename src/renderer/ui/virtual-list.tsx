import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useKeys } from '../stores/session.tsx';
import { countText, numberText } from '../base/size-format.ts';
import { useListCursor } from './use-list-cursor.ts';
import { usePin } from './use-pin.ts';
import styles from './virtual-list.module.css';

interface VirtualListProps<Item> {
  /** What the rows are, for assistive technology: `Deliveries`. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  readonly selectedId: string | null;
  /** The selection came to this row, by key or click. */
  readonly onSelect: (id: string) => void;
  /** Enter or double click; the selection is there already. */
  readonly onOpen?: (id: string) => void;
  readonly renderRow: (item: Item, isSelected: boolean) => ReactNode;
  /** Height of a row in pixels, 32 by default. */
  readonly rowPx?: number;
  readonly hasMore?: boolean;
  readonly onLoadMore?: () => void;
  /** Rows that wait to be let in. */
  readonly newCount?: number;
  /** There are more of them than were counted. */
  readonly hasMoreNew?: boolean;
  readonly onShowNew?: () => void;
  /** Called with whether rows must not move: because the list is scrolled, pointed at, or has a selection. */
  readonly onPinned?: (isPinned: boolean) => void;
  /** Column heads, in a row that does not scroll. */
  readonly head?: ReactNode;
}

/** How many rows wait to be shown: `12 new`, or `200+ new`. */
export function newText(count: number, hasMore: boolean): string {
  return hasMore ? `${numberText(count)}+ new` : countText(count, 'new', 'new');
}

/** Rows asked for before the end is reached. */
const ahead = 20;

/**
 * A virtualised list with one tab stop: arrows, j, k, Home, End, Page keys move; Enter opens. Where the detail would
 * cover the list, keys move a cursor over the rows until Enter, so that one can look before one opens.
 */
export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { label, items, idOf, selectedId, onSelect, onOpen, renderRow, rowPx = 32, head } = props;
  const { hasMore = false, onLoadMore, newCount = 0, hasMoreNew = false, onShowNew, onPinned } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : idOf(item);
    },
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && last >= items.length - ahead) onLoadMore?.();
  }, [hasMore, last, items.length, onLoadMore]);

  const { currentId, currentAt, browsedId, go, step, open } = useListCursor({
    items,
    idOf,
    selectedId,
    onSelect,
    onOpen,
    reveal: (index, isBrowsing) => {
      if (isBrowsing) scroller.current?.focus({ preventScroll: true });
      virtual.scrollToIndex(index, { align: 'auto' });
    },
  });
  useKeys({ j: () => step(1), k: () => step(-1), ...(onOpen === undefined ? {} : { o: open }) });

  const pageRows = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowPx) / rowPx) - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(pageRows()),
      PageUp: () => step(-pageRows()),
      Home: () => go(0),
      End: () => go(items.length - 1),
      Enter: open,
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const report = usePin(currentAt !== -1 && currentId === selectedId, onPinned);

  return (
    // The whole frame counts: a pill that appears under the pointer must not make the rows move.
    <div className={styles['frame']} onPointerEnter={() => report({ isOver: true })} onPointerLeave={() => report({ isOver: false })}>
      {head !== undefined && (
        <div className={styles['head']} aria-hidden>
          {head}
        </div>
      )}
      {newCount > 0 && (
        <button
          type="button"
          className={styles['pill']}
          onClick={() => {
            scroller.current?.scrollTo({ top: 0 });
            onShowNew?.();
          }}
        >
          {newText(newCount, hasMoreNew)}
        </button>
      )}
      <div
        ref={scroller}
        className={styles['scroller']}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={currentAt === -1 ? undefined : `${prefix}-${currentId}`}
        onKeyDown={onKeyDown}
        onScroll={(event) => report({ isScrolled: event.currentTarget.scrollTop > 0 })}
      >
        <div className={styles['rows']} style={{ height: virtual.getTotalSize() }}>
          {rows.map((row) => {
            const item = items[row.index];
            if (item === undefined) return null;
            const id = idOf(item);
            return (
              <div
                key={row.key}
                id={`${prefix}-${id}`}
                className={styles['row']}
                role="option"
                data-item={id}
                aria-selected={id === selectedId}
                data-cursor={id === browsedId || undefined}
                aria-setsize={hasMore ? -1 : items.length}
                aria-posinset={row.index + 1}
                style={{ height: rowPx, transform: `translateY(${row.start}px)` }}
                onClick={() => onSelect(id)}
                onDoubleClick={() => onOpen?.(id)}
              >
                {renderRow(item, id === selectedId)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
