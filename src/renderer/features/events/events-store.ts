import type { EventTypeSummary } from '#shared/contract/events.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { Client } from '../../base/client.ts';
import { countText } from '../../base/size-format.ts';
import type { KnownEndpoint } from '../../stores/catalogue-store.ts';
import { createListStore, type ListStore } from '../../stores/list-store.ts';

/** The catalogue page by page; the filter is the text searched for. */
export function createEventList(client: Client): ListStore<EventTypeSummary, string> {
  return createListStore<EventTypeSummary, string>({
    idOf: (eventType) => eventType.name,
    filter: '',
    pageSize: 200,
    fetchPage: ({ filter, cursor, limit, signal }) =>
      client.eventTypes.summaries(
        { limit, ...(filter === '' ? {} : { q: filter }), ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
}

/** Endpoints that an event of this name goes to. */
export function listenersOf(listeners: readonly KnownEndpoint[], eventName: string): readonly KnownEndpoint[] {
  return listeners.filter(({ events }) => matchesEvent(events, eventName));
}

/** Who gets an event: `2 endpoints`, with those that are switched off apart. */
export function listenersText(listeners: readonly KnownEndpoint[]): string {
  const active = listeners.filter(({ isActive }) => isActive).length;
  const disabled = listeners.length - active;
  const endpoints = active === 0 ? 'no endpoint' : countText(active, 'endpoint', 'endpoints');
  return disabled === 0 ? endpoints : `${endpoints}, ${disabled} disabled`;
}
