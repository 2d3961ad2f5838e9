import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { inSteps } from '../store/in-steps.ts';
import { isSearch, searchOpen, type SearchDeps } from './search.ts';
import { newestSeq, type DeliveryFilter } from '../log/deliveries.ts';
import { cancelWaitingSeqs, inFlightOf, openRows, openSearch, type OpenDelivery, type OpenRows } from '../log/open-deliveries.ts';

/** How many deliveries can be cancelled, or were. */
export interface OpenCounts {
  /** Deliveries with a scheduled attempt. */
  readonly waiting: number;
  /** Deliveries with an attempt under way. */
  readonly inFlight: number;
}

interface CancelDeps extends SearchDeps {
  readonly dispatcher: Pick<Dispatcher, 'abort'>;
  readonly now: () => number;
}

/** Passes on the deliveries of a filter that are not final, in steps. */
async function eachOpen(
  deps: SearchDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
  take: (found: OpenRows) => void,
): Promise<void> {
  if (isSearch(filter)) return searchOpen(deps, filter, signal, (found) => take(openRows(found)));
  await inSteps(newestSeq(deps.database) + 1, signal, async (range) => {
    take(await deps.searcher.look(openSearch, { filter, ...range }));
    return true;
  });
}

/** Counts the deliveries of a filter that are not final. */
export async function countOpen(deps: SearchDeps, filter: DeliveryFilter, signal: AbortSignal | undefined): Promise<OpenCounts> {
  let [waiting, inFlight] = [0, 0];
  await eachOpen(deps, filter, signal, (found) => {
    inFlight += found.inFlight.length;
    waiting += found.waiting.length;
  });
  return { waiting, inFlight };
}

/** Cancels the deliveries of a filter that are not final and exist at the time of the call: first those that wait, then those under way. */
export async function cancelOpen(
  { database, searcher, dispatcher, now }: CancelDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
): Promise<OpenCounts> {
  const waiting: number[] = [];
  const inFlight: OpenDelivery[] = [];
  await eachOpen({ database, searcher }, filter, signal, (found) => {
    for (const seq of found.waiting) waiting.push(seq);
    inFlight.push(...found.inFlight);
  });
  const cancel = async (seqs: readonly number[]) => {
    const begun: OpenDelivery[] = [];
    let cancelled = 0;
    for (let from = 0; from < seqs.length && signal?.aborted !== true; from += cancelledAtOnce) {
      const some = seqs.slice(from, from + cancelledAtOnce);
      const count = await database.write((writer) => cancelWaitingSeqs(writer, some, now()));
      // The attempt of one that waited a moment ago may have begun.
      if (count < some.length) begun.push(...inFlightOf(database, some));
      cancelled += count;
    }
    return { cancelled, begun };
  };
  const { cancelled, begun } = await cancel(waiting);
  const underWay = [...inFlight, ...begun];
  const aborted = await Promise.all(underWay.map(({ id }) => dispatcher.abort(id)));
  // An attempt may have ended before it could be cut off; if it failed, another one is scheduled now.
  const late = await cancel(underWay.map(({ seq }) => seq));
  return { waiting: cancelled + late.cancelled, inFlight: aborted.filter((was) => was).length };
}

/** How many deliveries are cancelled in one write, so that it stays short. */
const cancelledAtOnce = 500;
