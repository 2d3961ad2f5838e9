import type { DeliveryHold } from '#shared/contract/health.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { Ids } from '../base/ports.ts';
import { createTurnBudget } from '../base/turn-budget.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { StateBook } from '../health/book.ts';
import { createHealthKeeper } from '../health/keeper.ts';
import { lastAttemptAtMs } from '../log/endpoint-activity.ts';
import { createSentRequests, type SentRequests } from '../http/sent-requests.ts';
import { releaseWrite, waitingEndpoints } from '../log/queue.ts';
import { createClaimedQueue } from './claimed-queue.ts';
import { createClaimer, type PromisedClaim } from './claimer.ts';
import { createDueTimes } from './due-times.ts';
import { createFlights, type ClaimedDelivery, type Flights } from './flights.ts';
import { createGates, type Gates } from './gates.ts';
import { recordLeftUnderWay } from './left-under-way.ts';
import type { AttemptDeps } from './make-attempt.ts';
import { createRecorder, storeAgainMs } from './recorder.ts';
import type { SlotShare } from './share-slots.ts';
import { createSlots } from './slots.ts';
import { createWakeTimer } from './wake-timer.ts';

export interface DispatcherDeps extends AttemptDeps {
  readonly ids: Ids;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly states: StateBook;
}

/** Makes the attempts that are due and records each. */
export interface Dispatcher {
  /** Marks attempts that a killed process left under way as interrupted, then begins. */
  readonly start: () => Promise<void>;
  /** Begins no more attempts and waits for those under way, which are cut off after `graceMs` of real time. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Deliveries of these endpoints are due at `dueAtMs`. */
  readonly notify: (endpointIds: readonly string[], dueAtMs: number) => void;
  /**
   * Promises a slot to a delivery that is about to be written, which is then written with the id of its attempt and due at no time; null
   * where there is none, or others wait: then it is written as due, and `notify` told.
   */
  readonly promise: (endpointId: string) => PromisedClaim | null;
  /** This delivery is due now because somebody asked for it: it is sent even if the circuit of its endpoint is open. */
  readonly hasten: (endpointId: string, deliveryId: string) => void;
  /** Moves the times of rates and circuits after the clock was set; due times move in the store. */
  readonly clockMoved: (byMs: number) => void;
  /** Reads all due times again, after they changed in the store. */
  readonly refresh: () => void;
  /** Aborts the attempt under way; resolves with true when its end is recorded, with false when there is none. Its delivery then ends as cancelled. */
  readonly abort: (deliveryId: string) => Promise<boolean>;
  /** What holds back a delivery whose next attempt is due at `dueAtMs`; null when nothing does. */
  readonly holdOn: (endpointId: string, dueAtMs: number) => DeliveryHold | null;
  readonly rateLimitedUntilMs: Gates['rateLimitedUntilMs'];
  readonly inFlightCount: () => number;
  /** The attempt of a delivery that is under way; null when there is none. */
  readonly underWay: Flights['underWay'];
  /** The delivery that made an incoming request, or null. */
  readonly deliveryOf: SentRequests['deliveryOf'];
}

