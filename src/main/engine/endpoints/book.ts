import type { Database } from '../store/database.ts';
import type { Vault } from '../base/ports.ts';
import { conflict, notFound } from '../base/refusal.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import type { EndpointConfig } from './config.ts';
import { fromRow } from './row.ts';
import { allEndpoints, findEndpoint } from './store.ts';

/** Endpoints in memory: read and unsealed once, so that accepting a message needs neither SQL nor the vault. */
export interface EndpointBook {
  /** Reads every endpoint of the list and of relays. Called at start, and after endpoints were changed in the store directly. */
  readonly load: () => void;
  /** Any endpoint ever made, one-off and deleted ones included; undefined when there never was one. */
  readonly find: (id: string) => EndpointConfig | undefined;
  /** An endpoint that exists now. Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => EndpointConfig;
  /** An endpoint of the list; undefined for any other. Never reads the store. */
  readonly findListed: (id: string) => EndpointConfig | undefined;
  /** An endpoint that gets a stream of messages, and so has a health and limits: one of the list, or of a relay. Never reads the store. */
  readonly findStanding: (id: string) => EndpointConfig | undefined;
  /** One that is changed or referred to by its id. Throws a Refusal NOT_FOUND, or CONFLICT for a copy that a test was sent to. */
  readonly getOwn: (id: string) => EndpointConfig;
  readonly put: (config: EndpointConfig) => void;
  /** Lets the copies of an endpoint be read again, which were changed in the store. */
  readonly rereadCopies: (id: string) => void;
  /** Active, listed endpoints that listen to an event, oldest first. */
  readonly listeningTo: (eventType: string) => readonly EndpointConfig[];
  /** Listed endpoints, oldest first. */
  readonly listed: () => readonly EndpointConfig[];
  /** All that are in memory: those of the list and of relays, and some of the others. */
  readonly inMemory: () => readonly EndpointConfig[];
}

/** One-off and deleted endpoints are read when they are needed; this many stay in memory. */
const passingLimit = 200;

export function createEndpointBook(database: Database, vault: Vault): EndpointBook {
  const listed = new Map<string, EndpointConfig>();
  const ofRelays = new Map<string, EndpointConfig>();
  const passing = new Map<string, EndpointConfig>();

  const put = (config: EndpointConfig) => {
    if (!config.isOneOff && !config.isDeleted) {
      listed.set(config.id, config);
      return;
    }
    listed.delete(config.id);
    ofRelays.delete(config.id);
    if (config.relayId !== null && !config.isDeleted) {
      ofRelays.set(config.id, config);
      return;
    }
    passing.delete(config.id);
    passing.set(config.id, config);
    for (const oldest of passing.keys()) {
      if (passing.size <= passingLimit) break;
      passing.delete(oldest);
    }
  };

  const find = (id: string) => {
    const known = listed.get(id) ?? ofRelays.get(id) ?? passing.get(id);
    if (known !== undefined) return known;
    const row = findEndpoint(database, id);
    if (row === undefined) return undefined;
    const config = fromRow(row, vault);
    put(config);
    return config;
  };

  const get = (id: string) => {
    const config = find(id);
    if (config === undefined || config.isDeleted) throw notFound('endpoint', id);
    return config;
  };

  return {
    load: () => {
      listed.clear();
      ofRelays.clear();
      passing.clear();
      for (const row of allEndpoints(database)) put(fromRow(row, vault));
    },
    find,
    get,
    getOwn: (id) => {
      const config = get(id);
      if (config.copyOf === null) return config;
      const source = listed.get(config.copyOf);
      const of = source === undefined ? 'an endpoint that was deleted' : source.name;
      throw conflict(
        'id',
        `${id} is no endpoint of the list, but a copy of ${of} that a test was sent to: give ${source?.id ?? 'the id of an endpoint of the list'}.`,
      );
    },
    rereadCopies: (id) => {
      for (const copy of passing.values()) if (copy.copyOf === id) passing.delete(copy.id);
    },
    findListed: (id) => listed.get(id),
    findStanding: (id) => listed.get(id) ?? ofRelays.get(id),
    put,
    listeningTo: (eventType) => [...listed.values()].filter((config) => config.isActive && matchesEvent(config.events, eventType)),
    listed: () => [...listed.values()],
    inMemory: () => [...listed.values(), ...ofRelays.values(), ...passing.values()],
  };
}
