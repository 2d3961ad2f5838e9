import type { AutoDisable, CircuitBreaker } from '../contract/health.ts';
import type { RetryPolicy } from '../contract/retry.ts';
import type { StopAnswer } from '../contract/stop-answers.ts';
import type { EventEnd, Outage, SwitchedOff } from '../contract/what-if.ts';

/** What happens to the receiver, and when there are events. Times are in milliseconds from any one origin. */
export interface Scenario {
  readonly outages: readonly Outage[];
  /** In order. */
  readonly eventTimesMs: readonly number[];
  /** How many times faster than real the schedules run. */
  readonly timeScale: number;
}

/** The rules of a sender that decide what follows an attempt. */
export interface SenderRules {
  readonly policy: RetryPolicy;
  readonly successRule: string;
  /** For attempts after the first; null for the same. */
  readonly retrySuccessRule: string | null;
  readonly timeoutMs: number;
  readonly stopAnswers: readonly StopAnswer[];
  readonly autoDisable: AutoDisable;
  readonly disableOn410: boolean;
  readonly circuitBreaker: CircuitBreaker | null;
}

export interface RunAttempt {
  /** Which of the events, from 0. */
  readonly event: number;
  readonly number: number;
  readonly atMs: number;
  readonly endedAtMs: number;
  readonly isOk: boolean;
}

export interface RunEvent {
  readonly atMs: number;
  readonly end: EventEnd;
  readonly endedAtMs: number;
  readonly attempts: number;
  readonly reason: string | null;
}

/** What came of a scenario under one set of rules. */
export interface Run {
  readonly events: readonly RunEvent[];
  /** In the order in which they ended. */
  readonly attempts: readonly RunAttempt[];
  readonly off: SwitchedOff | null;
}

/** When the first outage begins. */
export function beganAtMs({ outages }: Pick<Scenario, 'outages'>): number {
  return Math.min(...outages.map(({ fromMs }) => fromMs));
}

/** When the last outage ends. */
export function backAtMs({ outages }: Pick<Scenario, 'outages'>): number {
  return Math.max(...outages.map(({ untilMs }) => untilMs));
}

/** Times at an even pace, the first at `fromMs` and none after `untilMs`; `most` of them at most. */
export function pacedTimes(everyMs: number, fromMs: number, untilMs: number, most: number): readonly number[] {
  const count = Math.min(most, pacedCount(everyMs, fromMs, untilMs));
  return Array.from({ length: count }, (_, index) => fromMs + index * everyMs);
}

/** How many times {@link pacedTimes} would have without its limit. */
export function pacedCount(everyMs: number, fromMs: number, untilMs: number): number {
  return Math.max(0, Math.floor((untilMs - fromMs) / everyMs) + 1);
}
