import type { Changes } from '../changes.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { Ids } from '../ports.ts';
import { Refusal } from '../refusal.ts';
import { interruptedEnd, makeAttempt, stepFor, type AttemptDeps } from './make-attempt.ts';
import {
  beginAttempt,
  dueOf,
  endAttempt,
  interruptedAttempts,
  nextDueOf,
  waitingEndpoints,
  type Claim,
  type EndedAttempt,
} from './queue.ts';
import { shareSlots, type SlotShare } from './share-slots.ts';

export interface DispatcherDeps extends AttemptDeps {
  readonly ids: Ids;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
}

/** Makes the attempts that are due and records each. */
export interface Dispatcher {
  /** Marks attempts that a killed process left behind as interrupted, then begins. */
  readonly start: () => Promise<void>;
  /** Begins no more attempts and waits for those under way, which are cut off after `graceMs` of real time. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Deliveries of these endpoints are due at `dueAtMs`. */
  readonly notify: (endpointIds: readonly string[], dueAtMs: number) => void;
  /** Looks at all due times again, after they changed in the store. */
  readonly refresh: () => void;
  /** Aborts the attempt under way, answering when its end is recorded; null when there is none. Its delivery then ends as cancelled. */
  readonly abort: (deliveryId: string) => Promise<void> | null;
  readonly inFlightCount: () => number;
  /** The delivery whose attempt goes out from this local TCP port, or null. */
  readonly deliveryAtPort: (localPort: number) => string | null;
}

interface BegunClaim {
  readonly claim: Claim;
  readonly target: EndpointConfig;
  readonly attemptId: string;
  readonly startedAtMs: number;
}

interface Flight {
  readonly abort: AbortController;
  done: Promise<void>;
}

