import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { EventType } from '#shared/contract/events.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { Client } from '../../client.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The part of an endpoint that says what it listens to. */
export type Listener = Pick<Endpoint, 'id' | 'name' | 'events' | 'isActive'>;

/** The stores behind the catalogue. */
export interface EventStores {
  readonly list: ListStore<EventType, string>;
  readonly listeners: StoreApi<readonly Listener[]> & { readonly load: () => Promise<void> };
}

/** Stores over the catalogue and over who listens to it; the filter is the text searched for. */
export function createEventStores(client: Client): EventStores {
  const listeners = createStore<readonly Listener[]>(() => []);
  return {
    list: createListStore<EventType, string>({
      idOf: (eventType) => eventType.name,
      filter: '',
      pageSize: 200,
      fetchPage: ({ filter, cursor, limit, signal }) => client.eventTypes.list({ limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
    }),
    listeners: {
      ...listeners,
      load: async () => {
        const { items } = await client.endpoints.list({ limit: 200 });
        listeners.setState(items.map(({ id, name, events, isActive }) => ({ id, name, events, isActive })), true);
      },
    },
  };
}

/** Endpoints that an event of this name goes to. */
export function listenersOf(listeners: readonly Listener[], eventName: string): readonly Listener[] {
  return listeners.filter(({ events }) => matchesEvent(events, eventName));
}
