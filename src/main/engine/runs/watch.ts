import { setMaxListeners } from 'node:events';
import { answeredStatus } from '#shared/contract/answered.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import { attemptsOf, findDelivery } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';
import { unmetByAnswer, type AnswerDeps, type Attempt } from './answer.ts';
import { unmetByAttempt } from './judge.ts';

export interface WatchDeps extends AnswerDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Pick<Changes, 'follow'>;
}

/** A delivery as it was when its step was decided. */
export interface Watched {
  readonly unmet: NearestMiss['unmet'];
  readonly state: DeliveryStatus;
  readonly attempts: number;
  /** Of the last answer, where it came whole. */
  readonly status: number | null;
  /** The last outcome in a sentence; null before the first attempt has ended. */
  readonly outcome: string | null;
  /** The last attempt that has ended; null before. */
  readonly last: Attempt | null;
  /** When the next attempt is to begin; null where none is, and while one is under way. */
  readonly dueAtMs: number | null;
}

/** The delivery of a step, and what is expected of it. */
export interface WatchOrder {
  readonly id: string;
  /** Attempts up to this one do not count. */
  readonly afterNumber: number;
  readonly expected: StepExpected;
  /** Told what is seen whenever that decides nothing, with how long it is still waited for. */
  readonly onWait: (seen: Watched, leftMs: number) => void;
}

/**
 * Watches a delivery until it is what a step expects, cannot become that any more, or the time is over. Rejects
 * with the reason of the signal when it aborts.
 */
export async function watchDelivery(
  deps: WatchDeps,
  { id, afterNumber, expected, onWait }: WatchOrder,
  signal: AbortSignal,
): Promise<Watched> {
  const over = new AbortController();
  const endsAtMs = deps.clock.now() + expected.withinMs;
  const cancelTimer = deps.clock.at(endsAtMs, () => over.abort());
  const until = AbortSignal.any([signal, over.signal]);
  setMaxListeners(0, until);
  try {
    // The first change is empty and comes at once, so that the first look is now.
    for await (const { topic, ids } of deps.changes.follow(until)) {
      signal.throwIfAborted();
      if (topic === 'deliveries' && ids.length > 0 && !ids.includes(id)) continue;
      if (topic !== 'deliveries' && topic !== 'health') continue;
      const seen = await look(deps, id, afterNumber, expected);
      if (seen.unmet.length === 0 || isFinal(seen.state)) return seen;
      onWait(seen, Math.max(0, endsAtMs - deps.clock.now()));
    }
    signal.throwIfAborted();
    return await look(deps, id, afterNumber, expected);
  } finally {
    cancelTimer();
  }
}

async function look(deps: WatchDeps, id: string, afterNumber: number, expected: StepExpected): Promise<Watched> {
  const delivery = findDelivery(deps.database, id);
  const state = (delivery?.status ?? 'cancelled') as DeliveryStatus;
  const attempts = attemptsOf(deps.database, id).filter(({ number, outcome_json }) => number > afterNumber && outcome_json !== null);
  const last = attempts.at(-1) ?? null;
  // What could not be sent at all has an outcome without an attempt.
  const outcomeJson = last?.outcome_json ?? (afterNumber === 0 ? delivery?.last_outcome_json : null) ?? null;
  const outcome = outcomeJson === null ? null : unpackOutcome(outcomeJson);
  // A delivery that is sent again has the state of before until its attempt has ended.
  const current = last === null && isFinal(state) && afterNumber > 0 ? 'pending' : state;
  const unmet = unmetByAttempt(expected, current, outcome === null ? null : { outcome, durationMs: last?.duration_ms ?? null });
  const ofAnswer = unmet.length > 0 ? [] : await unmetByAnswer(deps, expected, last);
  return {
    unmet: [...unmet, ...ofAnswer],
    state: current,
    attempts: attempts.length,
    status: outcome === null || last === null ? null : answeredStatus(outcome),
    outcome: outcome?.message ?? null,
    last,
    dueAtMs: delivery?.in_flight_attempt_id == null ? (delivery?.due_at_ms ?? null) : null,
  };
}
