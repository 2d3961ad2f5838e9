import type { RefusedRequest, RefusedSummary } from '#shared/contract/refused-requests.ts';
import type { Client } from '../../base/client.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** Which refused requests are listed: those of every bin and of none that hold a text. */
export interface RefusedFilter {
  readonly q: string;
}

/** The stores behind the refused requests. */
export interface RefusedStores {
  /** All of them; they are few, so the lists of the bins pick out their own. */
  readonly list: ListStore<RefusedSummary, RefusedFilter>;
  readonly detail: ItemStore<RefusedRequest>;
}

/** Stores over the refused requests. */
export function createRefusedStores(client: Client): RefusedStores {
  return {
    list: createListStore<RefusedSummary, RefusedFilter>({
      idOf: ({ id }) => id,
      filter: { q: '' },
      pageSize: 200,
      fetchPage: ({ filter, cursor, limit, signal }) =>
        client.refusedRequests.list(
          { limit, ...(filter.q === '' ? {} : { q: filter.q }), ...(cursor === undefined ? {} : { cursor }) },
          { signal },
        ),
    }),
    detail: createItemStore((id, signal) => client.refusedRequests.get({ id }, { signal })),
  };
}
