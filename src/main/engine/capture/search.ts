import type { Database } from '../store/database.ts';
import { inSteps } from '../store/in-steps.ts';
import type { Searcher } from '../store/searcher.ts';
import { newestSeq, type CaptureQuery, type SummaryRow } from './store.ts';

/** Finds captures like `listCaptures`, step by step from the newest. Stops early when the signal aborts. */
export async function searchCaptures(
  { database, searcher }: { readonly database: Database; readonly searcher: Searcher },
  query: CaptureQuery,
  signal: AbortSignal | undefined,
): Promise<readonly SummaryRow[]> {
  const found: SummaryRow[] = [];
  await inSteps(Math.min(query.beforeSeq, newestSeq(database) + 1), signal, async (range) => {
    found.push(...(await searcher.look('captures', { ...query, ...range, limit: query.limit - found.length })));
    return found.length < query.limit;
  });
  return found;
}
