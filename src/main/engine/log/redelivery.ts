import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import { maxAttemptsOf, type RetryPolicy } from '#shared/contract/retry.ts';
import type { Writer } from '../store/database.ts';

/** The changes to a delivery that make it start again from the first step of a policy's schedule, now. */
export function restartOf(attemptCount: number, policy: RetryPolicy, nowMs: number) {
  return { schedule_step: 0, schedule_began_at_ms: nowMs, end_reason: null, max_attempts: attemptCount + maxAttemptsOf(policy) };
}

/**
 * The signing time of a redelivery: null for the time of each attempt, or when the delivery's first attempt began
 * (when the delivery was made, if there was no attempt).
 */
export function signAtMsOf(reader: Pick<Writer, 'raw'>, deliveryId: string, timestamp: RedeliveryTimestamp): number | null {
  if (timestamp === 'now') return null;
  const row = reader.raw<{ readonly atMs: number }>(
    `SELECT COALESCE((SELECT started_at_ms FROM attempts WHERE delivery_id = d.id ORDER BY number LIMIT 1), created_at_ms) AS atMs
     FROM deliveries AS d WHERE id = ?`,
    [deliveryId],
  )[0];
  return row?.atMs ?? null;
}
