import { maxAttemptsOf, networkCodes, type RetryPolicy } from '#shared/contract/retry.ts';
import { mostRules, outageAnswer, whatIfRules, type Outage, type OutageAnswer, type WhatIfRules } from '#shared/contract/what-if.ts';
import { retryPolicyChoice } from '#shared/contract/retry-choice.ts';
import { usualRules } from '#shared/what-if/known-senders.ts';
import { pacedCount, pacedTimes, type Scenario } from '#shared/what-if/scenario.ts';
import { rulesKey } from '../../base/what-if-address.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What is asked: the outage, the events, and whose rules are compared. Times are in epoch milliseconds. */
export interface WhatIfState {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly answer: OutageAnswer;
  readonly everyMs: number;
  /** Events come in this time at least, all through the outage, and for a quarter of its length after it. */
  readonly eventsFromMs: number;
  readonly eventsUntilMs: number;
  readonly rules: readonly WhatIfRules[];
  /** The endpoint whose events in the log are taken in place of a pace; null for the pace. */
  readonly logOf: string | null;
}

/** Events, and attempts under all rules together, that are followed at most, so that a frame of a drag stays below 16 ms. */
const mostDrawnEvents = 300;
const mostDrawnAttempts = 16_000;
const leastDrawnEvents = 20;
export const shortestOutageMs = 1000;
export const longestOutageMs = 14 * 24 * hourMs;

/** Two hours from 14:00 of a day, with an event every ten minutes. */
export function usualState(nowMs: number, isUtc: boolean): WhatIfState {
  const day = new Date(nowMs);
  const fromMs = isUtc ? day.setUTCHours(14, 0, 0, 0) : day.setHours(14, 0, 0, 0);
  return {
    fromMs,
    untilMs: fromMs + 2 * hourMs,
    answer: { kind: 'network', code: 'refused' },
    everyMs: 10 * minuteMs,
    eventsFromMs: fromMs - hourMs,
    eventsUntilMs: fromMs + 4 * hourMs,
    rules: usualRules,
    logOf: null,
  };
}

/** The outage set to other times, which are brought into order and bounds. */
export function withOutage(state: WhatIfState, fromMs: number, untilMs: number): WhatIfState {
  const from = Math.max(0, Math.round(fromMs));
  const until = Math.min(Math.max(Math.round(untilMs), from + shortestOutageMs), from + longestOutageMs);
  return { ...state, fromMs: from, untilMs: until };
}

/** The state with events around the outage that suit its length and their pace: typed figures may be far from those before. */
export function withEventsAround(state: WhatIfState): WhatIfState {
  const { fromMs, untilMs, everyMs } = state;
  const lengthMs = untilMs - fromMs;
  return {
    ...state,
    // A whole number of paces before it, so that one comes as it begins.
    eventsFromMs: Math.max(0, fromMs - Math.max(3, Math.round(lengthMs / 2 / everyMs)) * everyMs),
    eventsUntilMs: untilMs + Math.max(6 * everyMs, lengthMs),
  };
}

/** How many events can be followed under these rules. */
export function mostEventsUnder(rules: readonly { readonly policy: RetryPolicy }[]): number {
  const attempts = rules.reduce((sum, { policy }) => sum + maxAttemptsOf(policy), 0);
  return Math.max(leastDrawnEvents, Math.min(mostDrawnEvents, Math.floor(mostDrawnAttempts / Math.max(1, attempts))));
}

