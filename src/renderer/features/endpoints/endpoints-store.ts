import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Client } from '../../base/client.ts';
import { numberText } from '../../base/size-format.ts';
import { createItemStore, type ItemStore } from '../../stores/item-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The stores behind the endpoints area. */
export interface EndpointStores {
  readonly list: ListStore<Endpoint, string>;
  readonly detail: ItemStore<Endpoint>;
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
  };
}

/** How many there are, and how many of them are disabled: `12, 2 disabled`. */
export function endpointCount(endpoints: readonly Pick<Endpoint, 'isActive'>[]): string {
  const disabled = endpoints.filter(({ isActive }) => !isActive).length;
  return numberText(endpoints.length) + (disabled === 0 ? '' : `, ${numberText(disabled)} disabled`);
}
