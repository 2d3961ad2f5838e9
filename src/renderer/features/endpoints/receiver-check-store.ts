import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Check, CheckDetail } from '#shared/contract/checks.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { checkBefore } from './check-comparison.ts';

/** A check of one endpoint's receiver, or none yet. */
export interface ReceiverCheckState {
  readonly check: CheckDetail | null;
  /** The one before it, of the same receiver and event; null for none. */
  readonly before: CheckDetail | null;
  readonly isStarting: boolean;
  readonly problem: Problem | null;
}

/** Starts a check and follows it. */
export interface ReceiverCheckStore extends StoreApi<ReceiverCheckState> {
  /** Shows the last check of an endpoint, which may still be running; none where it is not among the newest. */
  readonly openLast: (endpointId: string) => Promise<void>;
  /** Shows a check, which may still be running. */
  readonly open: (id: string) => Promise<void>;
  /** Settles with its id once it has begun, or with null. */
  readonly start: (endpointId: string, asked: { readonly isWhole: boolean; readonly eventType?: string }) => Promise<string | null>;
  /** Reads what came out since, if it is among these, or for null. */
  readonly refresh: (ids: readonly string[] | null) => Promise<void>;
  readonly cancel: () => Promise<void>;
}

/** Checks among which that of an endpoint, or the one before another, is looked for: all that are kept. */
const lookedThrough = 200;

/** A store for one dialog. */
export function createReceiverCheckStore(client: Pick<Client, 'checks'>): ReceiverCheckStore {
  const store = createStore<ReceiverCheckState>(() => ({ check: null, before: null, isStarting: false, problem: null }));
  const { getState: get, setState: set } = store;

  const show = (check: Check) => set({ check: { ...check, schemeOptions: null, cases: [] }, before: null });
  /** Reads the check that this one is compared with. */
  const readBefore = async (check: Check) => {
    const { items } = await client.checks.list({ limit: lookedThrough });
    const found = checkBefore(items, check);
    const before = found === null ? null : await client.checks.get({ id: found.id });
    if (get().check?.id === check.id) set({ before });
  };
  const readNewest = oneAtATime<void>(async () => {
    const { check } = get();
    if (check === null) return;
    const { id, cases: known } = check;
    try {
      const now = await client.checks.get({ id, afterCase: known.at(-1)?.number ?? 0 });
      // Another one may have begun meanwhile, which is read next.
      if (get().check?.id !== id) return;
      set({ check: { ...now, cases: [...known, ...now.cases] }, problem: null });
      if (now.status !== 'running' && get().before === null) await readBefore(now);
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
    open: async (id) => {
      try {
        const check = await client.checks.get({ id });
        set({ check, before: null, problem: null });
        await readBefore(check);
      } catch (error) {
        set({ problem: toProblem(error) });
      }
    },
    start: async (endpointId, asked) => {
      set({ isStarting: true, problem: null });
      try {
        const check = await client.checks.start({ endpointId, ...asked });
        show(check);
        await refresh(null);
        return check.id;
      } catch (error) {
        set({ problem: toProblem(error) });
        return null;
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
