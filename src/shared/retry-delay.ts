import type { Jitter, RetryPolicy } from './contract/retry.ts';

/** The shortest and the longest that jitter can make of a delay, in whole milliseconds. */
export interface DelayBand {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The delay before a retry without jitter and time scale, or null when the policy has no such retry. `retry` is 1 for the first. */
export function plainDelayMs(policy: RetryPolicy, retry: number): number | null {
  if (retry < 1) return null;
  switch (policy.kind) {
    case 'none':
      return null;
    case 'schedule':
      if (policy.afterLast?.kind !== 'repeat') return policy.delaysMs[retry - 1] ?? null;
      return retry < policy.afterLast.maxAttempts ? (policy.delaysMs[retry - 1] ?? policy.delaysMs.at(-1) ?? null) : null;
    case 'linear':
      return retry < policy.maxAttempts ? Math.min(policy.baseMs + policy.stepMs * (retry - 1), policy.maxDelayMs) : null;
    case 'exponential':
      // The power may overflow to Infinity, which the cap brings back.
      return retry < policy.maxAttempts ? Math.min(policy.baseMs * policy.factor ** (retry - 1), policy.maxDelayMs) : null;
  }
}

/** A delay varied by jitter. It comes after the cap, so that deliveries which all reached the cap still spread out. */
export function variedDelayMs(delayMs: number, jitter: Jitter, random: () => number): number {
  switch (jitter.kind) {
    case 'none':
      return Math.round(delayMs);
    case 'plusMinus':
      return Math.max(0, Math.round(delayMs * (1 + jitter.ratio * (2 * random() - 1))));
    case 'addOnly':
      return Math.round(delayMs + spreadMs(delayMs, jitter) * random());
    case 'full':
      return Math.round(delayMs * random());
  }
}

/** What {@link variedDelayMs} can make of a delay. */
export function delayBand(delayMs: number, jitter: Jitter): DelayBand {
  const least = variedDelayMs(delayMs, jitter, () => 0);
  return {
    leastMs: least,
    mostMs: Math.max(
      least,
      variedDelayMs(delayMs, jitter, () => 1),
    ),
  };
}

function spreadMs(delayMs: number, jitter: Extract<Jitter, { readonly kind: 'addOnly' }>): number {
  const share = Math.max(delayMs * jitter.ratio, jitter.leastSpreadMs ?? 0);
  return jitter.mostSpreadMs === undefined ? share : Math.min(share, jitter.mostSpreadMs);
}
