import { Button } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { EventType } from '#shared/contract/events.ts';
import { useCatalogue, useChanges, useKeys, useRoute, useSession } from '../../session.tsx';
import type { KnownEndpoint } from '../../stores/catalogue-store.ts';
import type { ListStore } from '../../stores/list-store.ts';
import { countText, numberText } from '../../size-format.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { EventView } from './event-view.tsx';
import { createEventList, listenersOf } from './events-store.ts';
import styles from './events.module.css';

/** The catalogue of event types. */
export function AreaView() {
  const { client, router } = useSession();
  const { id } = useRoute();
  const [list] = useState(() => createEventList(client));
  const [text, setText] = useState('');
  const { items, status, filter } = useStore(list);
  const known = useCatalogue().endpoints;
  const open = useCallback((name: string | null) => router.replace({ area: 'events', id: name }), [router]);
  const close = () => open(null);
  const search = useDebouncedCallback((wanted: string) => void list.setFilter(wanted), 150);
  useKeys({ Escape: close });
  useFollowing(list, id);
  const isEmpty = status === 'ready' && items.length === 0 && filter === '' && text === '' && id !== 'new';
  const add = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      New event type
    </Button>
  );
  const selected = items.find(({ name }) => name === id) ?? null;
  const searchBar = {
    value: text,
    placeholder: 'Search event types',
    onChange: (value: string) => {
      setText(value);
      search(value);
    },
  };
  return (
    <>
      <AreaBar
        title="Events"
        count={status === 'ready' ? numberText(items.length) : undefined}
        search={isEmpty ? undefined : searchBar}
        action={isEmpty ? undefined : add}
      />
      {isEmpty ? (
        <EmptyState
          icon={IconTags}
          sentence="The catalogue holds the event types that you send, each with a sample payload and a schema."
          action={add}
          example={<code>{'invoice.paid\n{ "id": "in_1042", "amount": 1250, "currency": "EUR" }'}</code>}
        />
      ) : (
        <SplitPane
          name="events"
          initialShare={0.42}
          list={<EventList list={list} listeners={known} selectedId={id} onSelect={open} />}
          detail={
            id === null ? null : id === 'new' ? (
              <EventView key="new" eventType={null} listeners={[]} onSaved={open} onClose={close} />
            ) : selected === null ? (
              <Missing name={id} isLoading={status !== 'ready'} />
            ) : (
              <EventView
                key={selected.name}
                eventType={selected}
                listeners={listenersOf(known, selected.name)}
                onSaved={open}
                onClose={close}
              />
            )
          }
          onBack={close}
        />
      )}
    </>
  );
}

interface EventListProps {
  readonly list: ListStore<EventType, string>;
  readonly listeners: readonly KnownEndpoint[];
  readonly selectedId: string | null;
  readonly onSelect: (name: string) => void;
}

function EventList({ list, listeners, selectedId, onSelect }: EventListProps) {
  const { items, status, problem, hasMore, isLoadingMore, filter } = useStore(list);
  return (
    <div className={styles['list']}>
      <ProgressBar isActive={status === 'loading' || isLoadingMore} />
      {problem !== null && (
        <div className={styles['problem']}>
          <ErrorNotice problem={problem} onRetry={() => void list.load()} />
        </div>
      )}
      {status === 'ready' && items.length === 0 && filter !== '' ? (
        <EmptyState icon={IconTags} sentence={`No event type has "${filter}" in its name or description.`} />
      ) : (
        <VirtualList
          label="Event types"
          items={items}
          idOf={({ name }) => name}
          selectedId={selectedId}
          onSelect={onSelect}
          rowPx={52}
          renderRow={(eventType) => <Row eventType={eventType} listenerCount={listenersOf(listeners, eventType.name).length} />}
          hasMore={hasMore}
          onLoadMore={list.loadMore}
        />
      )}
    </div>
  );
}

function Row({ eventType, listenerCount }: { readonly eventType: EventType; readonly listenerCount: number }) {
  return (
    <div className={styles['row']}>
      <code className="truncate" title={eventType.name}>
        {eventType.name}
      </code>
      <span className={styles['count']}>{listenerCount === 0 ? 'no endpoint' : countText(listenerCount, 'endpoint', 'endpoints')}</span>
      <span className={`truncate ${styles['description']}`} title={eventType.description}>
        {eventType.description || 'No description'}
      </span>
    </div>
  );
}

function Missing({ name, isLoading }: { readonly name: string; readonly isLoading: boolean }) {
  if (isLoading) return <ProgressBar isActive />;
  return (
    <EmptyState
      icon={IconTags}
      sentence={`There is no event type ${name} in what is listed; it may have been deleted, or the search leaves it out.`}
    />
  );
}

function useFollowing(list: ListStore<EventType, string>, id: string | null) {
  useEffect(() => {
    void list.load();
  }, [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges(['event-types'], (ids) => void list.refresh(ids));
}
