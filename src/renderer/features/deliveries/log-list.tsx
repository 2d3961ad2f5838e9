import { Button } from '@mantine/core';
import { IconPencil, IconSend } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useSession } from '../../stores/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SearchedInPart } from '../../ui/search-notes.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { DeliveryStores } from './deliveries-store.ts';
import { DeliveryRow, DeliveryRowHead } from './delivery-row.tsx';
import styles from './area-view.module.css';

interface LogProps {
  readonly stores: DeliveryStores;
  /** Why a part of the filter is not a filter. */
  readonly doubt: string | null;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onClear: () => void;
}

/** The rows of the log that the filter finds. */
export function Log({ stores, doubt, selectedId, onSelect, onClear }: LogProps) {
  const { list } = stores;
  const remarks = useStore(stores.remarks);
  const { items, newCount, hasMoreNew, status, hasMore, isLoadingMore, problem, searchedInPart } = useStore(list);
  return (
    <div className={styles['log']}>
      <ProgressBar isActive={status === 'loading' || isLoadingMore} />
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} onRetry={() => void list.load()} />
        </div>
      )}
      <SearchedInPart count={searchedInPart} />
      {status === 'ready' && items.length === 0 && problem === null ? (
        <EmptyState
          icon={IconSend}
          sentence={['No delivery matches this filter.', ...(doubt === null ? [] : [doubt]), ...remarks.map(({ message }) => message)].join(
            ' ',
          )}
          action={
            <Button size="xs" variant="default" onClick={onClear}>
              Clear the filter
            </Button>
          }
        />
      ) : (
        <VirtualList
          label="Deliveries"
          head={<DeliveryRowHead />}
          items={items}
          idOf={idOf}
          selectedId={selectedId}
          onSelect={onSelect}
          renderRow={(delivery) => <DeliveryRow delivery={delivery} />}
          hasMore={hasMore}
          onLoadMore={list.loadMore}
          newCount={newCount}
          hasMoreNew={hasMoreNew}
          onShowNew={() => void list.showNew()}
          onPinned={list.setPinned}
        />
      )}
    </div>
  );
}

/** What stands there before anything was sent. */
export function NoDeliveries() {
  const { router } = useSession();
  return (
    <EmptyState
      icon={IconSend}
      sentence="Nothing has been sent yet. A delivery appears here for each endpoint that an event is sent to."
      action={
        <Button size="xs" leftSection={<IconPencil size={14} />} onClick={() => router.go({ area: 'compose' })}>
          Compose an event
        </Button>
      }
      example={
        <code>{`echo '{"id":"in_1042"}' | npm run -s hookyard -- send invoice.paid --to http://127.0.0.1:3000/webhooks --data -`}</code>
      }
    />
  );
}

function idOf(delivery: { readonly id: string }): string {
  return delivery.id;
}
