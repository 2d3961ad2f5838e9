import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { ListStore } from '../stores/list-store.ts';
import { EmptyState } from './empty-state.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { VirtualList } from './virtual-list.tsx';
import styles from './stored-list.module.css';

interface StoredListProps<Item> {
  readonly list: ListStore<Item, string>;
  /** What the rows are, for assistive technology: `Endpoints`. */
  readonly label: string;
  readonly icon: Icon;
  /** Says what these are, while there are none and the first is being made; without it the list is left blank then. */
  readonly empty?: string;
  /** Says that a search finds nothing. */
  readonly nothingFound: (text: string) => string;
  readonly idOf: (item: Item) => string;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly rowPx: number;
  readonly renderRow: (item: Item) => ReactNode;
  readonly head?: ReactNode;
  /** Whether rows that others make wait until they are asked for, so that nothing moves under the reader. */
  readonly holdsNew?: boolean;
}

/** The rows of a store that is searched by text: with progress, problems, and a sentence where nothing is found. */
export function StoredList<Item>({ list, label, icon, empty, nothingFound, holdsNew = false, ...rest }: StoredListProps<Item>) {
  const { items, newCount, hasMoreNew, status, problem, hasMore, isLoadingMore, filter } = useStore(list);
  return (
    <div className={styles['list']}>
      <ProgressBar isActive={status === 'loading' || isLoadingMore} />
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} onRetry={() => void list.load()} />
        </div>
      )}
      {status === 'ready' && items.length === 0 && (filter !== '' || empty !== undefined) ? (
        <EmptyState icon={icon} sentence={filter === '' ? (empty ?? '') : nothingFound(filter)} />
      ) : (
        <VirtualList
          label={label}
          items={items}
          hasMore={hasMore}
          onLoadMore={list.loadMore}
          {...(holdsNew ? { newCount, hasMoreNew, onShowNew: () => void list.showNew(), onPinned: list.setPinned } : {})}
          {...rest}
        />
      )}
    </div>
  );
}
