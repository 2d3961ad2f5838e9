import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useClient } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { RefusedDetail } from './refused-detail.tsx';
import { RefusedRow } from './refused-row.tsx';
import type { RefusedStores } from './refused-store.ts';
import { useDeleted } from '../../ui/use-deleted.ts';
import styles from './captures.module.css';
import refusedStyles from './refused.module.css';

interface RefusedMainProps {
  readonly stores: RefusedStores;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** All refused requests, of every bin and of none. */
export function RefusedMain({ stores, selectedId, onSelect, onClose, onGone }: RefusedMainProps) {
  const client = useClient();
  const tellDeleted = useDeleted();
  const { items } = useStore(stores.list);
  const clear = async () => {
    const { removed, removedAtMs } = await client.refusedRequests.clear({});
    onGone();
    tellDeleted(`${countText(removed, 'entry', 'entries')} deleted`, async () => {
      await client.refusedRequests.restore({ removedAtMs });
      return { sentence: 'Entries restored.', route: { area: 'captures', query: { show: 'refused' } }, itemId: null };
    });
  };
  return (
    <div className={refusedStyles['main']}>
      <header className={refusedStyles['head']}>
        <p>Requests that no bin could take: why, and what to change at the sender. The newest 1,000 are kept.</p>
        <Button size="xs" variant="default" disabled={items.length === 0} onClick={() => void clear()}>
          Delete all
        </Button>
      </header>
      <SplitPane
        name="captures"
        initialShare={0.44}
        minListPx={300}
        minDetailPx={380}
        list={<RefusedList stores={stores} selectedId={selectedId} onSelect={onSelect} />}
        detail={selectedId === null ? null : <RefusedDetail store={stores.detail} onGone={onGone} />}
        placeholder={null}
        onBack={onClose}
      />
    </div>
  );
}

function RefusedList({ stores: { list }, selectedId, onSelect }: Pick<RefusedMainProps, 'stores' | 'selectedId' | 'onSelect'>) {
  const state = useStore(list);
  if (state.status === 'failed' && state.problem !== null)
    return (
      <div className={styles['notice']}>
        <ErrorNotice problem={state.problem} onRetry={() => void list.load()} />
      </div>
    );
  if (state.status === 'ready' && state.items.length === 0 && state.held.length === 0)
    return state.filter.q === '' ? (
      <EmptyState icon={IconCircleCheck} sentence="Nothing was refused: bins could take every request that came." />
    ) : (
      <p className={styles['none']}>No refused request matches the search.</p>
    );
  return (
    <>
      <ProgressBar isActive={state.status === 'loading'} />
      <VirtualList
        label="Refused requests"
        items={state.items}
        idOf={({ id }) => id}
        selectedId={selectedId}
        onSelect={onSelect}
        hasMore={state.hasMore}
        onLoadMore={() => void list.loadMore()}
        newCount={state.newCount}
        hasMoreNew={state.hasMoreNew}
        onShowNew={list.showNew}
        onPinned={list.setPinned}
        renderRow={(refused) => <RefusedRow refused={refused} />}
      />
    </>
  );
}
