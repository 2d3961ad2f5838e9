import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CleanUp, Stored } from '#shared/contract/retention.ts';
import type { Client } from '../../base/client.ts';
import { toProblem, type Problem } from '../../base/problem.ts';

/** What is stored and the progress of a clean-up; null until it was read, or if there was none. */
export interface RetentionState {
  readonly stored: Stored | null;
  readonly cleanUp: CleanUp | null;
  readonly problem: Problem | null;
}

export interface RetentionStore extends StoreApi<RetentionState> {
  /** Reads both. */
  readonly load: () => Promise<void>;
  /** Reads the progress of the clean-up, and what is stored once it has ended. */
  readonly follow: () => Promise<void>;
  /**
   * Starts a clean-up of what `stored` lists, and `withDeleted` also of what was deleted and could still be restored; if that is anything,
   * the user has agreed to it.
   */
  readonly start: (withDeleted?: boolean) => Promise<void>;
  readonly cancel: () => Promise<void>;
  /** Says that the clock is right although it went ahead. */
  readonly trustClock: () => Promise<void>;
}

/** A store over `retention`. */
export function createRetentionStore(client: Pick<Client, 'retention'>): RetentionStore {
  const store = createStore<RetentionState>(() => ({ stored: null, cleanUp: null, problem: null }));
  const attempt = async (work: () => Promise<Partial<RetentionState>>) => {
    try {
      store.setState({ ...(await work()), problem: null });
    } catch (error) {
      store.setState({ problem: toProblem(error) });
    }
  };
  const load = () =>
    attempt(async () => {
      const [stored, { cleanUp }] = await Promise.all([client.retention.stored(), client.retention.lastCleanUp()]);
      return { stored, cleanUp };
    });
  return {
    ...store,
    load,
    follow: async () => {
      await attempt(() => client.retention.lastCleanUp());
      if (store.getState().cleanUp?.status !== 'running') await load();
    },
    start: (withDeleted = false) => attempt(async () => ({ cleanUp: await client.retention.cleanUp({ confirm: true, withDeleted }) })),
    trustClock: () => attempt(async () => ({ stored: await client.retention.trustClock() })),
    cancel: () => attempt(async () => ({ cleanUp: await client.retention.cancel() })),
  };
}
