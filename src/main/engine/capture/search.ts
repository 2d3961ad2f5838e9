import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Database } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { eachLook, type Searched, type Searcher } from '../store/searcher.ts';
import type { CaptureAsked } from './filter.ts';
import { listCaptures, type SummaryRow } from './list.ts';
import { newestCaptureSeq } from './sent-captures.ts';
import { captureSearch } from './look.ts';

/** A capture that was found, and where a text that was asked for is in it. */
export type FoundCapture = SummaryRow & { readonly foundIn?: FoundIn };

export interface SearchDeps {
  readonly database: Database;
  readonly searcher: Searcher;
}

/** Finds captures of a page, step by step from the newest. Stops early when the signal aborts. */
export async function searchCaptures(
  { database, searcher }: SearchDeps,
  asked: CaptureAsked,
  { beforeSeq, limit }: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<Searched<FoundCapture>> {
  const found: FoundCapture[] = [];
  const range = { fromSeq: 1, beforeSeq: Math.min(beforeSeq, newestCaptureSeq(database) + 1) };
  const searchedInPart = await eachLook(searcher, captureSearch, { asked, ...range }, signal, {
    limit: () => limit - found.length,
    take: (rows) => {
      const places = new Map(rows.map(({ seq, foundIn }) => [seq, foundIn]));
      for (const row of listCaptures(database, { binId: undefined, beforeSeq, limit: rows.length, seqs: [...places.keys()] })) {
        const foundIn = places.get(row.seq) ?? 'fields';
        found.push(foundIn === 'fields' ? row : { ...row, foundIn });
      }
      return found.length < limit;
    },
  });
  return { found, searchedInPart };
}

/** Rows that one look passes on at most. */
const rowsAtOnce = 5000;

/** The row numbers of all captures of a range that a filter finds, newest first. */
export async function selectCaptures(
  searcher: Searcher,
  asked: CaptureAsked,
  range: SeqRange,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const seqs: number[] = [];
  await eachLook(searcher, captureSearch, { asked, ...range }, signal, {
    limit: () => rowsAtOnce,
    take: (rows) => {
      for (const { seq } of rows) seqs.push(seq);
      return true;
    },
  });
  return seqs;
}
