import { useDebouncedCallback } from '@mantine/hooks';
import { SegmentedControl } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Route } from '../../base/router.ts';
import type { Catalogue } from '../../stores/catalogue-store.ts';
import { useCatalogue, useChanges, useKeys, useRoute, useSession } from '../../stores/session.tsx';
import { filterDoubt, parseFilter, withKey, withoutKey, type FilterKeys } from '../../base/filter-text.ts';
import { countText, numberText } from '../../base/size-format.ts';
import { AreaBar } from '../../ui/area-bar.tsx';
import { FilterBox } from '../../ui/filter-box.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { useWrittenAtMs } from '../../ui/use-written-at.ts';
import { runNameOf, type RunSource } from '../runs/run-source.ts';
import { SaveRun } from '../runs/save-run.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { createDeliveryStores, type DeliveryStats, type DeliveryStores } from './deliveries-store.ts';
import { DeliveryView } from './delivery-detail.tsx';
import { FailureGroups } from './failure-groups.tsx';
import { deliveryKeys, type DeliveryFilter } from './filter.ts';
import { Histogram, type TimeRange } from './histogram.tsx';
import { totalOf } from './histogram-layout.ts';
import { Log, NoDeliveries } from './log-list.tsx';
import { ReplayDialog, ReplayStrips } from './replay-dialog.tsx';
import { createReplayStores, type ReplayStores } from './replays-store.ts';
import { UnheardStrip } from './unheard-strip.tsx';

/** The id of the filter box, to lead the focus there. */
const filterBoxId = 'deliveries-filter';

/** How long typing in the filter box pauses before it counts. */
const typingPauseMs = 150;

