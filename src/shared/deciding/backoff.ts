import type { RetryPolicy } from '../contract/retry.ts';
import { plainDelayMs, variedDelayMs } from '../retry-delay.ts';

/**
 * Delay in whole milliseconds before a retry, by the policy and before time scale; null when the policy has no such retry.
 * `retry` is 1 for the first retry; `random` is uniform in [0, 1) and used once when the policy has jitter.
 */
export function backoffMs(policy: RetryPolicy, retry: number, random: () => number): number | null {
  const delayMs = plainDelayMs(policy, retry);
  return delayMs === null || policy.kind === 'none' ? null : variedDelayMs(delayMs, policy.jitter, random);
}
