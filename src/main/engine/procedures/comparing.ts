import type { Procedures } from '../base/procedures.ts';
import { TaskEnded, taskLimitMs } from '../background/background.ts';
import { invalid, notFound } from '../base/refusal.ts';
import { arrivalsSearch, transitSearch } from '../comparing/transit.ts';
import type { Searcher } from '../store/searcher.ts';

/** The `comparing` part of the router: what was sent beside what arrived. */
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
  };
}

/** A comparison that was ended by force as a refusal. */
async function inTime<T>(comparison: Promise<T>): Promise<T> {
  try {
    return await comparison;
  } catch (error) {
    if (!(error instanceof TaskEnded) || error.why === 'closed') throw error;
    const what = error.why === 'late' ? `more than ${taskLimitMs / 1000} seconds` : 'more memory than a comparison may have';
    throw invalid('id', `Comparing these requests took ${what}, so it was ended. Compare their bodies by SHA-256, or smaller requests.`);
  }
}

const notOurs =
  'No attempt in the log matches this capture by its signature, by an id in its headers, by its connection, or by a body that was sent in the minute before. It came from elsewhere, its attempt is still under way, or it is not kept any more.';

const notHere =
  'No capture that came within 10 minutes of this attempt matches it. It did not come to a bin, or the capture is not kept any more.';
