import type { AttemptTrigger } from '#shared/contract/deliveries.ts';
import type { DeliveryHold } from '#shared/contract/health.ts';
import type { OutcomeCode } from '#shared/contract/outcome.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EndedAttempt } from '../health/after-attempt.ts';
import type { StateBook } from '../health/book.ts';
import { createHealthKeeper } from '../health/keeper.ts';
import { lastAttemptAtMs } from '../health/store.ts';
import type { Ids } from '../base/ports.ts';
import { Canceller } from '../http/canceller.ts';
import { createClaimsAhead } from './claims-ahead.ts';
import { createEndpointLimits } from './endpoint-limits.ts';
import { interruptedRecord, makeAttempt, type AttemptDeps, type BegunAttempt } from './make-attempt.ts';
import {
  claimWrite,
  recordWrite,
  releaseWrite,
  claimsOf,
  interruptedAttempts,
  toRecordOrder,
  waitingEndpoints,
  type AttemptRecord,
  type Claim,
  type ClaimWithBody,
} from '../log/queue.ts';
import { createRecorder, storeAgainMs } from './recorder.ts';
import { createRunway } from './runway.ts';
import { createGuaranteedSlots, reservedOf } from './guaranteed-slots.ts';
import { shareSlots, type SlotShare } from './share-slots.ts';
import { createSentRequests, type SentRequest, type SentRequests } from '../http/sent-requests.ts';
import { createWakeTimer } from './wake-timer.ts';

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
  /** Moves rates and circuits along with a clock that was set; due times move in the store. */
  readonly clockMoved: (byMs: number) => void;
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
  /** The delivery of ours that a request which came in belongs to, or null. */
  readonly deliveryOf: SentRequests['deliveryOf'];
}

/** A claimed delivery whose attempt is to begin. */
interface Cleared {
  readonly claim: ClaimWithBody;
  readonly attemptId: string;
}

