import type { NoiseKind, RequestComparison } from '#shared/contract/comparing.ts';
import { arrivedCapture } from '../capture/arrived.ts';
import { lastSentAttempt, sentAttempt } from '../log/sent-attempts.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { compareRequests, type ComparedRequest } from './compare-requests.ts';
import { arrivedRequest, sentRequest } from './transit.ts';

/** A request of the workspace by its id. */
export interface ComparedId {
  readonly kind: 'capture' | 'attempt' | 'delivery';
  readonly id: string;
}

/** What is asked: two requests, and which differences are left out. */
export interface ComparisonOrder {
  readonly before: ComparedId;
  readonly after: ComparedId;
  readonly ignore: readonly NoiseKind[];
}

const words = { before: 'first', after: 'second', isSameRequest: false } as const;

/** Compares two requests of the workspace; which of them is not there, where one is not. */
export const compareSearch = search(
  'compare',
  async (
    reader: Reader,
    { before, after, ignore }: ComparisonOrder,
  ): Promise<RequestComparison | { readonly missing: 'before' | 'after' }> => {
    const [one, other] = [requestOf(reader, before), requestOf(reader, after)];
    if (one === null) return { missing: 'before' };
    return other === null ? { missing: 'after' } : await compareRequests(one, other, words, ignore);
  },
  'comparisons',
);

function requestOf(reader: Reader, { kind, id }: ComparedId): ComparedRequest | null {
  if (kind === 'capture') {
    const capture = arrivedCapture(reader, id);
    return capture === undefined ? null : arrivedRequest(reader, capture);
  }
  const attempt = kind === 'attempt' ? sentAttempt(reader, id) : lastSentAttempt(reader, id);
  return attempt === undefined ? null : sentRequest(reader, attempt);
}