/** The log of deliveries: histogram, filter, rows and one delivery in detail. */
export function AreaView() {
  const { client, router } = useSession();
  const route = useRoute();
  const catalogue = useCatalogue();
  const text = route.query['f'] ?? '';
  const range = rangeOf(route);
  const keys = useDeliveryKeys(text, catalogue);
  const filter = useFilter(text, range, keys);
  const [stores] = useState(() => createDeliveryStores(client, filter));
  const [replays] = useState(() => createReplayStores(client));
  useFollowing(stores, filter, route.id);
  useReplays(replays);

  const change = (query: Readonly<Record<string, string | undefined>>) => router.visit({ ...route, query: { ...route.query, ...query } });
  const open = useCallback((id: string | null) => router.visit({ ...router.route.getState(), area: 'deliveries', id }), [router]);
  const close = () => open(null);
  const replay = route.query['replay'] ?? null;
  const showReplay = (shown: string | null) => change({ replay: shown ?? undefined, endpoint: undefined, group: undefined });
  const isGrouped = route.query['view'] === 'groups';
  const showGroups = (isShown: boolean) => change({ view: isShown ? 'groups' : undefined });
  const group = route.query['group'];
  const [asked, setAsked] = useState<{ readonly key: string; readonly cause: string } | null>(null);
  // The dialog closes first.
  useKeys(replay === null ? { Escape: close, b: () => showGroups(!isGrouped) } : {});
  const [source, setSource] = useState<RunSource | null>(null);
  const saveAsTest = () => setSource({ deliveryFilter: filter });

  const stats = useStore(stores.stats, (state) => state.stats);
  const isNarrowed = text !== '' || range !== null;
  const status = filter.status ?? null;
  const chooseStatus = (chosen: DeliveryStatus | null) =>
    change({ f: chosen === null ? withoutKey(text, 'status') : withKey(text, 'status', chosen) });
  const tests = stats === null ? 0 : countOf(stats.testsByStatus, null);
  const isEmpty = stats !== null && stats.total + tests === 0 && !isNarrowed;
  return (
    <>
      <AreaBar
        title="Deliveries"
        lead={!isEmpty && <ViewSwitch isGrouped={isGrouped} onChange={showGroups} />}
        count={stats === null ? undefined : listedText(stats, filter)}
        action={
          !isEmpty && (
            <BulkActions
              filter={filter}
              total={stats === null ? 0 : listedOf(stats, filter)}
              open={stats === null ? 0 : openOf(stats, filter)}
              isOneShown={route.id !== null}
              onReplay={() => showReplay('redeliver')}
              onSaveAsTest={saveAsTest}
              onShowReplays={() => showReplay('all')}
            />
          )
        }
      >
        <FilterBox
          text={text}
          onChange={(f) => change({ f })}
          keys={keys}
          id={filterBoxId}
          label="Filter deliveries"
          example="status:failed event:invoice.paid timeout"
        />
      </AreaBar>
      <ReplayStrips stores={replays} onShow={showReplay} />
      <UnheardStrip />
      <SaveRun source={source} name={runNameOf(filter.eventType ?? 'saved')} onClose={() => setSource(null)} />
      <ReplayDialog
        stores={replays}
        shown={replay}
        filter={group === undefined ? filter : { ...filter, failureGroup: group }}
        cause={group !== undefined && asked?.key === group ? asked.cause : null}
        endpointId={route.query['endpoint'] ?? null}
        onShow={showReplay}
        onShowDeliveries={(id) => router.go({ area: 'deliveries', id: null, query: { f: `replay:${id}` } })}
      />
      {isEmpty ? (
        <NoDeliveries />
      ) : (
        <>
          <Histogram
            stats={stats}
            range={range}
            status={status}
            onRange={(chosen) =>
              change({ from: chosen === null ? undefined : String(chosen.fromMs), to: chosen === null ? undefined : String(chosen.toMs) })
            }
            onStatus={chooseStatus}
            tests={filter.isTest === true ? (stats?.total ?? 0) : tests}
            isOfTests={filter.isTest === true}
            areTestsHidden={filter.isTest === false}
            onHideTests={(areHidden) => change({ f: areHidden ? withKey(text, 'test', 'no') : withoutKey(text, 'test') })}
            onTests={(isShown) => change({ f: isShown ? withKey(text, 'test', 'yes') : withoutKey(text, 'test') })}
          />
          <SplitPane
            name="deliveries"
            initialShare={0.5}
            list={
              isGrouped ? (
                <FailureGroups
                  filter={filter}
                  replays={replays}
                  onReplay={(key, cause) => {
                    setAsked({ key, cause });
                    change({ replay: 'redeliver', group: key });
                  }}
                  onShow={(key) => change({ f: withKey(text, 'group', key), view: undefined })}
                  onShowTests={(isShown) => change({ f: isShown ? withKey(text, 'test', 'yes') : withoutKey(text, 'test') })}
                  onShowCancelled={() => change({ f: withKey(text, 'status', 'cancelled'), view: undefined })}
                  onShowReplayed={(id) => change({ f: `replay:${id}`, view: undefined })}
                  onShowReplay={showReplay}
                  onLeave={() => showGroups(false)}
                />
              ) : (
                <Log
                  stores={stores}
                  doubt={filterDoubt(text, keys)}
                  onSelect={open}
                  selectedId={route.id}
                  onClear={() => {
                    change({ f: undefined, from: undefined, to: undefined });
                    // The button goes with the filter.
                    document.getElementById(filterBoxId)?.focus();
                  }}
                />
              )
            }
            detail={route.id === null ? null : <DeliveryView stores={stores} onClose={close} />}
            onBack={close}
          />
        </>
      )}
    </>
  );
}

interface ViewSwitchProps {
  readonly isGrouped: boolean;
  readonly onChange: (isGrouped: boolean) => void;
}

/** Each delivery, or what failed by its causes. */
function ViewSwitch({ isGrouped, onChange }: ViewSwitchProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="What is listed"
      style={{ flex: 'none' }}
      data={[
        { value: 'log', label: 'Log' },
        { value: 'groups', label: 'Groups' },
      ]}
      value={isGrouped ? 'groups' : 'log'}
      onChange={(value) => onChange(value === 'groups')}
      title="What failed, by its causes (b)"
    />
  );
}

type Counts = DeliveryStats['byStatus'];

