import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { RetryPolicy } from '#shared/contract/retry.ts';
import { backoffMs } from './backoff.ts';

/** How far a delivery has come: all attempts that ended, and those since its schedule last began. */
export interface DeliveryProgress {
  readonly attemptCount: number;
  readonly scheduleStep: number;
}

/** What else decides about the next attempt. */
export interface TransitionContext {
  readonly nowMs: number;
  /** How many times faster than real the schedule runs; 1 or more. */
  readonly timeScale: number;
  /** Retry-After of the answer, or null. */
  readonly retryAfterMs: number | null;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Where a delivery stands after an attempt; `dueAtMs` is null when no attempt follows. */
export interface DeliveryStep extends DeliveryProgress {
  readonly status: DeliveryStatus;
  readonly dueAtMs: number | null;
}

/** A receiver may ask for a pause of at most a day, so that no header can park a delivery for good. */
export const longestRetryAfterMs = 86_400_000;

/**
 * What becomes of a delivery when one more attempt has ended.
 * An interrupted attempt (the process ended under it) uses up no step of the schedule and is due again at once.
 * A template or policy that stands in the way cannot heal by waiting, so these exhaust the delivery.
 */
export function transition(state: DeliveryProgress, outcome: Outcome, policy: RetryPolicy, context: TransitionContext): DeliveryStep {
  const attemptCount = state.attemptCount + 1;
  const ended = { attemptCount, scheduleStep: state.scheduleStep + 1, dueAtMs: null };
  switch (outcome.code) {
    case 'ok':
      return { ...ended, status: 'delivered' };
    case 'cancelled':
      return { ...ended, status: 'cancelled' };
    case 'template':
    case 'policy':
      return { ...ended, status: 'exhausted' };
    case 'interrupted':
      return { attemptCount, scheduleStep: state.scheduleStep, status: 'failed', dueAtMs: context.nowMs };
    case 'http_status':
    case 'redirect':
    case 'dns':
    case 'refused':
    case 'reset':
    case 'unreachable':
    case 'timeout':
    case 'tls':
    case 'protocol':
    case 'incomplete':
    case 'unknown': {
      const delayMs = backoffMs(policy, ended.scheduleStep, context.random);
      if (delayMs === null) return { ...ended, status: 'exhausted' };
      const askedMs = Math.min(context.retryAfterMs ?? 0, longestRetryAfterMs);
      return { ...ended, status: 'failed', dueAtMs: context.nowMs + Math.ceil(Math.max(delayMs, askedMs) / context.timeScale) };
    }
  }
}
