import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconInbox, IconPlus } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Bin } from '#shared/contract/bins.ts';
import { filterDoubt, parseFilter } from '../../base/filter-text.ts';
import { narrowQuery } from '../../base/narrow.ts';
import { useCatalogue, useChanges, useClient, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { countText } from '../../base/size-format.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { DeletedElsewhere } from '../../ui/deleted-elsewhere.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { newBinDraft } from './bin-draft.ts';
import { BinForm, useBinWords } from './bin-form.tsx';
import { RelaysMain } from '../relays/relays-main.tsx';
import { createRelaysStore } from '../relays/relays-store.ts';
import { BinHeader } from './bin-header.tsx';
import { BinList } from './bin-list.tsx';
import { CaptureDetail } from './capture-detail.tsx';
import { CaptureList } from './capture-list.tsx';
import { CaptureTools, filterBoxId } from './capture-tools.tsx';
import { captureKeys } from './filter.ts';
import { useFollowing, useFollowingRefused, useFollowingRelays } from './use-following.ts';
import { ReachPanel } from './reach/reach-panel.tsx';
import { createReachStore, type ReachStore } from './reach/reach-store.ts';
import { RefusedDetail } from './refused-detail.tsx';
import { RefusedMain } from './refused-main.tsx';
import type { ListState } from '../../stores/list-store.ts';
import { createRefusedStores } from './refused-store.ts';
import { usePicked } from './use-picked.ts';
import { useSearchText } from '../../ui/use-search.ts';
import { useWrittenAtMs } from '../../ui/use-written-at.ts';
import styles from './captures.module.css';
import { createCaptureStores } from './captures-store.ts';

const newId = 'new';
/** What the edits of a bin are kept under, before its id. */
const binPrefix = 'bin:';
/** The value of `show` in the address that lists what was refused. */
const showRefused = 'refused';
/** The same for what is forwarded. */
const showRelays = 'relays';

/** How many of all a filter finds: `3 of `, or `50+ of ` while there are more than were read. */
function foundText({ status, items, hasMore }: ListState<unknown, unknown>): string {
  return status === 'ready' ? `${items.length.toLocaleString('en')}${hasMore ? '+' : ''} of ` : '';
}

/** Captures: bins on the left, what the chosen one received in the middle, one request in detail on the right. */
export function AreaView() {
  const client = useClient();
  const { router } = useSession();
  const route = useRoute();
  const [stores] = useState(() => createCaptureStores(client));
  const [refused] = useState(() => createRefusedStores(client));
  const [relays] = useState(() => createRelaysStore(client));
  const [reach] = useState(() => createReachStore(client));
  const relayCount = useStore(relays, (state) => state.relays.length);
  const refusedCount = useStore(refused.list, ({ items, held }) => items.length + held.length);
  const { bins, isLoaded, problem } = useStore(stores.bins);
  const found = useStore(stores.list, foundText);
  const isCapture = route.id?.startsWith('cap_') ?? false;
  const isRefused = route.id?.startsWith('ref_') ?? false;
  const isAllRefused = route.query['show'] === showRefused || (isRefused && route.query['bin'] === undefined);
  const isRelays = route.query['show'] === showRelays;
  const relayId = isRelays ? (route.query['relay'] ?? null) : null;
  const opened = useStore(stores.detail, (state) => state.item?.capture ?? null);
  const binId = isCapture ? (route.query['bin'] ?? opened?.binId) : route.id?.startsWith('bin_') === true ? route.id : route.query['bin'];
  const bin = bins.find((candidate) => candidate.id === binId) ?? bins[0] ?? null;
  const unknown = isLoaded ? unknownIn(route.id, binId, bins) : null;
  const deletedKey = useStore(useSession().drafts, (drafts) => (isLoaded ? deletedDraft(Object.keys(drafts), bins) : null));
  const isBinList = bin !== null && !isAllRefused && !isRelays;
  const [search, setSearch] = useSearchText();
  const written = route.query['f'] ?? '';
  const { keys, filter, doubt } = useCaptureFilter(written, bin, reach);
  const write = (f: string | undefined) => router.visit({ ...route, query: { ...route.query, f } });
  useFollowing(stores, filter, isCapture ? route.id : null);
  useFollowingRefused(refused, isAllRefused ? search : (filter.q ?? ''), isRefused ? route.id : null);
  useFollowingRelays(relays, isRelays);
  useEffect(() => void reach.load(), [reach]);
  useChanges(['sources', 'stream-keys', 'tunnels'], () => void reach.load());

  const isNarrow = useMediaQuery(narrowQuery, undefined, { getInitialValueInEffect: false });
  const picking = usePicked(bin?.id ?? '');

  const atRelay = (id: string | null) => ({ area: 'captures' as const, query: { show: showRelays, relay: id ?? undefined } });
  const openBin = (id: string) => router.go({ area: 'captures', id });
  const create = () => router.go({ area: 'captures', id: newId, query: { bin: bin?.id } });
  const query = isAllRefused ? { show: showRefused, q: search } : { bin: bin?.id, f: written };
  const closeDetail = () => router.visit({ area: 'captures', query });
  useKeys({
    n: isRelays ? () => router.visit(atRelay('new')) : create,
    Escape: relayId === null ? () => undefined : () => router.visit(atRelay(null)),
  });

  const newBin = (
    <BinForm key={newId} bin={null} onSaved={(saved) => router.replace({ area: 'captures', id: saved.id })} onClose={closeDetail} />
  );
  const nothing = isLoaded && (route.id === newId ? newBin : <NoBins onCreate={create} />);
  const detail =
    route.id === newId ? (
      newBin
    ) : isCapture && bin !== null ? (
      <CaptureDetail
        store={stores.detail}
        bin={bin}
        picked={isNarrow ? null : picking.picked}
        onGone={() => router.replace({ area: 'captures', query })}
        onReplayed={() => void stores.readGoneOn()}
      />
    ) : isRefused ? (
      <RefusedDetail store={refused.detail} onGone={() => router.replace({ area: 'captures', query })} />
    ) : route.query['reach'] !== undefined && bin !== null ? (
      <ReachPanel key={bin.id} store={reach} bin={bin} onClose={closeDetail} />
    ) : route.query['edit'] !== undefined ? (
      formOf(bin, closeDetail)
    ) : null;
  return (
    <div className={styles['area']}>
      <AreaBar
        title="Captures"
        count={
          isAllRefused
            ? countText(refusedCount, 'refused request', 'refused requests')
            : isRelays
              ? countText(relayCount, 'relay', 'relays')
              : bin === null
                ? undefined
                : `${written.trim() === '' ? '' : found}${countText(bin.captureCount, 'request', 'requests')}`
        }
        search={isAllRefused ? { value: search, onChange: setSearch, placeholder: 'Search refused requests' } : undefined}
        action={
          bin === null && !isAllRefused ? undefined : isRelays ? (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => router.visit(atRelay('new'))}>
              New relay
            </Button>
          ) : (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={create}>
              New bin
            </Button>
          )
        }
      >
        {isBinList && <CaptureTools text={written} onChange={write} keys={keys} list={stores.list} refused={refused.list} />}
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
      {bin === null && refusedCount === 0 && !isAllRefused ? (
        nothing
      ) : (
        <div className={styles['columns']}>
          <BinList
            bins={bins}
            selectedId={isAllRefused || isRelays ? null : (bin?.id ?? null)}
            onSelect={openBin}
            refusedCount={refusedCount}
            isRefusedSelected={isAllRefused}
            onSelectRefused={() => router.go({ area: 'captures', query: { show: showRefused } })}
            relayCount={relayCount}
            isRelaysSelected={isRelays}
            onSelectRelays={() => router.go(atRelay(null))}
          />
          {isRelays && bin !== null ? (
            <RelaysMain
              store={relays}
              bins={bins}
              openedId={relayId}
              onOpen={(id) => router.visit(atRelay(id))}
              onReplace={(id) => router.replace(atRelay(id))}
            />
          ) : isAllRefused ? (
            <RefusedMain
              stores={refused}
              selectedId={isRefused ? route.id : null}
              onSelect={(id) => router.visit({ area: 'captures', id, query })}
              onClose={closeDetail}
              onGone={() => router.replace({ area: 'captures', query })}
            />
          ) : bin === null ? (
            nothing
          ) : (
            <div className={styles['main']}>
              <BinHeader
                bin={bin}
                reach={reach}
                onEdit={() => router.go({ area: 'captures', query: { bin: bin.id, edit: 'yes' } })}
                onReach={() => router.go({ area: 'captures', query: { bin: bin.id, reach: 'yes' } })}
              />
              <SplitPane
                name="captures"
                initialShare={0.44}
                minListPx={300}
                minDetailPx={380}
                list={
                  <CaptureList
                    stores={stores}
                    refused={refused.list}
                    bin={bin}
                    picking={picking}
                    isShown={!isNarrow || detail === null}
                    selectedId={isCapture || isRefused ? route.id : null}
                    onSelect={(id) => router.visit({ area: 'captures', id, query })}
                    text={written}
                    doubt={doubt}
                    onClear={() => {
                      write(undefined);
                      // The button goes with the filter.
                      document.getElementById(filterBoxId)?.focus();
                    }}
                  />
                }
                detail={detail}
                placeholder={formOf(bin, null)}
                onBack={closeDetail}
              />
            </div>
          )}
        </div>
      )}
    </div>
  );
}