/** The events of a state, and at which pace where that is slower than what was asked for. */
export function eventsOf(
  state: WhatIfState,
  logTimesMs: readonly number[] | null,
  most: number,
): { readonly timesMs: readonly number[]; readonly slowedToMs: number | null } {
  if (logTimesMs !== null) return { timesMs: logTimesMs.slice(-most), slowedToMs: null };
  const fromMs = Math.min(state.eventsFromMs, state.fromMs);
  // Some after the outage, too, so that the end of it shows.
  const untilMs = Math.max(state.eventsUntilMs, state.untilMs + Math.round((state.untilMs - state.fromMs) / 4));
  const count = pacedCount(state.everyMs, fromMs, untilMs);
  if (count <= most) return { timesMs: pacedTimes(state.everyMs, fromMs, untilMs, most), slowedToMs: null };
  const slowedToMs = Math.ceil((untilMs - fromMs) / (most - 1) / 1000) * 1000;
  return { timesMs: pacedTimes(slowedToMs, fromMs, untilMs, most), slowedToMs };
}

/** What the model is asked. */
export function scenarioOf({ fromMs, untilMs, answer }: WhatIfState, timesMs: readonly number[]): Scenario {
  const outage: Outage = { fromMs, untilMs, answer };
  return { outages: [outage], eventTimesMs: timesMs, timeScale: 1 };
}

/** A step of the arrow keys for an outage of this length: round, and about a twenty-fourth of it. */
export function stepMs(lengthMs: number): number {
  const round = [1000, 5000, 10_000, 30_000, minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 6 * hourMs];
  return round.findLast((step) => step <= lengthMs / 20) ?? 1000;
}

function rulesOfKey(key: string): WhatIfRules | null {
  const [kind = '', ...rest] = key.split(':');
  const id = rest.join(':');
  if (kind === 'preset') {
    const policy = retryPolicyChoice.safeParse(id).data;
    return policy === undefined ? null : { kind: 'policy', policy };
  }
  if (kind === 'named') return { kind: 'policy', policy: { kind: 'named', policyId: id } };
  return whatIfRules.safeParse({ kind, id }).data ?? null;
}

/** A state as the query of an address, so that it can be kept and passed on. */
export function queryOf(state: WhatIfState): Readonly<Record<string, string | undefined>> {
  const { fromMs, untilMs, everyMs, eventsFromMs, eventsUntilMs, logOf } = state;
  return {
    outage: `${fromMs}-${untilMs}`,
    answer: answerKey(state.answer),
    events: `${everyMs}@${eventsFromMs}-${eventsUntilMs}`,
    rules: rulesKey(state.rules),
    log: logOf ?? undefined,
  };
}

/** The state of an address; what it does not say, or not so that it can be read, is as usual. */
export function stateOf(query: Readonly<Record<string, string>>, usual: WhatIfState): WhatIfState {
  const outage = /^(\d{1,15})-(\d{1,15})$/.exec(query['outage'] ?? '');
  const events = /^(\d{1,10})@(\d{1,15})-(\d{1,15})$/.exec(query['events'] ?? '');
  const rules = (query['rules'] ?? '')
    .split(',')
    .map(rulesOfKey)
    .filter((each) => each !== null);
  const answer = answerOfKey(query['answer'] ?? '') ?? usual.answer;
  const base = {
    ...usual,
    answer,
    rules: rules.length === 0 ? usual.rules : rules.slice(0, mostRules),
    logOf: query['log'] ?? null,
    ...(events === null
      ? {}
      : { everyMs: Math.max(1000, Number(events[1])), eventsFromMs: Number(events[2]), eventsUntilMs: Number(events[3]) }),
  };
  return outage === null ? base : withOutage(base, Number(outage[1]), Number(outage[2]));
}

/** An answer in one word or two: `refused`, `503`, `503 120`. */
export function answerKey(answer: OutageAnswer): string {
  return answer.kind === 'network' ? answer.code : `${answer.status}${answer.retryAfter === null ? '' : ` ${answer.retryAfter}`}`;
}

export function answerOfKey(key: string): OutageAnswer | null {
  const code = networkCodes.find((known) => known === key);
  if (code !== undefined) return { kind: 'network', code };
  const [status = '', ...rest] = key.split(' ');
  const retryAfter = rest.join(' ');
  return outageAnswer.safeParse({ kind: 'status', status: Number(status), retryAfter: retryAfter === '' ? null : retryAfter }).data ?? null;
}
