import type { NamedPolicy } from '#shared/contract/policies.ts';
import type { Client } from '../../base/client.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The named policies page by page; the filter is the text searched for. */
export function createPolicyList(client: Client): ListStore<NamedPolicy, string> {
  return createListStore<NamedPolicy, string>({
    idOf: (policy) => policy.id,
    filter: '',
    pageSize: 200,
    fetchPage: ({ filter, cursor, limit, signal }) =>
      client.policies.list({ limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
}
