import type { Transit } from '#shared/contract/comparing.ts';
import { arrivedCapture, capturesBetween, type ArrivedCapture } from '../capture/arrived.ts';
import { sentAttempt } from '../log/sent-attempts.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { compareRequests } from './compare-requests.ts';
import { findSent, matchOf, type FoundAttempt } from './find-sent.ts';
import { longWhere } from './long-comparisons.ts';
import { arrivedRequest, sentRequest } from './stored-requests.ts';

/** What the two sides of a transit are called. */
export const transitWords = { before: 'sent', after: 'arrived', isSameRequest: true } as const;

/** The transit of a capture: undefined where there is no such capture, null where no attempt made it. */
export const transitSearch = search(
  'transit',
  async (reader: Reader, { captureId }: { readonly captureId: string }): Promise<Transit | null | undefined> => {
    const arrived = arrivedCapture(reader, captureId);
    if (arrived === undefined) return undefined;
    const found = findSent(reader, arrived);
    return found === null ? null : await transitOf(reader, found, arrived);
  },
  'comparisons',
  longWhere(({ captureId }) => [{ kind: 'capture', id: captureId }]),
);

/** How long after an attempt captures are looked at, how many of them, and how many are told. */
const [laterMs, lookedCaptures, toldCaptures] = [600_000, 2000, 10];

/** The captures that an attempt made, oldest first; undefined where there is no such attempt that ended. */
export const arrivalsSearch = search(
  'arrivals',
  async (reader: Reader, { attemptId }: { readonly attemptId: string }): Promise<readonly Transit[] | undefined> => {
    const attempt = sentAttempt(reader, attemptId);
    if (attempt === undefined) return undefined;
    const span = { fromMs: attempt.startedAtMs, toMs: (attempt.endedAtMs ?? attempt.startedAtMs) + laterMs };
    const items: Transit[] = [];
    for (const arrived of capturesBetween(reader, span, lookedCaptures)) {
      if (items.length === toldCaptures) break;
      if (matchOf(reader, attempt, arrived) === null) continue;
      // It may be known to be of another attempt, such as the next one of the same delivery.
      const found = findSent(reader, arrived);
      if (found?.attempt.id === attempt.id) items.push(await transitOf(reader, found, arrived));
    }
    return items;
  },
  'comparisons',
  longWhere(({ attemptId }) => [{ kind: 'attempt', id: attemptId }]),
);

async function transitOf(reader: Reader, { attempt, matchedBy, alsoMatching }: FoundAttempt, arrived: ArrivedCapture): Promise<Transit> {
  return {
    captureId: arrived.id,
    binId: arrived.binId,
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    deliveryId: attempt.deliveryId,
    url: attempt.url,
    matchedBy,
    alsoMatching,
    startedAtMs: attempt.startedAtMs,
    receivedAtMs: arrived.receivedAtMs,
    elapsedMs: arrived.receivedAtMs - attempt.startedAtMs,
    comparison: await compareRequests(sentRequest(reader, attempt), arrivedRequest(reader, arrived), transitWords),
  };
}
