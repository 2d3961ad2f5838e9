import TinyQueue from 'tinyqueue';
import { maxAttemptsOf, type RetryPolicy } from '../contract/retry.ts';
import { transition } from '../deciding/transition.ts';
import type { DeliveryProgress, DeliveryStep } from '../deciding/delivery-step.ts';
import { retryAfterMs } from '../deciding/retry-after.ts';
import { afterAttempt } from '../health/after-attempt.ts';
import { freshState, probeAtMs, type EndpointState } from '../health/state.ts';
import { createReplies, type Reply } from './answers.ts';
import type { Run, RunAttempt, RunEvent, Scenario, SenderRules } from './scenario.ts';

/** Something that happens at a time: a delivery's next attempt is due, one of its attempts ends, or a circuit may be probed. */
type Moment = { readonly atMs: number; readonly order: number } & (
  | { readonly kind: 'due'; readonly event: number }
  | { readonly kind: 'ended'; readonly begun: Begun }
  | { readonly kind: 'probe' }
);

interface Begun {
  readonly event: number;
  readonly atMs: number;
  readonly reply: Reply;
  readonly isProbe: boolean;
}

/** Steps between two pauses of {@link runInSteps}. */
const stepsBetween = 500;

/** The whole run at once. `random` is uniform in [0, 1) and asked in the order in which attempts end. */
export function runScenario(scenario: Scenario, rules: SenderRules, random: () => number): Run {
  return finished(runInSteps(scenario, rules, random));
}

/** What steps come to, all done at once. */
export function finished<Result>(steps: Generator<void, Result, void>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The run in steps of well under a millisecond each, so that whoever asks can do other work in between. */
export function* runInSteps(scenario: Scenario, rules: SenderRules, random: () => number): Generator<void, Run, void> {
  const lane = createLane(scenario, rules, random);
  for (let steps = 1; lane.step(); steps += 1) if (steps % stepsBetween === 0) yield;
  return lane.run();
}

function createLane({ outages, eventTimesMs, timeScale }: Scenario, rules: SenderRules, random: () => number) {
  const replyAt = createReplies(outages, rules);
  const moments = new TinyQueue<Moment>([], (a, b) => a.atMs - b.atMs || a.order - b.order);
  const progress: DeliveryProgress[] = eventTimesMs.map(() => ({ attemptCount: 0, scheduleStep: 0 }));
  const ends: (RunEvent | null)[] = eventTimesMs.map(() => null);
  const attempts: RunAttempt[] = [];
  /** Due, but held back by the open circuit. */
  let held: number[] = [];
  let state: EndpointState = freshState;
  let isProbing = false;
  let order = 0;
  const dueAt = (atMs: number, event: number) => moments.push({ kind: 'due', event, atMs, order: order++ });
  const probeFrom = (nowMs: number) => {
    const { openCircuit } = state;
    if (openCircuit !== null && rules.circuitBreaker !== null && !isProbing && held.length > 0)
      moments.push({ kind: 'probe', atMs: Math.max(nowMs, probeAtMs(openCircuit, rules.circuitBreaker, timeScale)), order: order++ });
  };
  const finish = (event: number, end: RunEvent['end'], endedAtMs: number, reason: string | null = null) => {
    const atMs = eventTimesMs[event] ?? 0;
    ends[event] = { atMs, end, endedAtMs, attempts: progress[event]?.attemptCount ?? 0, reason };
  };

  const due = (event: number, nowMs: number) => {
    const isFirst = progress[event]?.attemptCount === 0;
    if (state.disabled !== null) {
      if (isFirst) finish(event, 'unsent', nowMs);
      return;
    }
    if (state.openCircuit === null) begin(event, nowMs, false);
    else {
      held.push(event);
      probeFrom(nowMs);
    }
  };
  const probe = (nowMs: number) => {
    const { openCircuit } = state;
    if (openCircuit === null || rules.circuitBreaker === null || isProbing || state.disabled !== null) return;
    if (nowMs < probeAtMs(openCircuit, rules.circuitBreaker, timeScale)) return;
    const event = held.shift();
    if (event !== undefined) begin(event, nowMs, true);
  };
  const begin = (event: number, nowMs: number, isProbe: boolean) => {
    const reply = replyAt(nowMs, progress[event]?.attemptCount === 0);
    const begun = { event, atMs: nowMs, reply, isProbe };
    if (isProbe) isProbing = true;
    if (reply.tookMs === 0) ended(begun, nowMs);
    else moments.push({ kind: 'ended', begun, atMs: nowMs + reply.tookMs, order: order++ });
  };
  const ended = ({ event, atMs, reply, isProbe }: Begun, nowMs: number) => {
    const step = stepAfter(progress[event] ?? noProgress, reply, nowMs, eventTimesMs[event] ?? 0);
    progress[event] = step;
    attempts.push({ event, number: step.attemptCount, atMs, endedAtMs: nowMs, isOk: step.status === 'delivered' });
    const wasOpen = state.openCircuit !== null;
    noteHealth(step, reply, nowMs, isProbe);
    if (isProbe) isProbing = false;
    if (step.status === 'delivered') finish(event, 'delivered', atMs);
    else if (step.dueAtMs === null) finish(event, 'exhausted', nowMs, step.endReason);
    else dueAt(step.dueAtMs, event);
    if (wasOpen && state.openCircuit === null) letGo(nowMs);
    else probeFrom(nowMs);
  };
  const letGo = (nowMs: number) => {
    const waiting = held;
    held = [];
    for (const event of waiting) due(event, nowMs);
  };
  const stepAfter = (before: DeliveryProgress, { outcome, retryAfter, stops }: Reply, nowMs: number, scheduleBeganAtMs: number) =>
    transition(before, outcome, rules.policy, {
      nowMs,
      scheduleBeganAtMs,
      timeScale,
      retryAfterMs: retryAfter === null ? null : retryAfterMs(retryAfter, nowMs, retryAfterUnit(rules.policy)),
      stopReason: stops.endReason,
      random,
    });
  const noteHealth = (step: DeliveryStep, { outcome, stops }: Reply, endedAtMs: number, isProbe: boolean) => {
    const ending = {
      code: outcome.code,
      status: outcome.status,
      endedAtMs,
      isExhausted: step.status === 'exhausted',
      attemptsLeft: Math.max(0, maxAttemptsOf(rules.policy) - step.scheduleStep),
      disableReason: stops.disableReason,
      isProbe,
    };
    ({ state } = afterAttempt(state, ending, rules, timeScale));
  };

  eventTimesMs.forEach((atMs, event) => dueAt(atMs, event));
  return {
    /** Does what comes next; false when nothing does. */
    step: (): boolean => {
      const moment = moments.pop();
      if (moment === undefined) return false;
      if (moment.kind === 'due') due(moment.event, moment.atMs);
      else if (moment.kind === 'ended') ended(moment.begun, moment.atMs);
      else probe(moment.atMs);
      return true;
    },
    run: (): Run => {
      const { disabled } = state;
      // What was not let go any more waited when the subscription was switched off.
      ends.forEach((end, event) => end === null && finish(event, 'off', disabled?.atMs ?? 0));
      return { events: ends.filter((end) => end !== null), attempts, off: disabled };
    },
  };
}

const noProgress: DeliveryProgress = { attemptCount: 0, scheduleStep: 0 };

function retryAfterUnit(policy: RetryPolicy): 'seconds' | 'milliseconds' | undefined {
  return policy.kind !== 'none' && policy.retryAfter?.kind === 'honour' ? policy.retryAfter.unit : undefined;
}
