import type { OutcomeCode } from '#shared/contract/outcome.ts';
import type { JudgedAttempt, JudgedDelivery, ReplayVerdict } from '#shared/contract/replay-verdicts.ts';
import type { ReplayedDelivery } from '../log/replay-attempts.ts';

/** What a replay came to for one delivery. */
export function verdictOf(attemptsBefore: number | null, before: JudgedAttempt | null, after: JudgedAttempt | null): ReplayVerdict {
  if (attemptsBefore === null) return 'unknown';
  if (after === null) return 'waiting';
  if (before === null) return after.isDelivered ? 'delivered' : 'failed';
  if (after.isDelivered) return before.isDelivered ? 'still-delivered' : 'fixed';
  if (before.isDelivered) return 'regressed';
  return before.outcomeCode === after.outcomeCode && before.status === after.status ? 'same-failure' : 'other-failure';
}

/** A delivery of a replay as it is told. */
export function judged(row: ReplayedDelivery): JudgedDelivery {
  const before = attemptOf(row.beforeId, row.beforeNumber, row.beforeCode, row.beforeStatus);
  const after = attemptOf(row.afterId, row.afterNumber, row.afterCode, row.afterStatus);
  return {
    deliveryId: row.id,
    endpointId: row.endpointId,
    endpointName: row.endpointName,
    eventType: row.eventType,
    verdict: verdictOf(row.attemptsBefore, before, after),
    before,
    after,
  };
}

function attemptOf(id: string | null, number: number | null, code: string | null, status: number | null): JudgedAttempt | null {
  if (id === null || number === null || code === null) return null;
  return { id, number, isDelivered: code === 'ok', outcomeCode: code as OutcomeCode, status };
}
