import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import { listDeliveries, listForCount, newestSeq, type CountRow, type DeliveryFilter, type DeliveryWithEndpoint } from './store.ts';

/** Deliveries looked through at first in one step; a step is halved or doubled to take between these times. */
const firstStep = 500;
const shortStepMs = 8;
const longStepMs = 30;

/**
 * Finds deliveries like `listDeliveries`, step by step from the newest: looking into every body of a large log at once
 * would hold up the attempts that are due. Stops early when the signal aborts.
 */
export async function searchDeliveries(
  database: Database,
  filter: DeliveryFilter,
  page: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<readonly DeliveryWithEndpoint[]> {
  const found: DeliveryWithEndpoint[] = [];
  await inSteps(database, page.beforeSeq, signal, (range) => {
    found.push(...listDeliveries(database, filter, { ...range, limit: page.limit - found.length }));
    return found.length < page.limit;
  });
  return found;
}

/** Time and status of every matching delivery, found in the same steps. */
export async function searchForCount(
  database: Database,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
): Promise<readonly CountRow[]> {
  const found: CountRow[] = [];
  await inSteps(database, Number.MAX_SAFE_INTEGER, signal, (range) => {
    for (const row of listForCount(database, filter, range)) found.push(row);
    return true;
  });
  return found;
}

interface SeqRange {
  readonly fromSeq: number;
  readonly beforeSeq: number;
}

/** Calls `look` on ranges from the newest row down until it answers false, letting other work in between. */
async function inSteps(
  database: Database,
  beforeSeq: number,
  signal: AbortSignal | undefined,
  look: (range: SeqRange) => boolean,
): Promise<void> {
  let step = firstStep;
  let before = Math.min(beforeSeq, newestSeq(database) + 1);
  while (before > 1 && signal?.aborted !== true) {
    const startedMs = performance.now();
    const fromSeq = Math.max(1, before - step);
    if (!look({ fromSeq, beforeSeq: before })) return;
    before = fromSeq;
    const tookMs = performance.now() - startedMs;
    if (tookMs < shortStepMs) step *= 2;
    if (tookMs > longStepMs) step = Math.max(1, Math.floor(step / 2));
    await nextTurn();
  }
}
