import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import { listCaptures, newestSeq, type CaptureQuery, type SummaryRow } from './store.ts';

/** Captures looked through at first in one step; a step is halved or doubled to take between these times. */
const firstStep = 500;
const shortStepMs = 8;
const longStepMs = 30;

/**
 * Finds captures like {@link listCaptures}, step by step from the newest: looking into every body of a large log at once
 * would hold up deliveries and other captures. Stops early when the signal aborts.
 */
export async function searchCaptures(
  database: Database,
  query: CaptureQuery,
  signal: AbortSignal | undefined,
): Promise<readonly SummaryRow[]> {
  const found: SummaryRow[] = [];
  let step = firstStep;
  let beforeSeq = Math.min(query.beforeSeq, newestSeq(database) + 1);
  while (beforeSeq > 1 && found.length < query.limit) {
    const startedMs = performance.now();
    const fromSeq = Math.max(1, beforeSeq - step);
    found.push(...listCaptures(database, { ...query, beforeSeq, fromSeq, limit: query.limit - found.length }));
    beforeSeq = fromSeq;
    const tookMs = performance.now() - startedMs;
    if (tookMs < shortStepMs) step *= 2;
    if (tookMs > longStepMs) step = Math.max(1, Math.floor(step / 2));
    await nextTurn();
    if (signal?.aborted === true) break;
  }
  return found;
}
