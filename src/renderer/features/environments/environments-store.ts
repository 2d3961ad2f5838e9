import type { Environment } from '#shared/contract/environments.ts';
import type { Client } from '../../base/client.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The environments page by page; the filter is the text searched for. */
export function createEnvironmentList(client: Client): ListStore<Environment, string> {
  return createListStore<Environment, string>({
    idOf: (environment) => environment.id,
    filter: '',
    pageSize: 200,
    fetchPage: ({ filter, cursor, limit, signal }) =>
      client.environments.list({ limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
}
