import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Client } from '../../base/client.ts';
import { numberText } from '../../base/size-format.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';
import type { EndpointDraft } from './endpoint-draft.ts';

/** Drafts by endpoint id, `new` for the one not yet made; an endpoint without unsaved changes has none. */
export interface DraftStore extends StoreApi<Readonly<Record<string, EndpointDraft>>> {
  readonly put: (id: string, draft: EndpointDraft) => void;
  readonly drop: (id: string) => void;
}

/** The stores behind the endpoints area. */
export interface EndpointStores {
  readonly list: ListStore<Endpoint, string>;
  readonly detail: ItemStore<Endpoint>;
  readonly drafts: DraftStore;
}

/** Stores over the endpoints; the filter is the text searched for. */
export function createEndpointStores(client: Client): EndpointStores {
  return {
    list: createListStore<Endpoint, string>({
      idOf: (endpoint) => endpoint.id,
      filter: '',
      fetchPage: ({ filter, cursor, limit, signal }) =>
        client.endpoints.list({ limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
    }),
    detail: createItemStore((id, signal) => client.endpoints.get({ id }, { signal })),
    drafts: createDraftStore(),
  };
}

function createDraftStore(): DraftStore {
  const store = createStore<Readonly<Record<string, EndpointDraft>>>(() => ({}));
  return {
    ...store,
    put: (id, draft) => store.setState({ [id]: draft }),
    drop: (id) => store.setState(Object.fromEntries(Object.entries(store.getState()).filter(([key]) => key !== id)), true),
  };
}

/** How many there are, and how many of them get nothing: `12, 2 disabled`. */
export function endpointCount(endpoints: readonly Pick<Endpoint, 'isActive'>[]): string {
  const disabled = endpoints.filter(({ isActive }) => !isActive).length;
  return numberText(endpoints.length) + (disabled === 0 ? '' : `, ${numberText(disabled)} disabled`);
}
