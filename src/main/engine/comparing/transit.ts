import type { HeaderField } from '#shared/contract/common.ts';
import type { Transit } from '#shared/contract/comparing.ts';
import { arrivedCapture, capturesBetween, type ArrivedCapture } from '../capture/arrived.ts';
import { sentAttempt, type SentAttempt } from '../log/sent-attempts.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { compareRequests, type ComparedRequest } from './compare-requests.ts';
import { findSent, matchOf, type FoundAttempt } from './find-sent.ts';
import { targetOf } from './target.ts';

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

/** The request of an attempt, with secrets masked as the log keeps them. */
export function sentRequest(reader: Reader, { method, url, headersJson, bodyHash, bodyBytes }: SentAttempt): ComparedRequest {
  return {
    method,
    target: targetOf(url),
    headers: JSON.parse(headersJson) as HeaderField[],
    bytes: bodyHash === null ? (bodyBytes === 0 ? new Uint8Array() : null) : readBody(reader, bodyHash),
    size: bodyBytes,
    isCut: false,
  };
}

/** The request of a capture. */
export function arrivedRequest(
  reader: Reader,
  { method, target, headersJson, bodyHash, bodyBytes, isBodyTruncated }: ArrivedCapture,
): ComparedRequest {
  return {
    method,
    target,
    headers: JSON.parse(headersJson) as HeaderField[],
    bytes: readBody(reader, bodyHash),
    size: bodyBytes,
    isCut: isBodyTruncated === 1,
  };
}
