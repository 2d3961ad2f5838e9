import type { AttemptTrigger } from '#shared/contract/deliveries.ts';
import type { DeliveryHold } from '#shared/contract/health.ts';
import type { OutcomeCode } from '#shared/contract/outcome.ts';
import { createGathered, type Changes } from '../changes.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EndedAttempt } from '../health/after-attempt.ts';
import type { StateBook } from '../health/book.ts';
import { createHealthKeeper } from '../health/keeper.ts';
import { lastAttemptAtMs } from '../health/store.ts';
import type { Ids, LogFields } from '../ports.ts';
import { Refusal } from '../refusal.ts';
import { Canceller } from './canceller.ts';
import { createEndpointLimits } from './endpoint-limits.ts';
import { bareRecord, interruptedRecord, makeAttempt, stepFor, type AttemptDeps } from './make-attempt.ts';
import { interruptedAttempts, toRecordOrder, waitingEndpoints, type AttemptRecord, type Claim } from './queue.ts';
import { createRunway } from './runway.ts';
import { shareSlots, type SlotShare } from './share-slots.ts';

export interface DispatcherDeps extends AttemptDeps {
  readonly ids: Ids;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly states: StateBook;
}

/** An attempt that has not ended yet, so that the log has no row of it. */
export interface AttemptUnderWay {
  readonly attemptId: string;
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly startedAtMs: number;
}

/** Makes the attempts that are due and records each. */
export interface Dispatcher {
  /** Marks attempts that a killed process left behind as interrupted, then begins. */
  readonly start: () => Promise<void>;
  /** Begins no more attempts and waits for those under way, which are cut off after `graceMs` of real time. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Deliveries of these endpoints are due at `dueAtMs`. */
  readonly notify: (endpointIds: readonly string[], dueAtMs: number) => void;
  /** This delivery is due now because somebody would not wait: it goes out though the circuit of its endpoint be open. */
  readonly hasten: (endpointId: string, deliveryId: string) => void;
  /** Looks at all due times again, after they changed in the store. */
  readonly refresh: () => void;
  /** Aborts the attempt under way, answering true when its end is recorded; false when there is none. Its delivery then ends as cancelled. */
  readonly abort: (deliveryId: string) => Promise<boolean>;
  /** What keeps back a delivery whose next attempt is due at `dueAtMs`; null when nothing does. */
  readonly holdOn: (endpointId: string, dueAtMs: number) => DeliveryHold | null;
  /** When the rate limit of an endpoint allows its next attempt, where that is to come; null otherwise. */
  readonly rateLimitedUntilMs: (endpointId: string) => number | null;
  readonly inFlightCount: () => number;
  /** The attempt of a delivery that is under way; null when there is none. */
  readonly underWay: (deliveryId: string) => AttemptUnderWay | null;
  /** The delivery whose attempt goes out from this local TCP port, or null. */
  readonly deliveryAtPort: (localPort: number) => string | null;
}

/** A claimed delivery whose attempt is to begin. */
interface Cleared {
  readonly claim: Claim;
  /** Its body when that came along. */
  readonly body: Uint8Array | null;
  readonly attemptId: string;
}

/** A claim whose attempt is under way, until it is recorded. */
interface Flight extends Cleared {
  readonly startedAtMs: number;
  /** Whether it went out while the circuit of its endpoint was open. */
  readonly isProbe: boolean;
  readonly canceller: Canceller;
  done: Promise<void>;
}

