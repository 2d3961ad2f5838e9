import { allPages } from '#shared/all-pages.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Capture, CaptureSummary } from '#shared/contract/captures.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { RelayVerdicts } from '#shared/contract/relay-verdicts.ts';
import type { WireFaultKind } from '#shared/contract/wire-fault.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';
import type { CaptureFields } from './filter.ts';

/** All bins, in the engine's order. */
export interface BinsState {
  readonly bins: readonly Bin[];
  readonly isLoaded: boolean;
  readonly problem: Problem | null;
}

/** The list of bins as the engine has it. */
export interface BinsStore extends StoreApi<BinsState> {
  readonly load: () => Promise<void>;
}

/** Which captures are listed. An empty bin id means none. */
export interface CaptureFilter extends CaptureFields {
  readonly binId: string;
}

/** A capture in the list, with where a search found its text. */
export type ListedCapture = CaptureSummary & {
  readonly eventType?: string | null;
  readonly fault?: WireFaultKind | null;
  readonly foundIn?: FoundIn | undefined;
};

/** A capture with where it went on to. */
export interface OpenedCapture {
  readonly capture: Capture;
  /** Its newest replays, and what relays made of it. */
  readonly replays: readonly DeliverySummary[];
  /** What each relay of its bin made of it. */
  readonly relays: RelayVerdicts;
}

/** The stores behind the captures area. */
export interface CaptureStores {
  readonly bins: BinsStore;
  readonly list: ListStore<ListedCapture, CaptureFilter>;
  /** Hints about a filter that found nothing; empty if there are none. */
  readonly remarks: StoreApi<readonly Warning[]>;
  readonly detail: ItemStore<OpenedCapture>;
  /** Reads again where the open capture went on to. */
  readonly readGoneOn: () => Promise<void>;
}

function createBinsStore(client: Client): BinsStore {
  const store = createStore<BinsState>(() => ({ bins: [], isLoaded: false, problem: null }));
  const load = oneAtATime<void>(async () => {
    try {
      const bins = await allPages((from) => client.bins.list({ limit: 200, ...from }));
      store.setState({ bins, isLoaded: true, problem: null });
    } catch (error) {
      store.setState({ problem: toProblem(error) });
    }
  });
  return { ...store, load };
}

const shownReplays = 6;

/** Stores over bins and captures. */
export function createCaptureStores(client: Client): CaptureStores {
  const goneOnOf = async (id: string, signal?: AbortSignal) => {
    const options = signal === undefined ? {} : { signal };
    const [{ items }, relays] = await Promise.all([
      client.deliveries.list({ sourceCaptureId: id, limit: shownReplays }, options),
      client.relays.ofCapture({ id }, options),
    ]);
    return { replays: items, relays };
  };
  const detail = createItemStore<OpenedCapture>(async (id, signal) => {
    const capture = await client.captures.get({ id }, { signal });
    return { capture, ...(await goneOnOf(id, signal)) };
  });
  // Deliveries change faster than answers come, and an earlier answer must not take the place of a later one.
  const readGoneOn = oneAtATime<void>(async () => {
    const { item } = detail.getState();
    if (item === null) return;
    const { id } = item.capture;
    try {
      const goneOn = await goneOnOf(id);
      const now = detail.getState().item;
      if (now?.capture.id === id) detail.accept({ ...now, ...goneOn });
    } catch (error) {
      if (detail.getState().item?.capture.id === id) detail.setState({ problem: toProblem(error) });
    }
  });
  const remarks = createStore<readonly Warning[]>(() => []);
  return {
    bins: createBinsStore(client),
    remarks,
    list: createListStore<ListedCapture, CaptureFilter>({
      idOf: (capture) => capture.id,
      filter: { binId: '' },
      fetchPage: async ({ filter, cursor, limit, signal }) => {
        if (filter.binId === '') return { items: [], next: null };
        const page = await client.captures.list({ ...filter, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal });
        remarks.setState(page.warnings, true);
        return page;
      },
      countNew: async (filter, newestId, signal) => {
        const { captures } = await client.captures.count({ ...filter, ...(newestId === null ? {} : { afterId: newestId }) }, { signal });
        return captures;
      },
    }),
    detail,
    readGoneOn,
  };
}
