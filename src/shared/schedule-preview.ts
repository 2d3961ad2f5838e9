import type { RetryPolicy } from './contract/retry.ts';
import { maxAttemptsOf } from './contract/retry.ts';
import { spanText } from './duration-text.ts';
import { delayBand, plainDelayMs } from './retry-delay.ts';

/** When an attempt is due, in real milliseconds after the first one, as if every attempt failed and took no time. */
export interface PreviewedAttempt {
  /** 1 for the first. */
  readonly number: number;
  /** Since the attempt before, without jitter. */
  readonly delayMs: number;
  /** With all the jitter there can be, the shortest waits; without jitter; with the longest waits. */
  readonly earliestMs: number;
  readonly nominalMs: number;
  readonly latestMs: number;
  /** False when jitter can push it beyond the policy's total time, so that it is not made. */
  readonly isCertain: boolean;
}

/** A schedule before anything is sent. */
export interface SchedulePreview {
  readonly timeScale: number;
  readonly attempts: readonly PreviewedAttempt[];
  /** Attempts that the policy counts but that its total time leaves out. */
  readonly leftOutAttempts: number;
}

/** The attempts of a policy whose every attempt fails with an outcome that is retried, without `Retry-After`. */
export function previewSchedule(policy: RetryPolicy, timeScale: number): SchedulePreview {
  const limitMs = policy.kind === 'none' || policy.totalTimeMs === undefined ? Number.POSITIVE_INFINITY : policy.totalTimeMs / timeScale;
  const attempts: PreviewedAttempt[] = [{ number: 1, delayMs: 0, earliestMs: 0, nominalMs: 0, latestMs: 0, isCertain: true }];
  const allowed = maxAttemptsOf(policy);
  let at = { earliestMs: 0, nominalMs: 0, latestMs: 0 };
  for (let number = 2; number <= allowed; number += 1) {
    const plainMs = plainDelayMs(policy, number - 1);
    if (plainMs === null || policy.kind === 'none') break;
    const band = delayBand(plainMs, policy.jitter);
    const scaled = (ms: number) => Math.ceil(ms / timeScale);
    const delayMs = scaled(Math.round(plainMs));
    at = {
      earliestMs: at.earliestMs + scaled(band.leastMs),
      nominalMs: at.nominalMs + delayMs,
      latestMs: at.latestMs + scaled(band.mostMs),
    };
    if (at.nominalMs > limitMs) break;
    attempts.push({ number, delayMs, ...at, latestMs: Math.min(at.latestMs, Math.floor(limitMs)), isCertain: at.latestMs <= limitMs });
  }
  return { timeScale, attempts, leftOutAttempts: allowed - attempts.length };
}

/** A preview in one line: `10 attempts over 75 h 35 m; at 60x 1 h 16 m`. */
export function scheduleSummary(policy: RetryPolicy, timeScale: number): string {
  const real = previewSchedule(policy, 1);
  const count = real.attempts.length;
  if (count === 1) return 'One attempt; a failure is final';
  const over = `${count} attempts over ${spanText(spanOf(real))}`;
  return timeScale === 1 ? over : `${over}; at ${timeScale}x ${spanText(spanOf(previewSchedule(policy, timeScale)))}`;
}

function spanOf({ attempts }: SchedulePreview): number {
  return attempts.at(-1)?.nominalMs ?? 0;
}
