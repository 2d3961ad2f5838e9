import type { Database } from '../store/database.ts';
import { inSteps } from '../store/in-steps.ts';
import type { Searcher } from '../store/searcher.ts';
import { newestSeq, type CountRow, type DeliveryFilter, type DeliveryWithEndpoint } from './store.ts';

/** What a search reads with. */
export interface SearchDeps {
  readonly database: Database;
  readonly searcher: Searcher;
}

/**
 * Finds deliveries like `listDeliveries`, step by step from the newest. Stops early when the signal aborts.
 */
export async function searchDeliveries(
  { database, searcher }: SearchDeps,
  filter: DeliveryFilter,
  page: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<readonly DeliveryWithEndpoint[]> {
  const found: DeliveryWithEndpoint[] = [];
  await inSteps(Math.min(page.beforeSeq, newestSeq(database) + 1), signal, async (range) => {
    found.push(...(await searcher.look('deliveries', { filter, ...range, limit: page.limit - found.length })));
    return found.length < page.limit;
  });
  return found;
}

/** Time and status of every matching delivery, found in the same steps. */
export async function searchForCount(
  { database, searcher }: SearchDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
): Promise<readonly CountRow[]> {
  const found: CountRow[] = [];
  await inSteps(newestSeq(database) + 1, signal, async (range) => {
    for (const row of await searcher.look('counted', { filter, ...range })) found.push(row);
    return true;
  });
  return found;
}
