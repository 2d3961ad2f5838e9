import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import type { Procedures } from '../base/procedures.ts';
import { comparisonLimitMs, TaskEnded } from '../background/background.ts';
import { conflict, invalid, notFound, type Refusal } from '../base/refusal.ts';
import { compareSearch, type ComparedPair, type Missing } from '../comparing/compare.ts';
import { bytesSearch } from '../comparing/compared-bytes.ts';
import { offersSearch } from '../comparing/compared-offers.ts';
import type { ComparedId, WhyMissing } from '../comparing/compared-things.ts';
import { arrivalsSearch, transitSearch } from '../comparing/transit.ts';
import type { Searcher } from '../store/searcher.ts';

/** The `comparing` part of the router: what was sent beside what arrived, and any two attempts or captures. */
export function createComparingHandlers(os: Procedures, { searcher }: { readonly searcher: Searcher }) {
  return {
    transit: os.comparing.transit.handler(async ({ input }) => {
      const transit = await inTime(searcher.look(transitSearch, { captureId: input.id }));
      if (transit === undefined) throw notFound('capture', input.id);
      return { transit, why: transit === null ? notOurs : null };
    }),
    arrivals: os.comparing.arrivals.handler(async ({ input }) => {
      const items = await inTime(searcher.look(arrivalsSearch, { attemptId: input.id }));
      if (items === undefined) throw notFound('attempt', input.id);
      return { items: [...items], why: items.length === 0 ? notHere : null };
    }),
    compare: os.comparing.compare.handler(async ({ input }) => {
      const pair = chosenPair(input);
      return there(await inTime(searcher.look(compareSearch, { ...pair, ignore: input.ignore })), pair);
    }),
    offers: os.comparing.offers.handler(async ({ input }) => {
      const asked = chosen(input, '');
      const found = await inTime(searcher.look(offersSearch, asked));
      if ('why' in found) throw missing(asked, found.why, `${asked.kind}Id`);
      return { side: found.side, offers: [...found.offers] };
    }),
    bytes: os.comparing.bytes.handler(async ({ input: { before, after, ...piece } }) => {
      const pair = chosenPair({ before, after });
      return there(await inTime(searcher.look(bytesSearch, { ...pair, ...piece })), pair);
    }),
  };
}

function chosenPair({ before, after }: Readonly<Record<'before' | 'after', ComparedChoice>>): ComparedPair {
  return { before: chosen(before, 'before'), after: chosen(after, 'after') };
}

/** What was found of a pair. Throws a Refusal where one of the two cannot be compared. */
function there<T extends object>(found: T | Missing, pair: ComparedPair): T {
  if (!('missing' in found)) return found;
  const asked = pair[found.missing];
  throw missing(asked, found.why, `${found.missing}.${asked.kind}Id`);
}

/** Why something cannot be compared, as a refusal about a field. */
function missing({ kind, id }: ComparedId, why: WhyMissing, field: string): Refusal {
  if (why === 'under way') {
    const which = kind === 'attempt' ? 'attempt' : 'first attempt of the delivery';
    return conflict(field, `The ${which} ${id} is still under way. It can be compared once it has ended.`);
  }
  if (kind !== 'delivery') return notFound(kind, id);
  return invalid(field, `There is no delivery ${id} with an attempt that ended, so nothing was sent that could be compared.`);
}

/** The one thing that a choice names. */
function chosen({ captureId, attemptId, deliveryId }: ComparedChoice, field: 'before' | 'after' | ''): ComparedId {
  const given: ComparedId[] = [
    ...(captureId === undefined ? [] : [{ kind: 'capture' as const, id: captureId }]),
    ...(attemptId === undefined ? [] : [{ kind: 'attempt' as const, id: attemptId }]),
    ...(deliveryId === undefined ? [] : [{ kind: 'delivery' as const, id: deliveryId }]),
  ];
  const [first] = given;
  if (first === undefined || given.length > 1) throw invalid(field, 'Give one of captureId, attemptId and deliveryId, and only one.');
  return first;
}

/** A comparison that was ended by force as a refusal. */
export async function inTime<T>(comparison: Promise<T>): Promise<T> {
  try {
    return await comparison;
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    const what = error.why === 'late' ? `more than ${comparisonLimitMs / 1000} seconds` : 'more memory than a comparison may have';
    throw invalid('id', `Comparing these requests took ${what}, so it was ended. Compare their bodies by SHA-256, or smaller requests.`);
  }
}

const notOurs =
  'No attempt in the log matches this capture by its signature, by an id in its headers, by its connection, or by a body that was sent to this path (or to the public URL of the bin) at that time. It came from elsewhere, its attempt is still under way, or it is not kept any more.';

const notHere =
  'No capture that came within 10 minutes of this attempt matches it. It did not come to a bin, or the capture is not kept any more.';
