import { createStore, type StoreApi } from 'zustand/vanilla';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { ExpectedAnswer, PlannedSend } from '#shared/contract/receiver-tests.ts';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';

/** What a receiver test sends. */
export type ReceiverTestInput = Parameters<Client['receiverTests']['run']>[0];

/** One request of a test: planned, or sent with its delivery. */
export interface TestSend extends PlannedSend {
  readonly deliveryId: string | null;
}

/** A test being prepared, or under way. */
export interface ReceiverTestState {
  readonly sends: readonly TestSend[];
  /** The seed of the order shown, so that exactly that order is sent. */
  readonly seed: number | null;
  /** How a correct receiver answers; null until the engine has said so. */
  readonly expects: ExpectedAnswer | null;
  readonly isSent: boolean;
  readonly isBusy: boolean;
  /** Deliveries as they were last read. */
  readonly deliveries: ReadonlyMap<string, DeliverySummary>;
  readonly problem: Problem | null;
}

/** Plans a test, sends it, and follows how each request is answered. */
export interface ReceiverTestStore extends StoreApi<ReceiverTestState> {
  /** Shows what would be sent, in the order shown before unless another is asked for; null shows nothing. */
  readonly plan: (input: ReceiverTestInput | null, isOrderNew?: boolean) => Promise<void>;
  /** Sends what is shown. */
  readonly run: (input: ReceiverTestInput) => Promise<void>;
  /** Reads again the deliveries of the test among these, or all that are not final for null. */
  readonly refresh: (ids: readonly string[] | null) => Promise<void>;
}

/** Deliveries read at the same time. */
const readsAtOnce = 8;

const empty: ReceiverTestState = {
  sends: [],
  seed: null,
  expects: null,
  isSent: false,
  isBusy: false,
  deliveries: new Map(),
  problem: null,
};

/** A store for one dialog. */
export function createReceiverTestStore(client: Pick<Client, 'receiverTests' | 'deliveries'>): ReceiverTestStore {
  const store = createStore<ReceiverTestState>(() => empty);
  const { getState: get, setState: set } = store;
  let planning = new AbortController();
  // What was sent last. A plan is requested a moment after typing, which may be after the test was sent, and must not cover the answers.
  let sent: string | null = null;
  let reading: Promise<void> | null = null;
  let wanted = new Set<string>();

  const readAll = async () => {
    try {
      while (wanted.size > 0) await readOnce();
    } catch (error) {
      set({ problem: toProblem(error) });
    } finally {
      // In the same step as the last check, so that no request in between is missed.
      reading = null;
    }
  };

  const readOnce = async () => {
    const ids = [...wanted];
    wanted = new Set();
    for (let from = 0; from < ids.length; from += readsAtOnce) {
      const some = await Promise.all(ids.slice(from, from + readsAtOnce).map((id) => client.deliveries.get({ id, bodies: false })));
      set({ deliveries: new Map([...get().deliveries, ...some.map((delivery) => [delivery.id, delivery] as const)]) });
    }
  };

  const refresh = async (ids: readonly string[] | null) => {
    const own = get().sends.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [deliveryId]));
    for (const id of own) if (ids === null ? !isOver(get().deliveries.get(id)) : ids.includes(id)) wanted.add(id);
    // Only if there is something to read: otherwise it would end before it is recorded and count as under way forever.
    if (wanted.size > 0) reading ??= readAll();
    await reading;
  };

  return {
    ...store,
    plan: async (input, isOrderNew = false) => {
      if (!isOrderNew && JSON.stringify(input) === sent) return;
      sent = null;
      planning.abort();
      const { signal } = (planning = new AbortController());
      const { seed: shown } = get();
      if (input === null) return set({ ...empty, seed: shown });
      try {
        const ordered = shown === null || isOrderNew ? input : { ...input, seed: shown };
        const { seed, sends, expects } = await client.receiverTests.plan(ordered, { signal });
        if (!signal.aborted) set({ ...empty, seed, expects, sends: sends.map((send) => ({ ...send, deliveryId: null })) });
      } catch (error) {
        if (!signal.aborted && !isAbort(error)) set({ ...empty, seed: shown, problem: toProblem(error) });
      }
    },
    run: async (input) => {
      planning.abort();
      sent = JSON.stringify(input);
      const { seed: shown } = get();
      set({ isBusy: true, problem: null });
      try {
        const { sends, seed, expects } = await client.receiverTests.run({ ...input, ...(shown === null ? {} : { seed: shown }) });
        set({ sends, seed, expects, isSent: true, deliveries: new Map() });
        await refresh(null);
      } catch (error) {
        sent = null;
        set({ problem: toProblem(error) });
      } finally {
        set({ isBusy: false });
      }
    },
    refresh,
  };
}

/** Whether a delivery is there and will not be tried again by itself. */
export function isOver(delivery: Pick<DeliverySummary, 'status'> | undefined): boolean {
  return delivery !== undefined && isFinal(delivery.status);
}

/**
 * Whether a request was answered differently from how a correct receiver answers; false while there is no answer. A failure without an
 * answer does not count.
 */
export function isUnexpected(delivery: Pick<DeliverySummary, 'lastOutcome'> | undefined, expects: ExpectedAnswer | null): boolean {
  const outcome = delivery?.lastOutcome ?? null;
  if (expects === null || outcome === null) return false;
  return expects === 'accepted' ? outcome.code !== 'ok' : outcome.code === 'ok' || outcome.status === null;
}

/** The state of a test: `18 delivered, 2 exhausted, 3 under way`. */
export function standingOf({ sends, deliveries }: Pick<ReceiverTestState, 'sends' | 'deliveries'>): string {
  const counts = new Map<string, number>();
  for (const { deliveryId } of sends) {
    const delivery = deliveryId === null ? undefined : deliveries.get(deliveryId);
    const word = delivery === undefined ? 'waiting' : delivery.isInFlight ? 'sending' : delivery.status;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
