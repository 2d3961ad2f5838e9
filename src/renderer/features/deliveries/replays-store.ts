import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Replay, ReplayDetail, ReplayPreview, ReplaySource } from '#shared/contract/replays.ts';
import type { JudgedDelivery, ReplayVerdict, ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The dry run of the replay in the form. */
export interface DryRun {
  readonly preview: ReplayPreview | null;
  readonly isCounting: boolean;
  readonly problem: Problem | null;
}

/** Counts for the newest source; an answer for an earlier one is dropped. */
export interface DryRunStore extends StoreApi<DryRun> {
  /** Null counts nothing. */
  readonly count: (source: ReplaySource | null) => Promise<void>;
}

/** The stores behind replays. */
export interface ReplayStores {
  readonly list: ListStore<Replay, Readonly<Record<string, never>>>;
  readonly detail: ItemStore<ReplayDetail>;
  readonly dryRun: DryRunStore;
  readonly verdicts: ItemStore<ReplayVerdicts>;
  /** The deliveries of a replay that have one verdict. */
  readonly judged: ListStore<JudgedDelivery, { readonly id: string; readonly verdict: ReplayVerdict }>;
}

/** Stores over the engine's replays. */
export function createReplayStores(client: Client): ReplayStores {
  return {
    list: createListStore<Replay, Readonly<Record<string, never>>>({
      idOf: (replay) => replay.id,
      filter: {},
      pageSize: 50,
      fetchPage: ({ cursor, limit, signal }) => client.replays.list({ limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
    }),
    detail: createItemStore((id, signal) => client.replays.get({ id }, { signal })),
    verdicts: createItemStore((id, signal) => client.replays.verdicts({ id }, { signal })),
    judged: createListStore<JudgedDelivery, { readonly id: string; readonly verdict: ReplayVerdict }>({
      idOf: ({ deliveryId }) => deliveryId,
      filter: { id: '', verdict: 'fixed' },
      pageSize: 50,
      fetchPage: ({ filter, cursor, limit, signal }) =>
        client.replays.deliveries({ ...filter, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
    }),
    dryRun: createDryRunStore((source, signal) => client.replays.preview({ source }, { signal })),
  };
}

/** A dry run over any way to count. */
export function createDryRunStore(preview: (source: ReplaySource, signal: AbortSignal) => Promise<ReplayPreview>): DryRunStore {
  const store = createStore<DryRun>(() => ({ preview: null, isCounting: false, problem: null }));
  let counting = new AbortController();
  return {
    ...store,
    count: async (source) => {
      counting.abort();
      const { signal } = (counting = new AbortController());
      if (source === null) {
        store.setState({ preview: null, isCounting: false, problem: null });
        return;
      }
      store.setState({ isCounting: true });
      try {
        const counted = await preview(source, signal);
        if (!signal.aborted) store.setState({ preview: counted, isCounting: false, problem: null });
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) store.setState({ preview: null, isCounting: false, problem: toProblem(error) });
      }
    },
  };
}
