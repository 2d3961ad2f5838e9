import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Check, CheckDetail } from '#shared/contract/checks.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../base/problem.ts';

/** A check of one endpoint's receiver, or none yet. */
export interface ReceiverCheckState {
  readonly check: CheckDetail | null;
  readonly isStarting: boolean;
  readonly problem: Problem | null;
}

/** Starts a check and follows it. */
export interface ReceiverCheckStore extends StoreApi<ReceiverCheckState> {
  /** Shows the last check of an endpoint, which may still be running; none where it is not among the newest. */
  readonly openLast: (endpointId: string) => Promise<void>;
  /** Settles with whether it has begun. */
  readonly start: (endpointId: string, asked: { readonly isWhole: boolean }) => Promise<boolean>;
  /** Reads what came out since, if it is among these, or for null. */
  readonly refresh: (ids: readonly string[] | null) => Promise<void>;
  readonly cancel: () => Promise<void>;
}

/** Checks among which that of an endpoint is looked for. */
const lookedThrough = 50;

/** A store for one dialog. */
export function createReceiverCheckStore(client: Pick<Client, 'checks'>): ReceiverCheckStore {
  const store = createStore<ReceiverCheckState>(() => ({ check: null, isStarting: false, problem: null }));
  const { getState: get, setState: set } = store;

  const show = (check: Check) => set({ check: { ...check, schemeOptions: null, cases: [] } });
  const readNewest = oneAtATime<void>(async () => {
    const { check } = get();
    if (check === null) return;
    const { id, cases: known } = check;
    try {
      const now = await client.checks.get({ id, afterCase: known.at(-1)?.number ?? 0 });
      // Another one may have begun meanwhile, which is read next.
      if (get().check?.id === id) set({ check: { ...now, cases: [...known, ...now.cases] }, problem: null });
    } catch (error) {
      set({ problem: toProblem(error) });
    }
  });
  const refresh = async (ids: readonly string[] | null) => {
    const { check } = get();
    if (check === null || (ids !== null && ids.length > 0 && !ids.includes(check.id))) return;
    await readNewest();
  };

  return {
    ...store,
    openLast: async (endpointId) => {
      try {
        const { items } = await client.checks.list({ limit: lookedThrough });
        const last = items.find((each) => each.endpointId === endpointId);
        if (last === undefined || get().check !== null) return;
        show(last);
        await refresh(null);
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
    start: async (endpointId, { isWhole }) => {
      set({ isStarting: true, problem: null });
      try {
        show(await client.checks.start({ endpointId, isWhole }));
        await refresh(null);
        return true;
      } catch (error) {
        set({ problem: toProblem(error) });
        return false;
      } finally {
        set({ isStarting: false });
      }
    },
    refresh,
    cancel: async () => {
      const { check } = get();
      if (check === null) return;
      try {
        await client.checks.cancel({ id: check.id });
        await refresh(null);
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
  };
}