/** A claim whose attempt is under way, until it is recorded. */
interface Flight extends BegunAttempt {
  /** Whether it went out while the circuit of its endpoint was open. */
  readonly isProbe: boolean;
  readonly signal: Canceller;
  readonly sent: SentRequest;
  done: Promise<void>;
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, clock, endpoints, settings, states } = deps;
  /** Earliest due time of each endpoint that has deliveries waiting. */
  const waiting = new Map<string, number>();
  /** By delivery, until its attempt is recorded. */
  const flights = new Map<string, Flight>();
  /** Attempts being made to each endpoint; one that only waits to be recorded makes room for the next. */
  const sendingTo = new Map<string, number>();
  let sending = 0;
  const runway = createRunway<Cleared>();
  const ahead = createClaimsAhead();
  const guaranteed = createGuaranteedSlots();
  const sentRequests = createSentRequests();
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
  const recorder = createRecorder(deps);
  const keeper = createHealthKeeper({ endpoints, states, settings, log: deps.log, onEvent: onHealthEvent });
  let isRunning = false;
  let isPumping = false;
  /** The claims that are under way, or were last. */
  let pumping: Promise<void> = Promise.resolve();
  let claiming: readonly Promise<void>[] = [];
  const timer = createWakeTimer(clock, () => pump());

  const share = (nowMs: number) =>
    shareSlots(waiting, {
      nowMs,
      freeInAll: settings.get().maxConcurrency + ahead.inAll() + parked(nowMs) - sending - runway.count(),
      reserved: reservedOf(settings.get().maxConcurrency),
      guaranteedTo: guaranteed.of,
      capOf: (endpointId) => limits.claimCapOf(endpointId, nowMs, sendingTo.get(endpointId) ?? 0, ahead.of(endpointId)),
      flightsTo: (endpointId) => (sendingTo.get(endpointId) ?? 0) + runway.countTo(endpointId),
      isActive: (endpointId) => endpoints.find(endpointId)?.isActive === true,
    });

  /** Claims that wait on the runway for their endpoint's time, and so for no slot. */
  const parked = (nowMs: number) => {
    let count = 0;
    for (const endpointId of runway.endpointIds()) if (!limits.isOpen(endpointId, nowMs)) count += runway.countTo(endpointId);
    return count;
  };

  /**
   * One look: begins what is ready, then claims what is due or waits for what comes next. All of it is judged by one reading
   * of the clock: what came due between two would be taken for something that waits for a slot, and nobody would wake for it.
   */
  const pump = () => {
    const nowMs = clock.now();
    beginReady(nowMs);
    if (isPumping || !isRunning) return;
    const shares = share(nowMs);
    if (shares.length === 0) return timer.setFor(nextDueAtMs(nowMs));
    isPumping = true;
    pumping = claimAll(shares);
  };

  const claimAll = async (shares: readonly SlotShare[]) => {
    try {
      claiming = shares.map(claim);
      await Promise.all(claiming);
      isPumping = false;
      pump();
    } catch (error) {
      deps.log.error({ error: String(error) }, 'Due deliveries could not be claimed; trying again');
      isPumping = false;
      if (isRunning) timer.setFor(clock.now() + storeAgainMs);
    }
  };

  /** What is due and may begin already waits for a free slot and not for time; the end of a flight pumps again. */
  const nextDueAtMs = (nowMs: number) => {
    let next: number | null = null;
    const consider = (atMs: number | null) => {
      if (atMs !== null && atMs > nowMs && (next === null || atMs < next)) next = atMs;
    };
    for (const [endpointId, dueAtMs] of waiting) consider(dueAtMs > nowMs ? dueAtMs : limits.opensAtMs(endpointId, nowMs));
    for (const endpointId of runway.endpointIds()) consider(limits.opensAtMs(endpointId, nowMs));
    return next;
  };

  const claim = async ({ endpointId, slots }: SlotShare) => {
    const nowMs = clock.now();
    const attemptIds = Array.from({ length: slots }, () => deps.ids.next('att'));
    // What becomes due while this is on its way is noted again.
    waiting.delete(endpointId);
    ahead.claimBegan(endpointId);
    try {
      const deliveryId = limits.letThroughTo(endpointId);
      const isOrdered = limits.isOrdered(endpointId);
      const claimed = await database.hot(claimWrite, { endpointId, nowMs, attemptIds, isOrdered, deliveryId });
      const claims = claimsOf(endpointId, claimed);
      if (deliveryId !== null && claims.length === 0) limits.takeBackLetThrough(endpointId, deliveryId);
      if (claimed.nextDueAtMs !== null) noteDue(endpointId, claimed.nextDueAtMs);
      for (const [index, taken] of claims.entries()) runway.add({ claim: taken, attemptId: attemptIds[index] ?? '' });
    } catch (error) {
      noteDue(endpointId, nowMs);
      throw error;
    } finally {
      ahead.claimEnded(endpointId, settings.get().maxConcurrencyPerEndpoint);
    }
    // The circuit may have opened meanwhile.
    if (limits.isShut(endpointId)) recall(endpointId);
    beginReady(clock.now());
  };

  /** Begins attempts on the runway for as long as there are slots. */
  const beginReady = (nowMs: number) => {
    const { maxConcurrency } = settings.get();
    const reserved = reservedOf(maxConcurrency);
    const mayBegin = (endpointId: string) => {
      const flightsTo = sendingTo.get(endpointId) ?? 0;
      const isRoom = maxConcurrency - sending > reserved || flightsTo < guaranteed.of(endpointId);
      return isRoom && flightsTo < limits.capOf(endpointId) && limits.isOpen(endpointId, nowMs);
    };
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
    // It was due; a clock that was set back meanwhile must not make it wait again.
    const dueAtMs = Math.min(claimed.dueAtMs, clock.now());
    await recorder.release({ ...claimed, dueAtMs }, isGone);
    if (isGone) return;
    noteDue(claimed.endpointId, dueAtMs);
    pump();
  };

  const begin = ({ claim: claimed, attemptId }: Cleared, target: EndpointConfig) => {
    const { deliveryId, endpointId } = claimed;
    const isProbe = limits.begin(endpointId, deliveryId);
    const flight: Flight = {
      claim: claimed,
      attemptId,
      startedAtMs: clock.now(),
      movedMs: clock.movedMs?.() ?? 0,
      isProbe,
      signal: new Canceller(),
      sent: sentRequests.begin(deliveryId),
      done: Promise.resolve(),
    };
    flights.set(deliveryId, flight);
    sending += 1;
    sendingTo.set(endpointId, (sendingTo.get(endpointId) ?? 0) + 1);
    touch('deliveries', deliveryId);
    flight.done = fly(flight, target);
  };

  /** From the beginning of an attempt until it is recorded. Never rejects. */
  const fly = async (flight: Flight, target: EndpointConfig): Promise<void> => {
    const { deliveryId, endpointId } = flight.claim;
    let hasHealthEvent = false;
    try {
      const record = await makeAttempt(deps, flight, target);
      flight.sent.end();
      guaranteed.attemptEnded(endpointId, clock.now() - flight.startedAtMs);
      const { isClosed, hasEvent } = keeper.ended(endpointId, endedOf(record, flight));
      hasHealthEvent = hasEvent;
      if (isClosed) recall(endpointId);
      // In an ordered endpoint the next one depends on where the store says that this one stands.
      const isOrdered = limits.isOrdered(endpointId);
      if (!isOrdered) giveSlot(endpointId);
      const dueAtMs = await recorder.keep(record);
      if (dueAtMs !== null) noteDue(endpointId, dueAtMs);
      if (isOrdered) giveSlot(endpointId);
      else if (dueAtMs !== null) pump();
    } catch (error) {
      // A bug: the attempt counts as interrupted at the next start.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      deps.log.error({ deliveryId, error: text }, 'An attempt was lost track of');
    } finally {
      flights.delete(deliveryId);
      touch('deliveries', deliveryId);
      touch('endpoints', endpointId);
      // Whoever was told at once may have read the history before the event was in it.
      if (hasHealthEvent) touch('endpoint-health', endpointId);
    }
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
    ahead.attemptEnded(endpointId);
    pump();
  };

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
      timer.setFor(null);
      recorder.stop();
      // Closing the sender ends what is left as interrupted, to be made again at the next start.
      const grace = setTimeout(() => void deps.sender.close(), graceMs);
      await pumping;
      await Promise.all(runway.removeAll().map(({ claim: claimed }) => giveBack(claimed)));
      await Promise.all([...flights.values()].map((flight) => flight.done));
      clearTimeout(grace);
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
    clockMoved: (byMs) => {
      limits.clockMoved(byMs);
      states.clockMoved(byMs);
    },
    refresh: () => {
      loadWaiting();
      // The clock may have been set, and a timer that was set by it with it.
      timer.setFor(null);
      pump();
    },
    abort: async (deliveryId) => {
      // Its claim may be on its way.
      if (!flights.has(deliveryId)) await Promise.allSettled(claiming);
      const cleared = runway.remove(deliveryId);
      if (cleared !== undefined) {
        await database.hot(releaseWrite, { claim: cleared.claim, isCancelled: true, nowMs: clock.now() });
        return true;
      }
      const flight = flights.get(deliveryId);
      flight?.signal.abort();
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
    deliveryOf: sentRequests.deliveryOf,
  };
}

/** Attempts that were under way when the process died are recorded as interrupted and are due again at once. */
async function recover(deps: DispatcherDeps): Promise<void> {
  const found = interruptedAttempts(deps.database);
  if (found.length === 0) return;
  const records = found.map((left) => interruptedRecord(deps, left, deps.endpoints.find(left.endpointId)));
  await Promise.all(records.map((record) => deps.database.hot(recordWrite, toRecordOrder(record, record.step, null))));
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
