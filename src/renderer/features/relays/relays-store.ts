import { createStore, type StoreApi } from 'zustand/vanilla';
import { allPages } from '#shared/all-pages.ts';
import type { Relay } from '#shared/contract/relays.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../base/problem.ts';

/** All relays, newest first. */
export interface RelaysState {
  readonly relays: readonly Relay[];
  readonly isLoaded: boolean;
  readonly problem: Problem | null;
}

/** The relays as the engine has them. */
export interface RelaysStore extends StoreApi<RelaysState> {
  readonly load: () => Promise<void>;
}

export function createRelaysStore(client: Client): RelaysStore {
  const store = createStore<RelaysState>(() => ({ relays: [], isLoaded: false, problem: null }));
  const load = oneAtATime<void>(async () => {
    try {
      const relays = await allPages((from) => client.relays.list({ limit: 200, ...from }));
      store.setState({ relays, isLoaded: true, problem: null });
    } catch (error) {
      store.setState({ problem: toProblem(error) });
    }
  });
  return { ...store, load };
}
