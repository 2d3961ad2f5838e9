import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Warning } from '#shared/contract/common.ts';
import type { Attempt, DeliveryDetail, DeliverySummary } from '#shared/contract/deliveries.ts';
import type { FoundIn } from '#shared/contract/bodies.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { nullIfUnknown, toProblem, type Problem } from '../../base/problem.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';
import type { DeliveryFilter } from './filter.ts';
import type { HistogramData } from './histogram-layout.ts';

/** A delivery in the list, with where a search found its text. */
export type ListedDelivery = DeliverySummary & { readonly foundIn?: FoundIn | undefined };

/** Counts over time for the histogram, and all in all. */
export interface DeliveryStats extends HistogramData {
  readonly total: number;
  readonly byStatus: Readonly<Partial<Record<DeliveryStatus, number>>>;
  /** Tests that are in no other figure, since the filter does not ask for them. */
  readonly testsByStatus: Readonly<Partial<Record<DeliveryStatus, number>>>;
}

/** Statistics for the filter last asked for. */
export interface StatsStore extends StoreApi<{ readonly stats: DeliveryStats | null; readonly problem: Problem | null }> {
  /** Asks for counts; while one answer is awaited, only the newest filter waits with it. */
  readonly read: (filter: DeliveryFilter) => Promise<void>;
}

/** The stores behind the deliveries area. */
export interface DeliveryStores {
  readonly list: ListStore<ListedDelivery, DeliveryFilter>;
  /** Hints about a filter that found nothing; empty if there are none. */
  readonly remarks: StoreApi<readonly Warning[]>;
  readonly stats: StatsStore;
  /** The delivery in detail, attempts without their bodies. */
  readonly detail: ItemStore<DeliveryDetail>;
  /** One attempt with its bodies. */
  readonly attempt: ItemStore<Attempt>;
}

/** Bars of the histogram. */
const bucketCount = 90;

/** Stores over the log. */
export function createDeliveryStores(client: Client, filter: DeliveryFilter): DeliveryStores {
  const remarks = createStore<readonly Warning[]>(() => []);
  return {
    remarks,
    list: createListStore<ListedDelivery, DeliveryFilter>({
      idOf: (delivery) => delivery.id,
      filter,
      fetchPage: async ({ filter: wanted, cursor, limit, signal }) => {
        const page = await client.deliveries.list({ ...wanted, limit, ...(cursor === undefined ? {} : { cursor }) }, { signal });
        remarks.setState(page.warnings, true);
        return page;
      },
      fetchItem: (id, signal) => nullIfUnknown(client.deliveries.get({ id, bodies: false }, { signal })),
    }),
    stats: createStatsStore(client),
    detail: createItemStore((id, signal) => client.deliveries.get({ id, bodies: false }, { signal })),
    attempt: createItemStore((id, signal) => client.deliveries.attempt({ id }, { signal })),
  };
}

function createStatsStore(client: Client): StatsStore {
  const store = createStore<{ stats: DeliveryStats | null; problem: Problem | null }>(() => ({ stats: null, problem: null }));
  const read = oneAtATime(async (filter: DeliveryFilter) => {
    try {
      store.setState({ stats: await client.deliveries.stats({ ...filter, buckets: bucketCount }), problem: null });
    } catch (error) {
      store.setState({ problem: toProblem(error) });
    }
  });
  return { ...store, read };
}
