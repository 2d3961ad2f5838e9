import type { Auth } from '#shared/contract/auths.ts';
import type { Client } from '../../base/client.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The authentications page by page; the filter is the text searched for. */
export function createAuthList(client: Client): ListStore<Auth, string> {
  return createListStore<Auth, string>({
    idOf: (auth) => auth.id,
    filter: '',
    pageSize: 200,
    fetchPage: ({ filter, cursor, limit, signal }) =>
      client.auths.list({ limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
}
