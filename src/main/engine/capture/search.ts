import type { Database } from '../store/database.ts';
import { inSteps } from '../store/in-steps.ts';
import { listCaptures, newestSeq, type CaptureQuery, type SummaryRow } from './store.ts';

/** Finds captures like {@link listCaptures}, step by step from the newest. Stops early when the signal aborts. */
export async function searchCaptures(
  database: Database,
  query: CaptureQuery,
  signal: AbortSignal | undefined,
): Promise<readonly SummaryRow[]> {
  const found: SummaryRow[] = [];
  await inSteps(Math.min(query.beforeSeq, newestSeq(database) + 1), signal, (range) => {
    found.push(...listCaptures(database, { ...query, ...range, limit: query.limit - found.length }));
    return found.length < query.limit;
  });
  return found;
}