/** Wait before the store is tried again after it refused a claim or a record. */
const storeAgainMs = 1000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, clock, endpoints, settings, states } = deps;
  /** Earliest due time of each endpoint that has deliveries waiting. */
  const waiting = new Map<string, number>();
  /** By delivery, until its attempt is recorded. */
  const flights = new Map<string, Flight>();
  /** Attempts being made to each endpoint; one that only waits to be recorded makes room for the next. */
  const sendingTo = new Map<string, number>();
  let sending = 0;
  /**
   * Claims wait for the disk. So that slots need not stand empty for so long, as many deliveries are claimed ahead of
   * their turn as attempts to their endpoint ended while its last claim was on its way: none for one that is slow.
   */
  const runway = createRunway<Cleared>();
  const ahead = new Map<string, number>();
  const endedWhileClaiming = new Map<string, number>();
  const ports = new Map<number, string>();
  const pauses = new Set<() => void>();
  const { touch } = createGathered(deps.changes);
  const limits = createEndpointLimits({
    endpoints,
    states,
    settings,
    now: clock.now,
    lastAttemptAtMs: (endpointId) => lastAttemptAtMs(database, endpointId),
  });
  const onHealthEvent = (endpointId: string) => {
    touch('endpoint-health', endpointId);
    // What waits may be held back now, or no longer.
    deps.changes.publish('deliveries', []);
  };
  const keeper = createHealthKeeper({ endpoints, states, settings, log: deps.log, onEvent: onHealthEvent });
  let isRunning = false;
  let pumping: Promise<void> | null = null;
  let claiming: readonly Promise<void>[] = [];
  let takeTimerBack: () => void = () => undefined;

  const share = () => {
    const aheadInAll = [...ahead.values()].reduce((sum, count) => sum + count, 0);
    return shareSlots(waiting, {
      nowMs: clock.now(),
      freeInAll: settings.get().maxConcurrency + aheadInAll + parked() - sending - runway.count(),
      capOf: (endpointId) => limits.claimCapOf(endpointId, sendingTo.get(endpointId) ?? 0, ahead.get(endpointId) ?? 0),
      flightsTo: (endpointId) => (sendingTo.get(endpointId) ?? 0) + runway.countTo(endpointId),
      isActive: (endpointId) => endpoints.find(endpointId)?.isActive === true,
    });
  };

  /** Claims that wait on the runway for their endpoint's time, and so for no slot. */
  const parked = () => {
    let count = 0;
    for (const endpointId of runway.endpointIds()) if (!limits.isOpen(endpointId)) count += runway.countTo(endpointId);
    return count;
  };

  const pump = () => {
    if (pumping !== null || !isRunning) return;
    pumping = claimAll().finally(() => {
      pumping = null;
    });
  };

  const claimAll = async () => {
    try {
      for (let shares = share(); isRunning && shares.length > 0; shares = share()) {
        claiming = shares.map(claim);
        await Promise.all(claiming);
      }
      wakeAt(nextDueAtMs());
    } catch (error) {
      deps.log.error({ error: String(error) }, 'Due deliveries could not be claimed; trying again');
      wakeAt(clock.now() + storeAgainMs);
    }
  };

  const wakeAt = (atMs: number | null) => {
    takeTimerBack();
    const look = () => {
      beginReady();
      pump();
    };
    takeTimerBack = isRunning && atMs !== null ? clock.at(atMs, look) : () => undefined;
  };

  /** What is due and may begin already waits for a free slot and not for time; the end of a flight pumps again. */
  const nextDueAtMs = () => {
    const nowMs = clock.now();
    let next: number | null = null;
    const consider = (atMs: number | null) => {
      if (atMs !== null && atMs > nowMs && (next === null || atMs < next)) next = atMs;
    };
    for (const [endpointId, dueAtMs] of waiting) consider(dueAtMs > nowMs ? dueAtMs : limits.opensAtMs(endpointId));
    for (const endpointId of runway.endpointIds()) consider(limits.opensAtMs(endpointId));
    return next;
  };

  const claim = async ({ endpointId, slots }: SlotShare) => {
    const nowMs = clock.now();
    const attemptIds = Array.from({ length: slots }, () => deps.ids.next('att'));
    // What becomes due while this is on its way is noted again.
    waiting.delete(endpointId);
    endedWhileClaiming.set(endpointId, 0);
    try {
      const deliveryId = limits.letThroughTo(endpointId);
      const isOrdered = limits.isOrdered(endpointId);
      const { claims, nextDueAtMs: dueAtMs } = await database.hot('claim', { endpointId, nowMs, attemptIds, isOrdered, deliveryId });
      if (deliveryId !== null && claims.length === 0) limits.takeBackLetThrough(endpointId);
      if (dueAtMs !== null) noteDue(endpointId, dueAtMs);
      for (const [index, { body, ...claimed }] of claims.entries())
        runway.add({ claim: claimed, body, attemptId: attemptIds[index] ?? '' });
    } catch (error) {
      noteDue(endpointId, nowMs);
      throw error;
    } finally {
      const ended = Math.min(endedWhileClaiming.get(endpointId) ?? 0, settings.get().maxConcurrencyPerEndpoint);
      endedWhileClaiming.delete(endpointId);
      if (ended > 0) ahead.set(endpointId, ended);
      else ahead.delete(endpointId);
    }
    // The circuit may have opened meanwhile.
    if (limits.isShut(endpointId)) recall(endpointId);
    beginReady();
  };

  /** Begins attempts on the runway for as long as there are slots. */
  const beginReady = () => {
    const { maxConcurrency } = settings.get();
    const mayBegin = (endpointId: string) => (sendingTo.get(endpointId) ?? 0) < limits.capOf(endpointId) && limits.isOpen(endpointId);
    while (sending < maxConcurrency) {
      const cleared = runway.next(mayBegin);
      if (cleared === undefined) return;
      const target = endpoints.find(cleared.claim.endpointId);
      // Either may have changed since it was claimed.
      if (isRunning && target?.isActive === true) begin(cleared, target);
      else void giveBack(cleared.claim);
    }
  };

  /** Undoes a claim. An endpoint that is gone gets no attempt, so its delivery would wait for ever. */
  const giveBack = async (claimed: Claim): Promise<void> => {
    const target = endpoints.find(claimed.endpointId);
    const isGone = target === undefined || target.isDeleted;
    await untilStored({ deliveryId: claimed.deliveryId }, () =>
      database.hot('release', { claim: claimed, isCancelled: isGone, nowMs: clock.now() }),
    );
    if (isGone) return;
    noteDue(claimed.endpointId, claimed.dueAtMs);
    pump();
  };

  const begin = (cleared: Cleared, target: EndpointConfig) => {
    const { deliveryId, endpointId } = cleared.claim;
    const isProbe = limits.begin(endpointId);
    const flight: Flight = { ...cleared, startedAtMs: clock.now(), isProbe, canceller: new Canceller(), done: Promise.resolve() };
    flights.set(deliveryId, flight);
    sending += 1;
    sendingTo.set(endpointId, (sendingTo.get(endpointId) ?? 0) + 1);
    touch('deliveries', deliveryId);
    flight.done = fly(flight, target)
      .catch((error: unknown) => {
        // A bug: the attempt counts as interrupted at the next start.
        deps.log.error(
          { deliveryId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'An attempt was lost track of',
        );
      })
      .finally(() => {
        flights.delete(deliveryId);
        touch('deliveries', deliveryId);
        touch('endpoints', endpointId);
      });
  };

  const fly = async (flight: Flight, target: EndpointConfig): Promise<void> => {
    const { deliveryId, endpointId } = flight.claim;
    let port: number | null = null;
    // A kept connection may have passed to another attempt by now, whose port it then is.
    const forgetPort = () => void (port !== null && ports.get(port) === deliveryId && ports.delete(port));
    const onSent = (localPort: number) => {
      forgetPort();
      port = localPort;
      ports.set(localPort, deliveryId);
    };
    const record = await makeAttempt(deps, { ...flight, signal: flight.canceller, onSent }, target);
    forgetPort();
    if (keeper.ended(endpointId, endedOf(record, flight))) recall(endpointId);
    // In an ordered endpoint the next one depends on where the store says that this one stands.
    const isOrdered = limits.isOrdered(endpointId);
    if (!isOrdered) giveSlot(endpointId);
    const dueAtMs = await keep(record, endpointId);
    if (dueAtMs !== null) noteDue(endpointId, dueAtMs);
    if (isOrdered) giveSlot(endpointId);
    else if (dueAtMs !== null) pump();
  };

  /** Puts back what was claimed for an endpoint that may get nothing now. */
  const recall = (endpointId: string) => {
    for (const { claim: claimed } of runway.removeTo(endpointId)) void giveBack(claimed);
  };

  const giveSlot = (endpointId: string) => {
    sending -= 1;
    const left = (sendingTo.get(endpointId) ?? 1) - 1;
    if (left > 0) sendingTo.set(endpointId, left);
    else sendingTo.delete(endpointId);
    const ended = endedWhileClaiming.get(endpointId);
    if (ended !== undefined) endedWhileClaiming.set(endpointId, ended + 1);
    beginReady();
    pump();
  };

  /** Records an attempt; answers when the next one is due, or null. */
  const keep = async (record: AttemptRecord, endpointId: string): Promise<number | null> => {
    let kept = record;
    const write = async () => {
      // The endpoint may have been deleted while the attempt was under way.
      const step = stepFor(kept.step, endpoints.find(endpointId));
      const state = states.unsaved(endpointId);
      await database.hot('record', toRecordOrder({ ...kept, step }, state));
      if (state !== null) states.saved(state);
      return step.dueAtMs;
    };
    // Not for want of room: what was seen cannot be stored, but that the attempt was made must be.
    const onRefused = (error: unknown) => {
      if (!(error instanceof Refusal)) kept = bareRecord(record);
    };
    return untilStored({ deliveryId: record.attempt.delivery_id }, write, onRefused);
  };

  /**
   * Keeps at a write until the store takes it, since an attempt that was made must not be forgotten. After a restart what
   * was not recorded counts as interrupted and is made again, so a stop may leave it; the answer is null then.
   */
  const untilStored = async <T>(
    fields: LogFields,
    write: () => Promise<T>,
    onRefused: (error: unknown) => void = () => undefined,
  ): Promise<T | null> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write();
      } catch (error) {
        if (tries === 1) deps.log.error({ ...fields, error: String(error) }, 'An attempt could not be recorded; trying again until it is');
        if (!isRunning) return null;
        onRefused(error);
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
      await Promise.all(runway.removeAll().map(({ claim: claimed }) => giveBack(claimed)));
      await Promise.all([...flights.values()].map((flight) => flight.done));
      clearTimeout(timer);
      await deps.sender.close();
    },
    notify: (endpointIds, dueAtMs) => {
      for (const endpointId of endpointIds) noteDue(endpointId, dueAtMs);
      pump();
    },
    hasten: (endpointId, deliveryId) => {
      limits.letThrough(endpointId, deliveryId);
      noteDue(endpointId, clock.now());
      pump();
    },
    holdOn: limits.holdOn,
    rateLimitedUntilMs: limits.rateLimitedUntilMs,
    refresh: () => {
      loadWaiting();
      pump();
      // While claims go on, their end sets the timer.
      if (pumping === null) wakeAt(nextDueAtMs());
    },
    abort: async (deliveryId) => {
      // Its claim may be on its way.
      if (!flights.has(deliveryId)) await Promise.allSettled(claiming);
      const cleared = runway.remove(deliveryId);
      if (cleared !== undefined) {
        await database.hot('release', { claim: cleared.claim, isCancelled: true, nowMs: clock.now() });
        return true;
      }
      const flight = flights.get(deliveryId);
      flight?.canceller.abort();
      await flight?.done;
      return flight !== undefined;
    },
    inFlightCount: () => flights.size,
    underWay: (deliveryId) => {
      const flight = flights.get(deliveryId);
      if (flight === undefined) return null;
      const { claim: claimed, attemptId, startedAtMs } = flight;
      return { attemptId, startedAtMs, number: claimed.attemptCount + 1, trigger: claimed.trigger };
    },
    deliveryAtPort: (localPort) => ports.get(localPort) ?? null,
  };
}

/** Attempts that were under way when the process died are recorded as interrupted and are due again at once. */
async function recover(deps: DispatcherDeps): Promise<void> {
  const found = interruptedAttempts(deps.database);
  if (found.length === 0) return;
  const records = found.map((left) => interruptedRecord(deps, left, deps.endpoints.find(left.endpointId)));
  await Promise.all(records.map((record) => deps.database.hot('record', toRecordOrder(record, null))));
  deps.log.info({ attempts: found.length }, 'Attempts left under way by an earlier run were rescheduled');
}

/** An attempt as health looks at it. */
function endedOf({ attempt, step, maxAttempts }: AttemptRecord, { isProbe }: Pick<Flight, 'isProbe'>): EndedAttempt {
  return {
    // Every record of an attempt has the code of its outcome.
    code: (attempt.outcome_code ?? 'unknown') as OutcomeCode,
    status: attempt.status,
    endedAtMs: attempt.ended_at_ms ?? attempt.started_at_ms,
    isExhausted: step.status === 'exhausted',
    attemptsLeft: maxAttempts - step.attemptCount,
    isProbe,
  };
}
