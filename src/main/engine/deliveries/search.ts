import type { Database } from '../store/database.ts';
import { inSteps } from '../store/in-steps.ts';
import { listDeliveries, listForCount, newestSeq, type CountRow, type DeliveryFilter, type DeliveryWithEndpoint } from './store.ts';

/**
 * Finds deliveries like `listDeliveries`, step by step from the newest. Stops early when the signal aborts.
 */
export async function searchDeliveries(
  database: Database,
  filter: DeliveryFilter,
  page: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<readonly DeliveryWithEndpoint[]> {
  const found: DeliveryWithEndpoint[] = [];
  await inSteps(Math.min(page.beforeSeq, newestSeq(database) + 1), signal, (range) => {
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
  await inSteps(newestSeq(database) + 1, signal, (range) => {
    for (const row of listForCount(database, filter, range)) found.push(row);
    return true;
  });
  return found;
}
