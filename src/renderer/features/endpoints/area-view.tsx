import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useCatalogue, useChanges, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { StoredList } from '../../ui/stored-list.tsx';
import { useSearch } from '../../ui/use-search.ts';
import { checkIn, checksPage } from './checks-route.ts';
import { ChecksView } from './checks-view.tsx';
import { asNewDraft, endpointParts, newDraft } from './endpoint-draft.ts';
import { EndpointRow, EndpointRowHead } from './endpoint-row.tsx';
import { useEndpointWords } from './endpoint-words.ts';
import { EndpointView } from './endpoint-view.tsx';
import { createEndpointStores, endpointCount, type EndpointStores } from './endpoints-store.ts';
import { NewEndpoint } from './new-endpoint.tsx';
import { shownOnce, type ShownSecret } from './shown-once.tsx';
import styles from './area-view.module.css';

/** Drafts survive leaving the area, so that going elsewhere and back loses nothing. */
const storesOfSession = new WeakMap<object, EndpointStores>();

/** The endpoints, or the checks of their receivers. */
export function AreaView() {
  const { router } = useSession();
  const { id } = useRoute();
  const check = checkIn(id);
  const pages = (
    <SegmentedControl
      size="xs"
      aria-label="Page"
      value={check === undefined ? 'endpoints' : 'checks'}
      data={[
        { value: 'endpoints', label: 'Endpoints' },
        { value: 'checks', label: 'Checks' },
      ]}
      onChange={(value) => router.go({ area: 'endpoints', id: value === 'checks' ? checksPage : null })}
    />
  );
  return check === undefined ? <EndpointsView pages={pages} /> : <ChecksView id={check} pages={pages} />;
}

/** The endpoints: list, form, and the secret shown once. */
function EndpointsView({ pages }: { readonly pages: ReactNode }) {
  const session = useSession();
  const { client, router } = session;
  const { id } = useRoute();
  const [stores] = useState(() => {
    const kept = storesOfSession.get(session) ?? createEndpointStores(client);
    storesOfSession.set(session, kept);
    return kept;
  });
  const showSecret = (shown: ShownSecret) => session.secrets.show(shownOnce(shown));
  const eventTypes = useCatalogue().eventTypes.map(({ name }) => name);
  const at = (target: string | null) => ({ area: 'endpoints' as const, id: target, query: { q: router.route.getState().query['q'] } });
  const open = (target: string | null) => router.visit(at(target));
  const close = () => open(null);
  useFollowing(stores, id);
  useKeys({ Escape: close });
  const { items, filter, status } = useStore(stores.list);
  const search = useSearch(stores.list, 'Search endpoints');
  const isEmpty = status === 'ready' && items.length === 0 && filter === '' && search.value === '' && id !== 'new';
  const create = (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => open('new')}>
      New endpoint
    </Button>
  );
  return (
    <>
      <AreaBar
        title="Endpoints"
        lead={pages}
        count={status === 'ready' ? endpointCount(items) : undefined}
        search={isEmpty ? undefined : search}
        action={isEmpty ? undefined : create}
      />
      {isEmpty ? (
        <EmptyState
          icon={IconWebhook}
          sentence="An endpoint is where webhooks go: a URL, the events it listens to, and how requests are signed."
          action={create}
          example={<code>{'POST http://127.0.0.1:3000/webhooks\nlistens to invoice.*, signed with Standard Webhooks'}</code>}
        />
      ) : id === 'new' ? (
        <NewEndpoint
          eventTypes={eventTypes}
          onClose={close}
          onMade={(endpoint, handed) => {
            router.replace(at(endpoint.id));
            if (handed !== null) showSecret({ ...handed, scheme: endpoint.signing?.scheme ?? null, previousExpiresAtMs: null });
          }}
        />
      ) : (
        <SplitPane
          name="endpoints"
          initialShare={0.42}
          list={<EndpointList stores={stores} selectedId={id} onSelect={open} />}
          detail={
            id === null ? null : (
              <Detail
                stores={stores}
                eventTypes={eventTypes}
                onClose={close}
                onDeleted={() => router.replace(at(null))}
                onSecret={showSecret}
              />
            )
          }
          onBack={close}
        />
      )}
    </>
  );
}

function EndpointList({
  stores,
  selectedId,
  onSelect,
}: {
  readonly stores: EndpointStores;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
}) {
  const { list } = stores;
  return (
    <StoredList
      list={list}
      label="Endpoints"
      icon={IconWebhook}
      nothingFound={(text) => `No endpoint has "${text}" in its name or URL.`}
      head={<EndpointRowHead />}
      idOf={(endpoint) => endpoint.id}
      selectedId={selectedId}
      onSelect={onSelect}
      rowPx={36}
      renderRow={(endpoint) => <EndpointRow endpoint={endpoint} />}
      holdsNew
    />
  );
}

interface DetailProps {
  readonly stores: EndpointStores;
  readonly eventTypes: readonly string[];
  readonly onSecret: (shown: ShownSecret) => void;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

function Detail({ stores, ...rest }: DetailProps) {
  const { id, item, status, problem } = useStore(stores.detail);
  const key = `endpoint:${id ?? ''}`;
  const isUnsaved = useStore(useSession().drafts, (drafts) => drafts[key] !== undefined);
  if (item !== null) return <EndpointView key={item.id} endpoint={item} stores={stores} {...rest} />;
  const isGone = problem?.code === 'NOT_FOUND';
  if (isGone && isUnsaved) return <DeletedEndpoint draftKey={key} onClose={rest.onDeleted} />;
  return (
    <>
      <ProgressBar isActive={status === 'loading'} />
      <div className={styles['problem']}>
        <ErrorNotice problem={problem} onRetry={isGone ? undefined : () => void stores.detail.refresh()} />
      </div>
    </>
  );
}

function DeletedEndpoint({ draftKey, onClose }: { readonly draftKey: string; readonly onClose: () => void }) {
  const { router } = useSession();
  const words = useEndpointWords();
  return (
    <DeletedElsewhere
      noun="endpoint"
      draftKey={draftKey}
      newKey="endpoint:new"
      blank={newDraft()}
      parts={endpointParts}
      words={words}
      prepare={asNewDraft}
      onMakeNew={() => router.replace({ area: 'endpoints', id: 'new' })}
      onDiscard={onClose}
    />
  );
}

function useFollowing({ list, detail }: EndpointStores, id: string | null) {
  useEffect(() => {
    void (list.getState().status === 'idle' ? list.load() : list.refresh(null));
  }, [list]);
  useEffect(() => {
    list.select(id);
    const wanted = id === 'new' ? null : id;
    // Returning to what was open before: it may have changed meanwhile.
    void (detail.getState().id === wanted ? detail.refresh() : detail.open(wanted));
  }, [list, detail, id]);
  useChanges(['endpoints', 'endpoint-health', 'deliveries'], (ids) => {
    void list.refresh(ids);
    void detail.refresh();
  });
}
