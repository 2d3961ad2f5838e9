import { Button } from '@mantine/core';
import { IconFileImport, IconPlus, IconTags } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Warning } from '#shared/contract/common.ts';
import type { EventType, EventTypeSummary } from '#shared/contract/events.ts';
import { useCatalogue, useChanges, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import type { ListStore } from '../../stores/list-store.ts';
import { numberText } from '../../base/size-format.ts';
import { useListed } from '../../stores/use-listed.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { StoredList } from '../../ui/stored-list.tsx';
import { TwoLineRow } from '../../ui/two-line-row.tsx';
import { useSearch } from '../../ui/use-search.ts';
import styles from './events.module.css';
import { eventWords, newEvent } from './event-draft.ts';
import { EventView } from './event-view.tsx';
import { ImportView } from './import-view.tsx';
import { ProposedEventView } from './proposed-event.tsx';
import { createEventList, listenersOf, listenersText } from './events-store.ts';

/** The catalogue of event types. */
export function AreaView() {
  const { client, router } = useSession();
  const { id, query } = useRoute();
  const isImporting = query['import'] !== undefined;
  const [list] = useState(() => createEventList(client));
  const [remarks, setRemarks] = useState<{ readonly name: string; readonly warnings: readonly Warning[] } | null>(null);
  const search = useSearch(list, 'Search event types');
  const { items, status, filter } = useStore(list);
  const known = useCatalogue().endpoints;
  const at = (name: string | null) => ({ area: 'events' as const, id: name, query: { q: router.route.getState().query['q'] } });
  const open = (name: string | null) => router.visit(at(name));
  const close = () => open(null);
  const replace = (name: string | null) => router.replace(at(name));
  const saved = (name: string, warnings: readonly Warning[]) => {
    setRemarks({ name, warnings });
    replace(name);
  };
  useKeys({ Escape: () => (isImporting ? router.go({ area: 'events' }) : close()) });
  useFollowing(list, id);
  const startImport = () => router.go({ area: 'events', query: { import: '1' } });
  const endImport = () => router.go({ area: 'events' });
  const isEmpty = status === 'ready' && items.length === 0 && filter === '' && search.value === '' && id !== 'new';
  const add = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      New event type
    </Button>
  );
  const importing = (
    <Button size="xs" variant="default" leftSection={<IconFileImport size={14} />} onClick={startImport}>
      Import
    </Button>
  );
  const opened = useListed({
    id: id === 'new' ? null : id,
    // Rows have neither schema nor samples.
    row: null,
    isListRead: status === 'ready',
    fetchItem: (name, signal) => client.eventTypes.get({ name }, { signal }),
    topic: 'event-types',
  });
  const selected = opened.item;
  return (
    <>
      <AreaBar
        title="Events"
        count={status === 'ready' ? numberText(items.length) : undefined}
        search={isEmpty || isImporting ? undefined : search}
        action={isEmpty || isImporting ? undefined : add}
      >
        {!isEmpty && !isImporting && importing}
      </AreaBar>
      {isImporting ? (
        <ImportView onClose={endImport} onDone={endImport} />
      ) : isEmpty ? (
        <EmptyState
          icon={IconTags}
          sentence="The catalogue holds the event types that you send, each with a sample payload and a schema."
          action={
            <span className={styles['actions']}>
              {add}
              {importing}
            </span>
          }
          example={<code>{'invoice.paid\n{ "id": "in_1042", "amount": 1250, "currency": "EUR" }'}</code>}
        />
      ) : (
        <SplitPane
          name="events"
          initialShare={0.42}
          list={
            <StoredList
              list={list}
              label="Event types"
              icon={IconTags}
              empty="The catalogue holds the event types that you send. There are none yet."
              nothingFound={(text) => `No event type has "${text}" in its name, title, description or group.`}
              idOf={({ name }) => name}
              selectedId={id}
              onSelect={open}
              rowPx={52}
              renderRow={({ name, title, description }) => (
                <TwoLineRow
                  title={name}
                  isCode
                  draftKey={`event:${name}`}
                  aside={listenersText(listenersOf(known, name))}
                  note={title || description || 'No description'}
                />
              )}
            />
          }
          detail={
            id === null ? null : id === 'new' && query['capture'] !== undefined ? (
              <ProposedEventView key={`new:${query['capture']}`} captureId={query['capture']} onSaved={saved} onClose={close} />
            ) : id === 'new' ? (
              <EventView
                key="new"
                eventType={null}
                listeners={[]}
                warnings={[]}
                onSaved={saved}
                onDeleted={() => replace(null)}
                onClose={close}
              />
            ) : selected === null ? (
              <Missing name={id} opened={opened} onMakeNew={() => replace('new')} onDiscard={() => replace(null)} />
            ) : (
              <EventView
                key={selected.name}
                eventType={selected}
                listeners={listenersOf(known, selected.name)}
                warnings={remarks?.name === selected.name ? remarks.warnings : []}
                onSaved={saved}
                onDeleted={() => replace(null)}
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

interface MissingProps {
  readonly name: string;
  readonly opened: ReturnType<typeof useListed<EventType>>;
  readonly onMakeNew: () => void;
  readonly onDiscard: () => void;
}

function Missing({ name, opened: { status, problem }, ...decisions }: MissingProps) {
  const key = `event:${name}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[key] !== undefined);
  if (problem === null) return <ProgressBar isActive={status === 'loading'} />;
  if (problem.code !== 'NOT_FOUND') return <ErrorNotice problem={problem} />;
  return isUnsaved ? (
    <DeletedElsewhere noun="event type" draftKey={key} newKey="new:event" blank={newEvent} words={eventWords} {...decisions} />
  ) : (
    <EmptyState icon={IconTags} sentence={`There is no event type ${name} in the catalogue.`} />
  );
}

function useFollowing(list: ListStore<EventTypeSummary, string>, id: string | null) {
  useEffect(() => {
    void list.load();
  }, [list]);
  useEffect(() => list.select(id), [list, id]);
  useChanges(['event-types'], (ids) => void list.refresh(ids));
}
