import { createStore, type StoreApi } from 'zustand/vanilla';
import { allPages } from '#shared/all-pages.ts';
import type { Source } from '#shared/contract/sources.ts';
import type { StreamKey } from '#shared/contract/stream-keys.ts';
import type { Tunnel, TunnelProgram } from '#shared/contract/tunnels.ts';
import type { Client } from '../../../base/client.ts';
import { oneAtATime } from '../../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../../base/problem.ts';

/** How bins are reached beside their own URLs: what they take from elsewhere, who follows them, what makes them public. */
export interface ReachState {
  readonly sources: readonly Source[];
  readonly streamKeys: readonly StreamKey[];
  readonly tunnels: readonly Tunnel[];
  readonly programs: readonly TunnelProgram[];
  readonly isLoaded: boolean;
  readonly problem: Problem | null;
}

/** The same as the engine has it, for all bins. */
export interface ReachStore extends StoreApi<ReachState> {
  readonly load: () => Promise<void>;
}

export function createReachStore(client: Client): ReachStore {
  const store = createStore<ReachState>(() => ({ sources: [], streamKeys: [], tunnels: [], programs: [], isLoaded: false, problem: null }));
  const load = oneAtATime<void>(async () => {
    try {
      const [sources, streamKeys, tunnels, programs] = await Promise.all([
        allPages((from) => client.sources.list({ limit: 200, ...from })),
        allPages((from) => client.streamKeys.list({ limit: 200, ...from })),
        client.tunnels.list(),
        client.tunnels.programs(),
      ]);
      store.setState({ sources, streamKeys, tunnels: tunnels.items, programs: programs.items, isLoaded: true, problem: null });
    } catch (error) {
      store.setState({ problem: toProblem(error) });
    }
  });
  return { ...store, load };
}
