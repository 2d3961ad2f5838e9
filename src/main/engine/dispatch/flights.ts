import type { AttemptTrigger } from '#shared/contract/deliveries.ts';
import type { OutcomeCode } from '#shared/contract/outcome.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EndedAttempt } from '#shared/health/after-attempt.ts';
import type { HealthKeeper } from '../health/keeper.ts';
import { Canceller } from '../http/canceller.ts';
import type { SentRequest, SentRequests } from '../http/sent-requests.ts';
import type { AttemptRecord, ClaimWithBody } from '../log/queue.ts';
import { makeAttempt, type AttemptDeps, type BegunAttempt } from './make-attempt.ts';
import type { Recorder } from './recorder.ts';
import { stackOf } from '../base/stack-of.ts';

export interface FlightsDeps extends AttemptDeps {
  readonly recorder: Pick<Recorder, 'keep'>;
  readonly keeper: Pick<HealthKeeper, 'ended'>;
  readonly sentRequests: Pick<SentRequests, 'begin'>;
  readonly isOrdered: (endpointId: string) => boolean;
  /** Publishes a change. */
  readonly touch: (topic: 'deliveries' | 'endpoints' | 'endpoint-health', id: string) => void;
  readonly on: FlightEvents;
}

/** The events of a flight, in this order. */
export interface FlightEvents {
  /** The attempt was made, and took so long. */
  readonly ended: (endpointId: string, tookMs: number) => void;
  /** Its outcome disabled the endpoint or opened its circuit. */
  readonly closed: (endpointId: string) => void;
  /** It no longer needs its slot. */
  readonly left: (endpointId: string) => void;
  /** It is recorded; the next attempt of its delivery is due at that time. */
  readonly nextDue: (endpointId: string, dueAtMs: number) => void;
}

/** A claimed delivery whose attempt is about to begin. */
export interface ClaimedDelivery {
  readonly claim: ClaimWithBody;
  readonly attemptId: string;
}

/** An attempt that has not ended, so the log has no row for it yet. */
export interface AttemptUnderWay {
  readonly attemptId: string;
  readonly number: number;
  readonly trigger: AttemptTrigger;
  readonly startedAtMs: number;
  /** The message's own method; null for the endpoint's. */
  readonly method: string | null;
}

/** Attempts under way, each from its beginning until it is recorded. */
export interface Flights {
  /** `isProbe` means that the circuit of its endpoint is open. */
  readonly begin: (claimed: ClaimedDelivery, target: EndpointConfig, isProbe: boolean) => void;
  readonly has: (deliveryId: string) => boolean;
  /** Aborts the attempt of this delivery; resolves with true when its end is recorded, with false when there is none. */
  readonly abort: (deliveryId: string) => Promise<boolean>;
  readonly underWay: (deliveryId: string) => AttemptUnderWay | null;
  readonly count: () => number;
  /** Resolves when the flights under way now are recorded. */
  readonly settled: () => Promise<void>;
}

interface Flight extends BegunAttempt {
  readonly isProbe: boolean;
  readonly signal: Canceller;
  readonly sent: SentRequest;
  done: Promise<void>;
}

export function createFlights(deps: FlightsDeps): Flights {
  const { clock, keeper, recorder, touch, on } = deps;
  const flights = new Map<string, Flight>();

  /** From the beginning of an attempt until it is recorded. Never rejects. */
  const fly = async (flight: Flight, target: EndpointConfig): Promise<void> => {
    const { deliveryId, endpointId } = flight.claim;
    let hasHealthEvent = false;
    try {
      const record = await makeAttempt(deps, flight, target);
      flight.sent.end();
      on.ended(endpointId, clock.now() - flight.startedAtMs);
      const health = keeper.ended(endpointId, endedOf(record, flight.isProbe));
      hasHealthEvent = health.hasEvent;
      if (health.isClosed) on.closed(endpointId);
      // At an ordered endpoint the next delivery depends on the stored state of this one.
      const isOrdered = deps.isOrdered(endpointId);
      if (!isOrdered) on.left(endpointId);
      const dueAtMs = await recorder.keep(record);
      if (dueAtMs !== null) on.nextDue(endpointId, dueAtMs);
      if (isOrdered) on.left(endpointId);
    } catch (error) {
      // A bug: the attempt counts as interrupted at the next start.
      deps.log.error({ deliveryId, error: stackOf(error) }, 'Lost track of an attempt');
    } finally {
      flights.delete(deliveryId);
      touch('deliveries', deliveryId);
      touch('endpoints', endpointId);
      // A follower that was notified at once may have read the history before the event was in it.
      if (hasHealthEvent) touch('endpoint-health', endpointId);
    }
  };

  return {
    begin: ({ claim, attemptId }, target, isProbe) => {
      const { deliveryId } = claim;
      const flight: Flight = {
        claim,
        attemptId,
        startedAtMs: clock.now(),
        movedMs: clock.movedMs?.() ?? 0,
        isProbe,
        signal: new Canceller(),
        sent: deps.sentRequests.begin(deliveryId),
        done: Promise.resolve(),
      };
      flights.set(deliveryId, flight);
      touch('deliveries', deliveryId);
      flight.done = fly(flight, target);
    },
    has: (deliveryId) => flights.has(deliveryId),
    abort: async (deliveryId) => {
      const flight = flights.get(deliveryId);
      flight?.signal.abort();
      await flight?.done;
      return flight !== undefined;
    },
    underWay: (deliveryId) => {
      const flight = flights.get(deliveryId);
      if (flight === undefined) return null;
      const { claim, attemptId, startedAtMs } = flight;
      return { attemptId, startedAtMs, number: claim.attemptCount + 1, trigger: claim.trigger, method: claim.head?.method ?? null };
    },
    count: () => flights.size,
    settled: async () => void (await Promise.all([...flights.values()].map(({ done }) => done))),
  };
}

/** What health needs of an attempt. */
function endedOf({ attempt, step, maxAttempts, disableReason }: AttemptRecord, isProbe: boolean): EndedAttempt {
  return {
    // Every recorded attempt has an outcome code.
    code: (attempt.outcome_code ?? 'unknown') as OutcomeCode,
    status: attempt.status,
    endedAtMs: attempt.ended_at_ms ?? attempt.started_at_ms,
    isExhausted: step.status === 'exhausted',
    attemptsLeft: maxAttempts - step.attemptCount,
    disableReason,
    isProbe,
  };
}
