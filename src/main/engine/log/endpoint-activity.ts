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
