import { deliverySearch, type SearchFilter } from './look.ts';
import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Database } from '../store/database.ts';
import { eachLook, type Searched, type Searcher } from '../store/searcher.ts';
import { listDeliveries, newestSeq, type DeliveryFilter, type DeliveryWithEndpoint } from '../log/deliveries.ts';
import { listOpen, type OpenDelivery } from '../log/open-deliveries.ts';
import { listForCount, type CountRow } from '../log/delivery-counts.ts';

/** What a search reads with. */
export interface SearchDeps {
  readonly database: Database;
  readonly searcher: Searcher;
}

/** Whether rows have to be read in a thread to know which ones a filter finds: it has a text, or says how they failed. */
export function isSearch(filter: DeliveryFilter): filter is SearchFilter {
  return hasText(filter) || filter.failureGroup !== undefined;
}

/** Whether a filter has a text to look for. */
export function hasText({ q }: DeliveryFilter): boolean {
  return q !== undefined && q !== '';
}

/** A delivery that was found, and where the text is in it. */
export type FoundDelivery = DeliveryWithEndpoint & { readonly foundIn: FoundIn };

/** How many of the found rows are read here at once. */
const rowsAtOnce = 1000;

/** Finds deliveries of a page, step by step from the newest. Stops early when the signal aborts. */
export async function searchDeliveries(
  { database, searcher }: SearchDeps,
  filter: SearchFilter,
  page: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<Searched<FoundDelivery>> {
  const found: FoundDelivery[] = [];
  const range = { fromSeq: 1, beforeSeq: Math.min(page.beforeSeq, newestSeq(database) + 1) };
  const searchedInPart = await eachLook(searcher, deliverySearch, { filter, ...range }, signal, {
    limit: () => page.limit - found.length,
    take: (rows) => {
      const places = new Map(rows.map(({ seq, foundIn }) => [seq, foundIn]));
      const whole = listDeliveries(database, { seqs: [...places.keys()] }, { beforeSeq: page.beforeSeq, limit: rows.length });
      for (const row of whole) found.push({ ...row, foundIn: places.get(row.seq) ?? 'id' });
      return found.length < page.limit;
    },
  });
  return { found, searchedInPart };
}

/** Time and status of every matching delivery, in the same steps. */
export async function searchForCount(
  { database, searcher }: SearchDeps,
  filter: SearchFilter,
  signal: AbortSignal | undefined,
): Promise<readonly CountRow[]> {
  const found: CountRow[] = [];
  await eachLook(searcher, deliverySearch, { filter, fromSeq: 1, beforeSeq: newestSeq(database) + 1 }, signal, {
    limit: () => rowsAtOnce,
    take: (rows) => {
      found.push(
        ...listForCount(
          database,
          rows.map(({ seq }) => seq),
        ),
      );
      return true;
    },
  });
  return found;
}

/** Matching deliveries that are not final, in the same steps. */
export async function searchOpen(
  { database, searcher }: SearchDeps,
  filter: SearchFilter,
  signal: AbortSignal | undefined,
  take: (found: readonly OpenDelivery[]) => void,
): Promise<void> {
  const range = { fromSeq: 1, beforeSeq: newestSeq(database) + 1 };
  await eachLook(searcher, deliverySearch, { filter, ...range, isOpen: true }, signal, {
    limit: () => rowsAtOnce,
    take: (rows) => {
      take(listOpen(database, { seqs: rows.map(({ seq }) => seq) }, range));
      return true;
    },
  });
}

/** The row numbers of all matching deliveries of a range, oldest first. */
export async function searchSeqs(
  searcher: Searcher,
  filter: SearchFilter,
  range: { readonly fromSeq: number; readonly beforeSeq: number },
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const seqs: number[] = [];
  await eachLook(searcher, deliverySearch, { filter, ...range }, signal, {
    limit: () => rowsAtOnce,
    take: (rows) => {
      seqs.push(...rows.map(({ seq }) => seq));
      return true;
    },
  });
  return seqs.toReversed();
}
