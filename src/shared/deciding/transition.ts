import type { Outcome } from '../contract/outcome.ts';
import type { RetryPolicy } from '../contract/retry.ts';
import { spanText } from '../duration-text.ts';
import { askedWaitMs, isRetried, notRetriedText } from '../retry-rules.ts';
import type { DeliveryProgress, DeliveryStep } from './delivery-step.ts';
import { backoffMs } from './backoff.ts';

/** What else the next attempt depends on. */
export interface TransitionContext {
  readonly nowMs: number;
  /** When the schedule last began: the message was accepted, or the delivery redelivered. */
  readonly scheduleBeganAtMs: number;
  /** How many times faster than real the schedule runs; 1 or more. */
  readonly timeScale: number;
  /** Retry-After of the answer, or null. */
  readonly retryAfterMs: number | null;
  /** Why the answer forbids further attempts, as a sentence; null when it does not. */
  readonly stopReason?: string | null;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * What becomes of a delivery when one more attempt has ended.
 * An interrupted attempt (the process ended meanwhile) uses up no step of the schedule and is due again at once, even when
 * the policy's time is over, since it stands for an attempt that was due in time.
 * Waiting does not help against a template or policy problem, so these exhaust the delivery.
 */
export function transition(state: DeliveryProgress, outcome: Outcome, policy: RetryPolicy, context: TransitionContext): DeliveryStep {
  const attemptCount = state.attemptCount + 1;
  const ended = { attemptCount, scheduleStep: state.scheduleStep + 1, dueAtMs: null, endReason: null };
  switch (outcome.code) {
    case 'ok':
      return { ...ended, status: 'delivered' };
    case 'cancelled':
      return { ...ended, status: 'cancelled' };
    case 'template':
    case 'policy':
      return { ...ended, status: 'exhausted' };
    case 'interrupted':
      return { ...ended, scheduleStep: state.scheduleStep, status: 'failed', dueAtMs: context.nowMs };
    case 'http_status':
    case 'redirect':
    case 'dns':
    case 'refused':
    case 'reset':
    case 'unreachable':
    case 'timeout':
    case 'tls':
    case 'proxy':
    case 'protocol':
    case 'incomplete':
    case 'auth':
    case 'unknown': {
      const next = afterFailure(ended.scheduleStep, outcome, policy, context);
      return { ...ended, status: next.dueAtMs === null ? 'exhausted' : 'failed', ...next };
    }
  }
}

function afterFailure(
  retry: number,
  outcome: Outcome,
  policy: RetryPolicy,
  { nowMs, scheduleBeganAtMs, timeScale, retryAfterMs, random, stopReason = null }: TransitionContext,
): Pick<DeliveryStep, 'dueAtMs' | 'endReason'> {
  const delayMs = backoffMs(policy, retry, random);
  if (delayMs === null || policy.kind === 'none') return { dueAtMs: null, endReason: null };
  if (stopReason !== null) return { dueAtMs: null, endReason: stopReason };
  const { retryOn, totalTimeMs } = policy;
  if (retryOn !== undefined && !isRetried(retryOn, outcome)) return { dueAtMs: null, endReason: notRetriedText(retryOn, outcome) };
  const waitMs = Math.max(delayMs, askedWaitMs(policy.retryAfter, retryAfterMs, outcome.status));
  const dueAtMs = nowMs + Math.ceil(waitMs / timeScale);
  const sinceBeginMs = (dueAtMs - scheduleBeganAtMs) * timeScale;
  if (totalTimeMs === undefined || sinceBeginMs <= totalTimeMs) return { dueAtMs, endReason: null };
  return { dueAtMs: null, endReason: overTimeText(sinceBeginMs, totalTimeMs) };
}

function overTimeText(sinceBeginMs: number, totalTimeMs: number): string {
  return `The next attempt would have come ${spanText(sinceBeginMs)} after the schedule began, and the retry policy allows ${spanText(totalTimeMs)} in all.`;
}
