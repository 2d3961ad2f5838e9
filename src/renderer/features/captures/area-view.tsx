import { Button } from '@mantine/core';
import { IconInbox, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import { filterDoubt, parseFilter } from '../../base/filter-text.ts';
import { useCatalogue, useChanges, useClient, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { RelaysMain } from '../relays/relays-main.tsx';
import { createRelaysStore } from '../relays/relays-store.ts';
import { BinList } from './bin-list.tsx';
import { BinMain } from './bin-main.tsx';
import { CaptureTools } from './capture-tools.tsx';
import { DeletedBin, deletedDraft } from './deleted-bin.tsx';
import { captureKeys } from './filter.ts';
import { NewBin } from './new-bin.tsx';
import { binIdAt, detailPlace, listPlace, newId, show, unknownIn } from './place.ts';
import { useFollowing, useFollowingRefused, useFollowingRelays } from './use-following.ts';
import { createReachStore, type ReachStore } from './reach/reach-store.ts';
import { RefusedMain } from './refused-main.tsx';
import type { ListState } from '../../stores/list-store.ts';
import { createRefusedStores } from './refused-store.ts';
import { usePicked } from './use-picked.ts';
import { useSearchText } from '../../ui/use-search.ts';
import { useWrittenAtMs } from '../../ui/use-written-at.ts';
import styles from './captures.module.css';
import { createCaptureStores } from './captures-store.ts';

/** How many of all a filter finds: `3 of `, or `50+ of ` while there are more than were read. */
function foundText({ status, items, hasMore }: ListState<unknown, unknown>): string {
  return status === 'ready' ? `${items.length.toLocaleString('en')}${hasMore ? '+' : ''} of ` : '';
}

/** Captures: bins on the left, what the chosen one received in the middle, one request in detail on the right. */
export function AreaView() {
  const client = useClient();
  const { router, drafts } = useSession();
  const route = useRoute();
  const [stores] = useState(() => createCaptureStores(client));
  const [refused] = useState(() => createRefusedStores(client));
  const [relays] = useState(() => createRelaysStore(client));
  const [reach] = useState(() => createReachStore(client));
  const relayCount = useStore(relays, (state) => state.relays.length);
  const refusedCount = useStore(refused.list, ({ items, held }) => items.length + held.length);
  const { bins, isLoaded, problem } = useStore(stores.bins);
  const found = useStore(stores.list, foundText);
  const openedBinId = useStore(stores.detail, (state) => state.item?.capture.binId);
  const deletedKey = useStore(drafts, (kept) => (isLoaded ? deletedDraft(Object.keys(kept), bins) : null));

  const list = listPlace(route);
  const detail = detailPlace(route);
  const binId = binIdAt(route, openedBinId);
  const bin = bins.find((candidate) => candidate.id === binId) ?? bins[0] ?? null;
  const unknown = isLoaded ? unknownIn(route.id, binId, bins) : null;
  const captureId = detail.kind === 'capture' ? detail.id : null;
  const refusedId = detail.kind === 'refused' ? detail.id : null;
  const relayId = list === 'relays' ? (route.query['relay'] ?? null) : null;

  const [search, setSearch] = useSearchText();
  const written = route.query['f'] ?? '';
  const { keys, filter, doubt } = useCaptureFilter(written, bin, reach);
  const write = (f: string | undefined) => router.visit({ ...route, query: { ...route.query, f } });
  const picking = usePicked(bin?.id ?? '');
  useFollowing(stores, filter, captureId);
  useFollowingRefused(refused, list === 'refused' ? search : (filter.q ?? ''), refusedId);
  useFollowingRelays(relays, list === 'relays');
  useEffect(() => void reach.load(), [reach]);
  useChanges(['sources', 'stream-keys', 'tunnels'], () => void reach.load());

  const atRelay = (id: string | null) => ({ area: 'captures' as const, query: { show: show.relays, relay: id ?? undefined } });
  const atAllRefused = { area: 'captures' as const, query: { show: show.refused, q: search } };
  const createBin = () => router.go({ area: 'captures', id: newId, query: { bin: bin?.id } });
  const createRelay = () => router.visit(atRelay('new'));
  useKeys({
    n: list === 'relays' ? createRelay : createBin,
    Escape: relayId === null ? () => undefined : () => router.visit(atRelay(null)),
  });

  const countOf = {
    refused: () => countText(refusedCount, 'refused request', 'refused requests'),
    relays: () => countText(relayCount, 'relay', 'relays'),
    bin: () => (bin === null ? undefined : `${written.trim() === '' ? '' : found}${countText(bin.captureCount, 'request', 'requests')}`),
  };
  const main = () => {
    if (list === 'refused')
      return (
        <RefusedMain
          stores={refused}
          selectedId={refusedId}
          onSelect={(id) => router.visit({ ...atAllRefused, id })}
          onClose={() => router.visit(atAllRefused)}
          onGone={() => router.replace(atAllRefused)}
        />
      );
    if (bin === null) return noBin();
    if (list === 'relays')
      return (
        <RelaysMain
          store={relays}
          bins={bins}
          openedId={relayId}
          onOpen={(id) => router.visit(atRelay(id))}
          onReplace={(id) => router.replace(atRelay(id))}
        />
      );
    return (
      <BinMain
        bin={bin}
        stores={stores}
        refused={refused}
        reach={reach}
        picking={picking}
        at={detail}
        text={written}
        doubt={doubt}
        onClearFilter={() => write(undefined)}
      />
    );
  };
  const noBin = () => {
    if (!isLoaded) return null;
    if (detail.kind === 'new') return <NewBin onClose={() => router.visit({ area: 'captures', query: { f: written } })} />;
    return <NoBins onCreate={createBin} />;
  };
  return (
    <div className={styles['area']}>
      <AreaBar
        title="Captures"
        count={countOf[list]()}
        search={list === 'refused' ? { value: search, onChange: setSearch, placeholder: 'Search refused requests' } : undefined}
        action={
          bin === null && list !== 'refused' ? undefined : (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={list === 'relays' ? createRelay : createBin}>
              {list === 'relays' ? 'New relay' : 'New bin'}
            </Button>
          )
        }
      >
        {list === 'bin' && bin !== null && (
          <CaptureTools text={written} onChange={write} keys={keys} list={stores.list} refused={refused.list} />
        )}
      </AreaBar>
      <ProgressBar isActive={!isLoaded && problem === null} />
      {problem !== null && (
        <div className={styles['notice']}>
          <ErrorNotice problem={problem} onRetry={() => void stores.bins.load()} />
        </div>
      )}
      {deletedKey !== null && <DeletedBin draftKey={deletedKey} />}
      {unknown !== null && deletedKey === null && (
        <div className={styles['notice']}>
          <ErrorNotice problem={{ code: 'NOT_FOUND', message: unknown, issues: [] }} />
        </div>
      )}
      {bin === null && refusedCount === 0 && list !== 'refused' ? (
        noBin()
      ) : (
        <div className={styles['columns']}>
          <BinList
            bins={bins}
            selectedId={list === 'bin' ? (bin?.id ?? null) : null}
            onSelect={(id) => router.go({ area: 'captures', id })}
            refusedCount={refusedCount}
            isRefusedSelected={list === 'refused'}
            onSelectRefused={() => router.go({ area: 'captures', query: { show: show.refused } })}
            relayCount={relayCount}
            isRelaysSelected={list === 'relays'}
            onSelectRelays={() => router.go(atRelay(null))}
          />
          {main()}
        </div>
      )}
    </div>
  );
}

function NoBins({ onCreate }: { readonly onCreate: () => void }) {
  const { engine } = useSession();
  const captureUrl = useStore(engine, ({ health }) => health?.captureUrl ?? null);
  return (
    <EmptyState
      icon={IconInbox}
      sentence="A bin is a local URL that records every request it gets, byte for byte."
      action={
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={onCreate}>
          Create a bin
        </Button>
      }
      example={captureUrl === null ? undefined : <code>{`curl -d hello ${captureUrl}/my-bin`}</code>}
    />
  );
}

/** The filter of the list as it is written, with the keys that it may have. */
function useCaptureFilter(text: string, bin: Bin | null, reach: ReachStore) {
  const sources = useStore(reach, (state) => state.sources);
  const { eventTypes } = useCatalogue();
  const nowMs = useWrittenAtMs(text);
  const keys = useMemo(
    () => captureKeys({ bin, sources, eventTypes: eventTypes.map(({ name }) => name), nowMs }),
    [bin, sources, eventTypes, nowMs],
  );
  const filter = useMemo(() => ({ ...parseFilter(text, keys), binId: bin?.id ?? '' }), [text, keys, bin?.id]);
  return { keys, filter, doubt: filterDoubt(text, keys) };
}
