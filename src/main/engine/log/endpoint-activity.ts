import type { Outcome } from '#shared/contract/outcome.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import { recentAttempts } from '../health/condition.ts';
import type { Database } from '../store/database.ts';

export interface EndpointActivity {
  /** Oldest first. */
  readonly newestAttempts: readonly { readonly code: string; readonly durationMs: number; readonly endedAtMs: number }[];
  readonly last: { readonly deliveryId: string; readonly atMs: number; readonly outcome: Outcome } | null;
  readonly pendingDeliveries: number;
}

/** The recent activity of an endpoint, for lists. */
export function activityOf(database: Database, endpointId: string): EndpointActivity {
  const attempts = database.all(
    database.sql
      .selectFrom('attempts')
      .select(['delivery_id', 'ended_at_ms', 'outcome_json', 'outcome_code', 'duration_ms'])
      .where('endpoint_id', '=', endpointId)
      .where('ended_at_ms', 'is not', null)
      .orderBy('seq', 'desc')
      .limit(recentAttempts),
  );
  const last = attempts[0];
  const waiting = database.first(
    database.sql
      .selectFrom('deliveries')
      .select((count) => count.fn.countAll<number>().as('count'))
      .where('endpoint_id', '=', endpointId)
      .where('due_at_ms', 'is not', null),
  );
  return {
    newestAttempts: attempts
      .map((attempt) => ({ code: attempt.outcome_code ?? '', durationMs: attempt.duration_ms ?? 0, endedAtMs: attempt.ended_at_ms ?? 0 }))
      .toReversed(),
    last:
      last === undefined || last.outcome_json === null
        ? null
        : { deliveryId: last.delivery_id, atMs: last.ended_at_ms ?? 0, outcome: unpackOutcome(last.outcome_json) },
    pendingDeliveries: waiting?.count ?? 0,
  };
}

/** Whether a delivery to this endpoint waits for its last attempt. */
export function hasLastAttemptWaiting(database: Pick<Database, 'raw'>, endpointId: string): boolean {
  return (
    database.raw(
      'SELECT 1 FROM deliveries WHERE endpoint_id = ? AND due_at_ms IS NOT NULL AND attempt_count > 0 AND max_attempts - attempt_count = 1 LIMIT 1',
      [endpointId],
    ).length > 0
  );
}

/** When the newest attempt to an endpoint began, or null. */
export function lastAttemptAtMs(database: Pick<Database, 'raw'>, endpointId: string): number | null {
  // The log is in the order in which attempts ended, so one that began later may come a little earlier.
  const row = database.raw<{ readonly atMs: number | null }>(
    'SELECT max(started_at_ms) AS atMs FROM (SELECT started_at_ms FROM attempts WHERE endpoint_id = ? ORDER BY seq DESC LIMIT 512)',
    [endpointId],
  )[0];
  return row?.atMs ?? null;
}
