import type { Jitter, RetryPolicy } from '#shared/contract/retry.ts';

/**
 * Delay in whole milliseconds before a retry, by the policy and before time scale; null when the policy has no such retry.
 * `retry` is 1 for the first retry; `random` is uniform in [0, 1) and used once when the policy has jitter.
 */
export function backoffMs(policy: RetryPolicy, retry: number, random: () => number): number | null {
  const delayMs = plainDelayMs(policy, retry);
  if (delayMs === null || policy.kind === 'none') return null;
  return Math.max(0, Math.round(varied(delayMs, policy.jitter, random)));
}

function plainDelayMs(policy: RetryPolicy, retry: number): number | null {
  switch (policy.kind) {
    case 'none':
      return null;
    case 'schedule':
      return policy.delaysMs[retry - 1] ?? null;
    case 'exponential':
      if (retry < 1 || retry >= policy.maxAttempts) return null;
      // The power may overflow to Infinity, which the cap brings back.
      return Math.min(policy.baseMs * policy.factor ** (retry - 1), policy.maxDelayMs);
  }
}

/** Jitter comes after the cap, so that deliveries which all reached the cap still spread out. */
function varied(delayMs: number, jitter: Jitter, random: () => number): number {
  switch (jitter.kind) {
    case 'none':
      return delayMs;
    case 'plusMinus':
      return delayMs * (1 + jitter.ratio * (2 * random() - 1));
    case 'addOnly':
      return delayMs * (1 + jitter.ratio * random());
    case 'full':
      return delayMs * random();
  }
}