/** Says that the address names something that does not exist, since a bin is shown anyway; null if it exists. */
function unknownIn(id: string | null, binId: string | undefined, bins: readonly Bin[]): string | null {
  const shown = bins.length === 0 ? '' : ` This is ${bins[0]?.name ?? ''}.`;
  if (binId !== undefined)
    return bins.some((bin) => bin.id === binId) ? null : `There is no bin ${binId}; it may have been deleted.${shown}`;
  const isOther = id !== null && id !== newId && !/^(?:cap|ref)_/.test(id);
  return isOther ? `There is no bin ${id}: the address needs the id of a bin or of a capture.${shown}` : null;
}

/** Under which the edits of a bin are kept that does not exist any more; null where there are none. */
function deletedDraft(keys: readonly string[], bins: readonly Bin[]): string | null {
  return keys.find((key) => key.startsWith(binPrefix) && !bins.some(({ id }) => key === binPrefix + id)) ?? null;
}

function DeletedBin({ draftKey }: { readonly draftKey: string }) {
  const { client, router } = useSession();
  const words = useBinWords();
  const id = draftKey.slice(binPrefix.length);
  return (
    <DeletedElsewhere
      noun="bin"
      draftKey={draftKey}
      newKey="new:bin"
      blank={newBinDraft}
      words={words}
      onRestore={async () => {
        await client.bins.restore({ id });
        router.replace({ area: 'captures', query: { bin: id, edit: 'yes' } });
      }}
      onMakeNew={() => router.replace({ area: 'captures', id: newId })}
      onDiscard={() => router.replace({ area: 'captures' })}
    />
  );
}

function formOf(bin: Bin | null, onClose: (() => void) | null) {
  return bin === null ? null : <BinForm key={bin.id} bin={bin} onSaved={() => onClose?.()} onClose={onClose} />;
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