/** Wait before the store is tried again after it refused a claim or a record. */
const storeAgainMs = 1000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, clock, endpoints, settings } = deps;
  /** Earliest due time of each endpoint that has deliveries waiting. */
  const waiting = new Map<string, number>();
  const flights = new Map<string, Flight>();
  const flightsTo = new Map<string, number>();
  const ports = new Map<number, string>();
  const pauses = new Set<() => void>();
  let isRunning = false;
  let pumping: Promise<void> | null = null;
  let takeTimerBack: () => void = () => undefined;

  const share = () =>
    shareSlots(waiting, {
      nowMs: clock.now(),
      freeInAll: settings.get().maxConcurrency - flights.size,
      perEndpoint: settings.get().maxConcurrencyPerEndpoint,
      flightsTo: (endpointId) => flightsTo.get(endpointId) ?? 0,
      isActive: (endpointId) => endpoints.find(endpointId)?.isActive === true,
    });

  const pump = () => {
    if (pumping !== null || !isRunning) return;
    pumping = claimAll().finally(() => {
      pumping = null;
    });
  };

  const claimAll = async () => {
    try {
      for (let shares = share(); isRunning && shares.length > 0; shares = share()) await claim(shares);
      wakeAt(nextDueAtMs());
    } catch (error) {
      deps.log.error({ error: String(error) }, 'Due deliveries could not be claimed; trying again');
      wakeAt(clock.now() + storeAgainMs);
    }
  };

  const wakeAt = (atMs: number | null) => {
    takeTimerBack();
    takeTimerBack = isRunning && atMs !== null ? clock.at(atMs, pump) : () => undefined;
  };

  /** What is due already waits for a free slot and not for time; the end of a flight pumps again. */
  const nextDueAtMs = () => {
    const nowMs = clock.now();
    let next: number | null = null;
    for (const dueAtMs of waiting.values()) if (dueAtMs > nowMs && (next === null || dueAtMs < next)) next = dueAtMs;
    return next;
  };

  const claim = async (shares: readonly SlotShare[]) => {
    const nowMs = clock.now();
    const begun = await database.write((writer) => {
      const started: BegunClaim[] = [];
      // Both may have changed while this write waited for its turn.
      if (!isRunning) return started;
      for (const { endpointId, slots } of shares) {
        const target = endpoints.find(endpointId);
        if (target?.isActive !== true) continue;
        for (const found of dueOf(database, endpointId, nowMs, slots)) {
          const attemptId = deps.ids.next('att');
          beginAttempt(writer, found, { id: attemptId, startedAtMs: nowMs, method: target.method, url: target.url });
          started.push({ claim: found, target, attemptId, startedAtMs: nowMs });
        }
      }
      return started;
    });
    for (const { endpointId } of shares) settleWaiting(endpointId);
    for (const each of begun) take(each);
    if (begun.length > 0)
      deps.changes.publish(
        'deliveries',
        begun.map((each) => each.claim.deliveryId),
      );
  };

  /** Sets the endpoint's due time as the store has it, and puts it last in turn. */
  const settleWaiting = (endpointId: string) => {
    const dueAtMs = nextDueOf(database, endpointId);
    waiting.delete(endpointId);
    if (dueAtMs !== null) waiting.set(endpointId, dueAtMs);
  };

  const take = (begun: BegunClaim) => {
    const { deliveryId, endpointId } = begun.claim;
    const flight: Flight = { abort: new AbortController(), done: Promise.resolve() };
    flights.set(deliveryId, flight);
    flightsTo.set(endpointId, (flightsTo.get(endpointId) ?? 0) + 1);
    flight.done = fly(begun, flight.abort.signal)
      .catch((error: unknown) => {
        // A bug: the attempt counts as interrupted at the next start.
        deps.log.error(
          { deliveryId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'An attempt was lost track of',
        );
      })
      .finally(() => land(begun.claim));
  };

  const land = ({ deliveryId, endpointId }: Claim) => {
    flights.delete(deliveryId);
    const left = (flightsTo.get(endpointId) ?? 1) - 1;
    if (left > 0) flightsTo.set(endpointId, left);
    else flightsTo.delete(endpointId);
    deps.changes.publish('deliveries', [deliveryId]);
    deps.changes.publish('endpoints', [endpointId]);
    pump();
  };

  const fly = async ({ claim: claimed, target, attemptId, startedAtMs }: BegunClaim, signal: AbortSignal): Promise<void> => {
    let port: number | null = null;
    // A kept connection may have passed to another attempt by now, whose port it then is.
    const forgetPort = () => void (port !== null && ports.get(port) === claimed.deliveryId && ports.delete(port));
    const onSent = (localPort: number) => {
      forgetPort();
      port = localPort;
      ports.set(localPort, claimed.deliveryId);
    };
    const ended = await makeAttempt(deps, { claim: claimed, attemptId, startedAtMs, signal, onSent }, target);
    forgetPort();
    const dueAtMs = await record(ended, claimed.endpointId);
    if (dueAtMs !== null) noteDue(claimed.endpointId, dueAtMs);
  };

  /**
   * Keeps at it until the store takes it, since an attempt that was made must not be forgotten. Answers when the next
   * one is due. After a restart what was not recorded counts as interrupted and is made again, so a stop may leave it.
   */
  const record = async (ended: EndedAttempt, endpointId: string): Promise<number | null> => {
    let kept = ended;
    for (let tries = 1; ; tries += 1) {
      try {
        // The endpoint may have been deleted while the attempt was under way.
        const step = stepFor(kept.step, endpoints.find(endpointId));
        await database.write((writer) => endAttempt(writer, { ...kept, step }));
        return step.dueAtMs;
      } catch (error) {
        if (tries === 1)
          deps.log.error(
            { deliveryId: ended.deliveryId, error: String(error) },
            'An attempt could not be recorded; trying again until it is',
          );
        if (!isRunning) return null;
        // Not for want of room: what was seen cannot be stored, but that the attempt was made must be.
        if (!(error instanceof Refusal)) kept = { ...ended, sent: null };
        await pause();
      }
    }
  };

  /** Waits a little, or until the dispatcher stops. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const wake = () => {
        takeBack();
        pauses.delete(wake);
        resolve();
      };
      const takeBack = clock.at(clock.now() + storeAgainMs, wake);
      pauses.add(wake);
    });

  const noteDue = (endpointId: string, dueAtMs: number) =>
    waiting.set(endpointId, Math.min(waiting.get(endpointId) ?? Number.POSITIVE_INFINITY, dueAtMs));

  const loadWaiting = () => {
    waiting.clear();
    for (const { endpointId, dueAtMs } of waitingEndpoints(database)) waiting.set(endpointId, dueAtMs);
  };

  return {
    start: async () => {
      await recover(deps);
      loadWaiting();
      isRunning = true;
      pump();
    },
    stop: async (graceMs) => {
      isRunning = false;
      takeTimerBack();
      for (const wake of pauses) wake();
      // Closing the sender ends what is left as interrupted, to be made again at the next start.
      const timer = setTimeout(() => void deps.sender.close(), graceMs);
      await pumping;
      await Promise.all([...flights.values()].map((flight) => flight.done));
      clearTimeout(timer);
      await deps.sender.close();
    },
    notify: (endpointIds, dueAtMs) => {
      for (const endpointId of endpointIds) noteDue(endpointId, dueAtMs);
      pump();
    },
    refresh: () => {
      loadWaiting();
      pump();
      // While claims go on, their end sets the timer.
      if (pumping === null) wakeAt(nextDueAtMs());
    },
    abort: (deliveryId) => {
      const flight = flights.get(deliveryId);
      flight?.abort.abort();
      return flight?.done ?? null;
    },
    inFlightCount: () => flights.size,
    deliveryAtPort: (localPort) => ports.get(localPort) ?? null,
  };
}

/** Attempts that were under way when the process died are recorded as interrupted and are due again at once. */
async function recover(deps: DispatcherDeps): Promise<void> {
  const found = interruptedAttempts(deps.database);
  if (found.length === 0) return;
  const ended = found.map((left) => interruptedEnd(deps, left, deps.endpoints.find(left.endpointId)));
  await deps.database.write((writer) => {
    for (const each of ended) endAttempt(writer, each);
  });
  deps.log.info({ attempts: found.length }, 'Attempts left under way by an earlier run were rescheduled');
}
