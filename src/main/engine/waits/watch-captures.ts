import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskEnded } from '../background/background.ts';
import type { StreamPosition } from '../capture/stream-page.ts';
import type { Searcher } from '../store/searcher.ts';
import { captureWaitSearch, nearerOf, type CaptureAsk, type CapturesSeen, type MatchedCapture, type Miss } from './capture-look.ts';
import type { Tally } from './verdict.ts';
import type { Watched } from './watched.ts';

/** Captures of one look. */
const mostAtOnce = 2000;

export interface CaptureWatch {
  readonly searcher: Searcher;
  readonly ask: CaptureAsk;
  readonly oncePerId: boolean;
  /** So many that match end a look. */
  readonly enough: number;
}

/** Captures from a position on, each looked at once. */
export function watchCaptures({ searcher, ask, oncePerId, enough }: CaptureWatch, from: StreamPosition): Watched {
  const isInOrder = ask.inOrder.length > 0;
  /** Those that match; some are seen again after the newest captures were deleted. */
  const matched = new Set<string>();
  const unread = new Set<string>();
  const eventIds = new Map<string, string>();
  let after = from;
  let looked = 0;
  let nearest: Miss | null = null;
  let repeated: Tally['repeated'] = null;
  let withoutId: string | null = null;

  const take = ({ id, eventId }: MatchedCapture) => {
    if (matched.has(id)) return;
    matched.add(id);
    // What came close to a step that has come since is of no interest.
    if (isInOrder && nearest !== null && nearest.step < matched.size) nearest = null;
    if (!oncePerId) return;
    const before = eventId === null ? undefined : eventIds.get(eventId);
    if (eventId === null) withoutId ??= id;
    else if (before === undefined) eventIds.set(eventId, id);
    else repeated ??= { eventId, ids: [before, id] };
  };
  const seen = (found: CapturesSeen) => {
    after = found.after;
    looked += found.looked;
    for (const each of found.matched) take(each);
    for (const id of found.unread) unread.add(id);
    if (found.nearest !== null && (!isInOrder || found.nearest.step >= matched.size)) nearest = nearerOf(nearest, found.nearest);
  };
  const lookWith = (how: { readonly limit: number; readonly readsBodies: boolean }) =>
    searcher.look(captureWaitSearch, { ...ask, ...how, after, stepsDone: isInOrder ? matched.size : 0, budgetMs: searcher.budgetMs });
  /** A body that takes too long ends the whole look: it is then gone over one by one, and that body is left out. */
  const lookOnce = async (): Promise<CapturesSeen> => {
    for (const how of [
      { limit: mostAtOnce, readsBodies: true },
      { limit: 1, readsBodies: true },
    ])
      try {
        return await lookWith(how);
      } catch (error) {
        if (!(error instanceof TaskEnded)) throw error;
      }
    return await lookWith({ limit: 1, readsBodies: false });
  };

  return {
    look: async (_touched, _isLast, signal) => {
      for (let isEnd = false; !isEnd && !signal.aborted && matched.size < enough;) {
        const found = await lookOnce();
        seen(found);
        isEnd = found.isEnd;
        await nextTurn();
      }
    },
    tally: () => ({ looked, matchCount: matched.size, repeated, withoutId, unread: [...unread] }),
    nearest: () => {
      if (nearest === null) return null;
      const { step: _step, isUnread: _isUnread, ...miss } = nearest;
      return miss;
    },
    matchedIds: (limit) => [...matched].slice(0, limit),
  };
}
