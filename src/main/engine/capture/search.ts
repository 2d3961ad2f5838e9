import { captureSearch } from './look.ts';
import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Database } from '../store/database.ts';
import { eachLook, type Searched, type Searcher } from '../store/searcher.ts';
import { listCaptures, newestSeq, type CaptureQuery, type SummaryRow } from './list.ts';

/** A capture that was found, and where the text is in it. */
export type FoundCapture = SummaryRow & { readonly foundIn: FoundIn };

/** Finds captures of a page, step by step from the newest. Stops early when the signal aborts. */
export async function searchCaptures(
  { database, searcher }: { readonly database: Database; readonly searcher: Searcher },
  { binId, beforeSeq, limit }: CaptureQuery,
  q: string,
  signal: AbortSignal | undefined,
): Promise<Searched<FoundCapture>> {
  const found: FoundCapture[] = [];
  const range = { fromSeq: 1, beforeSeq: Math.min(beforeSeq, newestSeq(database) + 1) };
  const searchedInPart = await eachLook(searcher, captureSearch, { binId, q, ...range }, signal, {
    limit: () => limit - found.length,
    take: (rows) => {
      const places = new Map(rows.map(({ seq, foundIn }) => [seq, foundIn]));
      const whole = listCaptures(database, { binId, beforeSeq, limit: rows.length, seqs: [...places.keys()] });
      for (const row of whole) found.push({ ...row, foundIn: places.get(row.seq) ?? 'id' });
      return found.length < limit;
    },
  });
  return { found, searchedInPart };
}
