import { notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import type { RelayConfig } from './config.ts';
import { allRelays } from './store.ts';

/** The relays in memory, so that a capture that nothing forwards costs no read. */
export interface RelayBook {
  readonly find: (id: string) => RelayConfig | undefined;
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => RelayConfig;
  /** Oldest first. */
  readonly all: () => readonly RelayConfig[];
  readonly ofBin: (binId: string) => readonly RelayConfig[];
  readonly usingEndpoint: (endpointId: string) => readonly RelayConfig[];
  readonly put: (relay: RelayConfig) => void;
  readonly remove: (id: string) => void;
}

/** Reads every relay from the data file. */
export function createRelayBook(database: Database): RelayBook {
  const byId = new Map(allRelays(database).map((relay) => [relay.id, relay]));
  const where = (test: (relay: RelayConfig) => boolean) => [...byId.values()].filter(test);
  return {
    find: (id) => byId.get(id),
    get: (id) => {
      const relay = byId.get(id);
      if (relay === undefined) throw notFound('relay', id);
      return relay;
    },
    all: () => [...byId.values()],
    ofBin: (binId) => (byId.size === 0 ? [] : where((relay) => relay.binId === binId)),
    usingEndpoint: (endpointId) => where(({ targets }) => targets.some((target) => target.endpointId === endpointId)),
    put: (relay) => void byId.set(relay.id, relay),
    remove: (id) => void byId.delete(id),
  };
}