/**
 * A delivery passes through these parts: it waits in `dueTimes`, is claimed into `queue` when there is a slot for it or soon
 * will be, begins when its gate is open and its slot free, and is in `flights` until its attempt is recorded.
 */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, clock, endpoints, settings, states } = deps;
  const { touch } = createGathered(deps.changes);
  const sentRequests = createSentRequests();
  const recorder = createRecorder(deps);
  const dueTimes = createDueTimes();
  const queue = createClaimedQueue<ClaimedDelivery>();
  const slots = createSlots(settings);
  const gates = createGates({
    endpoints,
    states,
    settings,
    now: clock.now,
    lastAttemptAtMs: (endpointId) => lastAttemptAtMs(database, endpointId),
  });
  const claimer = createClaimer({
    database,
    clock,
    ids: deps.ids,
    settings,
    endpoints,
    dueTimes,
    slots,
    gates,
    queue,
    recorder,
    onClaimed: () => beginClaimed(clock.now()),
    onDueAgain: () => pump(),
  });
  const onHealthEvent = (endpointId: string) => {
    touch('endpoint-health', endpointId);
    // Waiting deliveries may be held back now, or no longer.
    deps.changes.publish('deliveries', []);
  };
  const flights = createFlights({
    ...deps,
    recorder,
    keeper: createHealthKeeper({ endpoints, states, settings, log: deps.log, onEvent: onHealthEvent }),
    sentRequests,
    isOrdered: gates.isOrdered,
    touch,
    on: {
      ended: slots.attemptEnded,
      closed: claimer.recall,
      left: (endpointId) => {
        slots.give(endpointId);
        claimer.attemptEnded(endpointId);
        pump();
      },
      nextDue: (endpointId, dueAtMs) => {
        dueTimes.note(endpointId, dueAtMs);
        pump();
      },
    },
  });
  const timer = createWakeTimer(clock, () => pump());
  const budget = createTurnBudget();
  let isBeginningSoon = false;
  let isRunning = false;

  /**
   * One look: begins what is claimed, then claims what is due or waits for what comes next. All of it is judged by one reading
   * of the clock: what came due between two would be taken for something that waits for a slot, and nobody would wake for it.
   */
  const pump = () => {
    const nowMs = clock.now();
    beginClaimed(nowMs);
    if (claimer.isUnderWay() || !isRunning) return;
    const shares = claimer.shares(nowMs);
    if (shares.length === 0) return timer.setFor(nextLookAtMs(nowMs));
    void claimAndLookAgain(shares);
  };

  const claimAndLookAgain = async (shares: readonly SlotShare[]) => {
    try {
      await claimer.claim(shares);
      pump();
    } catch (error) {
      deps.log.error({ error: String(error) }, 'Due deliveries could not be claimed; trying again');
      if (isRunning) timer.setFor(clock.now() + storeAgainMs);
    }
  };

  /** Begins attempts of claimed deliveries for as long as there are slots; those that would hold up other calls, in the next turns. */
  const beginClaimed = (nowMs: number) => {
    const mayBegin = (endpointId: string) => slots.isFreeFor(endpointId, gates.capOf(endpointId)) && gates.isOpen(endpointId, nowMs);
    while (slots.freeCount() > 0) {
      if (budget.isSpent()) return beginSoon();
      const claimed = queue.next(mayBegin);
      if (claimed === undefined) return;
      const { endpointId, deliveryId } = claimed.claim;
      const target = endpoints.find(endpointId);
      // Either may have changed since it was claimed.
      if (!isRunning || target?.isActive !== true) {
        void claimer.giveBack(claimed.claim);
        continue;
      }
      slots.take(endpointId);
      flights.begin(claimed, target, gates.begin(endpointId, deliveryId));
    }
  };

  const beginSoon = () => {
    if (isBeginningSoon) return;
    isBeginningSoon = true;
    setImmediate(() => {
      isBeginningSoon = false;
      beginClaimed(clock.now());
    });
  };

  /** Deliveries that are due and may begin wait for a free slot, not for a time; the end of a flight pumps again. */
  const nextLookAtMs = (nowMs: number): number | null => {
    let nextMs = dueTimes.nextAtMs() ?? Number.POSITIVE_INFINITY;
    const considerGate = (endpointId: string) => {
      nextMs = Math.min(nextMs, gates.opensAtMs(endpointId, nowMs) ?? Number.POSITIVE_INFINITY);
    };
    for (const endpointId of dueTimes.due(nowMs)) considerGate(endpointId);
    for (const endpointId of queue.endpointIds()) considerGate(endpointId);
    return nextMs === Number.POSITIVE_INFINITY ? null : nextMs;
  };

  return {
    start: async () => {
      await recordLeftUnderWay(deps);
      dueTimes.replace(waitingEndpoints(database));
      isRunning = true;
      pump();
    },
    stop: async (graceMs) => {
      isRunning = false;
      timer.setFor(null);
      recorder.stop();
      // Closing the sender ends the remaining attempts as interrupted; they are made again at the next start.
      const grace = setTimeout(() => void deps.sender.close(), graceMs);
      await claimer.settled();
      await Promise.all(queue.removeAll().map(({ claim }) => claimer.giveBack(claim)));
      await flights.settled();
      clearTimeout(grace);
      await deps.sender.close();
    },
    notify: (endpointIds, dueAtMs) => {
      for (const endpointId of endpointIds) dueTimes.note(endpointId, dueAtMs);
      pump();
    },
    promise: (endpointId) => (isRunning ? claimer.promise(endpointId) : null),
    hasten: (endpointId, deliveryId) => {
      gates.letThrough(endpointId, deliveryId);
      dueTimes.note(endpointId, clock.now());
      pump();
    },
    clockMoved: (byMs) => {
      gates.clockMoved(byMs);
      states.clockMoved(byMs);
    },
    refresh: () => {
      dueTimes.replace(waitingEndpoints(database));
      // The clock may have been set, which makes the timer wrong.
      timer.setFor(null);
      pump();
    },
    abort: async (deliveryId) => {
      // Its claim may be under way.
      if (!flights.has(deliveryId)) await claimer.settled();
      const claimed = queue.remove(deliveryId);
      if (claimed === undefined) return await flights.abort(deliveryId);
      await database.hot(releaseWrite, { claim: claimed.claim, isCancelled: true, nowMs: clock.now() });
      return true;
    },
    holdOn: gates.holdOn,
    rateLimitedUntilMs: gates.rateLimitedUntilMs,
    inFlightCount: flights.count,
    underWay: flights.underWay,
    deliveryOf: sentRequests.deliveryOf,
  };
}
