import type { AttemptPast } from '../templates/attempt-scope.ts';
import type { Database } from '../store/database.ts';
import type { Claim } from './queue.ts';

/** The attempts of a delivery before the one that a claim is for, of which there is at least one. */
export function attemptPastOf(reader: Pick<Database, 'raw'>, { deliveryId, trigger, scheduleBeganAtMs }: Claim): AttemptPast {
  const [all] = reader.raw<{ readonly firstAtMs: number | null; readonly redeliveries: number | null }>(
    `SELECT min(started_at_ms) AS firstAtMs, sum(trigger = 'redelivery') AS redeliveries FROM attempts WHERE delivery_id = ?`,
    [deliveryId],
  );
  const [last] = reader.raw<{ readonly code: string | null; readonly status: number | null }>(
    'SELECT outcome_code AS code, status FROM attempts WHERE delivery_id = ? ORDER BY number DESC LIMIT 1',
    [deliveryId],
  );
  return {
    redelivery: (all?.redeliveries ?? 0) + (trigger === 'redelivery' ? 1 : 0),
    lastOutcome: last?.code ?? '',
    lastStatus: last?.status ?? null,
    firstAttemptAtMs: all?.firstAtMs ?? scheduleBeganAtMs,
  };
}