/** How many of one status there are, or of all for null. */
function countOf(counts: Counts, status: DeliveryStatus | null): number {
  return status === null ? totalOf(counts) : (counts[status] ?? 0);
}

/** Tests that are listed beside what is counted: those of one endpoint went to copies of it, and are listed only where they are asked for. */
function listedTests(stats: DeliveryStats, { endpointId }: DeliveryFilter): Counts {
  return endpointId === undefined ? stats.testsByStatus : {};
}

/** How many deliveries the filter finds, its status and its tests included. */
function listedOf(stats: DeliveryStats, filter: DeliveryFilter): number {
  const status = filter.status ?? null;
  return countOf(stats.byStatus, status) + countOf(listedTests(stats, filter), status);
}

/** The same with the tests apart: `1,204 + 312 tests`. */
function listedText(stats: DeliveryStats, filter: DeliveryFilter): string {
  const status = filter.status ?? null;
  const tests = countOf(listedTests(stats, filter), status);
  return `${numberText(countOf(stats.byStatus, status))}${tests === 0 ? '' : ` + ${countText(tests, 'test', 'tests')}`}`;
}

/** How many of them are not final. */
function openOf(stats: DeliveryStats, filter: DeliveryFilter): number {
  const { status } = filter;
  const open = (['pending', 'failed'] as const).filter((each) => status === undefined || status === each);
  return open.reduce((sum, each) => sum + listedOf(stats, { ...filter, status: each }), 0);
}

/** Reads the replays, and again on each change of one. */
function useReplays({ list }: ReplayStores) {
  useEffect(() => void list.load(), [list]);
  useChanges(['replays'], (ids) => void list.refresh(ids));
}

function rangeOf({ query }: Route): TimeRange | null {
  const fromMs = Number(query['from'] ?? NaN);
  const toMs = Number(query['to'] ?? NaN);
  return Number.isInteger(fromMs) && Number.isInteger(toMs) ? { fromMs, toMs } : null;
}

/** The keys of the filter; how long ago counts from when the text was written. */
function useDeliveryKeys(text: string, { endpoints, eventTypes }: Catalogue): FilterKeys<DeliveryFilter> {
  const nowMs = useWrittenAtMs(text);
  return useMemo(() => deliveryKeys({ endpoints, eventTypes: eventTypes.map(({ name }) => name), nowMs }), [endpoints, eventTypes, nowMs]);
}

function useFilter(text: string, range: TimeRange | null, keys: FilterKeys<DeliveryFilter>): DeliveryFilter {
  const { fromMs, toMs } = range ?? {};
  return useMemo(
    () => ({ ...parseFilter(text, keys), ...(fromMs === undefined || toMs === undefined ? {} : { fromMs, toMs }) }),
    [text, fromMs, toMs, keys],
  );
}

/** Loads on a new filter, once typing has paused, and asks again on each change in the engine. */
function useFollowing({ list, stats, detail }: DeliveryStores, filter: DeliveryFilter, id: string | null) {
  const apply = useDebouncedCallback(() => {
    void stats.read(ofAnyStatus(filter));
    void list.setFilter(filter);
  }, typingPauseMs);
  const key = JSON.stringify(filter);
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  useEffect(() => {
    if (key !== JSON.stringify(list.getState().filter)) latest.current();
  }, [key, list]);
  useEffect(() => {
    void list.load();
    void stats.read(ofAnyStatus(list.getState().filter));
  }, [list, stats]);
  useEffect(() => {
    void detail.open(id);
    list.select(id);
  }, [id, detail, list]);
  useChanges(['deliveries'], (ids) => {
    void list.refresh(ids);
    void stats.read(ofAnyStatus(list.getState().filter));
    const { id: openId } = detail.getState();
    if (openId !== null && (ids === null || ids.includes(openId))) void detail.refresh();
  });
}

/** The histogram counts every status, so that one can go from one to another. */
function ofAnyStatus(filter: DeliveryFilter): DeliveryFilter {
  const { status: _, ...rest } = filter;
  return rest;
}
