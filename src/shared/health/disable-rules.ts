import type { AutoDisable, DisableWarning } from '../contract/health.ts';
import { formatDurationMs } from '../duration-text.ts';
import type { Disabled, EndpointState } from './state.ts';

/** The settings that decide when an endpoint is disabled. */
export interface DisableRules {
  readonly autoDisable: AutoDisable;
  readonly disableOn410: boolean;
}

/** What the rules need of a failed attempt. */
export interface FailedAttempt {
  readonly endedAtMs: number;
  /** HTTP status, or null. */
  readonly status: number | null;
  /** Why its answer disables the endpoint, as a sentence; null when it does not. */
  readonly disableReason?: string | null;
  /** Whether its delivery has no attempt left. */
  readonly isExhausted: boolean;
}

type Row = Pick<EndpointState, 'failuresInARow' | 'failingSinceMs'>;

/** Whether a failed attempt, already counted in `row`, disables the endpoint; the plainest reason when there are several. */
export function disabledBy(row: Row, failed: FailedAttempt, rules: DisableRules, timeScale: number): Disabled | null {
  const { onExhaustion, afterFailures, afterFailingMs } = rules.autoDisable;
  const atMs = failed.endedAtMs;
  if (failed.disableReason != null) return { reason: 'asked', atMs, message: failed.disableReason };
  if (rules.disableOn410 && failed.status === 410)
    return { reason: 'gone', atMs, message: 'Switched off because its receiver answered 410 Gone.' };
  if (afterFailures !== null && row.failuresInARow >= afterFailures)
    return { reason: 'failures', atMs, message: `Switched off after ${countOf(row.failuresInARow)} in a row.` };
  if (afterFailingMs !== null && row.failingSinceMs !== null && (atMs - row.failingSinceMs) * timeScale >= afterFailingMs)
    return { reason: 'failingFor', atMs, message: `Switched off after failing for ${formatDurationMs(afterFailingMs)}.` };
  if (onExhaustion && failed.isExhausted)
    return { reason: 'exhausted', atMs, message: 'Switched off because a delivery used up its attempts.' };
  return null;
}

/**
 * Rules that are about to disable a failing endpoint: from half of their limit on, and when a waiting delivery
 * has one attempt left.
 */
export function warningsOf(
  row: Row,
  { onExhaustion, afterFailures, afterFailingMs }: AutoDisable,
  now: { readonly nowMs: number; readonly timeScale: number; readonly hasLastAttemptAhead: boolean },
): readonly DisableWarning[] {
  const { failuresInARow, failingSinceMs } = row;
  if (failuresInARow === 0 || failingSinceMs === null) return [];
  const warnings: DisableWarning[] = [];
  if (onExhaustion && now.hasLastAttemptAhead)
    warnings.push({
      ...noFigure,
      reason: 'exhausted',
      message: 'A delivery has one attempt left: if that fails, this endpoint is disabled.',
    });
  if (afterFailures !== null && failuresInARow * 2 >= afterFailures) {
    // A limit that was lowered below the count applies at the next failure.
    const failuresLeft = Math.max(1, afterFailures - failuresInARow);
    const message =
      failuresLeft === 1 ? '1 more failed attempt disables this endpoint.' : `${failuresLeft} more failed attempts disable this endpoint.`;
    warnings.push({ ...noFigure, reason: 'failures', message, failuresLeft });
  }
  if (afterFailingMs !== null && (now.nowMs - failingSinceMs) * now.timeScale * 2 >= afterFailingMs)
    warnings.push({
      ...noFigure,
      reason: 'failingFor',
      message: `A failed attempt disables this endpoint once it has failed for ${formatDurationMs(afterFailingMs)}.`,
      atMs: failingSinceMs + Math.ceil(afterFailingMs / now.timeScale),
    });
  return warnings;
}

const noFigure = { failuresLeft: null, atMs: null } as const;

/** Failed attempts in words. */
export function countOf(failures: number): string {
  return failures === 1 ? '1 failed attempt' : `${failures} failed attempts`;
}
