import type { Warning } from '#shared/contract/common.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EventNames } from '../events/name-book.ts';
import { unknownTypeWarning } from '../messages/event-warnings.ts';
import { findMessage } from '../log/messages.ts';
import { invalid, notFound, unknownId } from '../base/refusal.ts';
import { findReplay } from '../replays/store.ts';
import type { Database } from '../store/database.ts';
import type { DeliveryFilter } from '../log/deliveries.ts';

/** What is needed to know whether a filter can find anything. */
export interface KnownThings {
  readonly database: Database;
  readonly endpoints: Pick<EndpointBook, 'find' | 'listed'>;
}

/**
 * Refuses a filter by an id that never existed: an empty result would read as if nothing had happened to it. Deleted endpoints
 * stay known. Throws a Refusal NOT_FOUND, or INPUT_INVALID for an end that is before its beginning.
 */
export function assertKnownFilter({ database, endpoints }: KnownThings, filter: DeliveryFilter): void {
  const { endpointId, messageId, replayId, fromMs, toMs } = filter;
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw invalid('toMs', 'This time is before fromMs, so nothing can lie between them: swap the two, or leave one of them out.');
  if (endpointId !== undefined && endpoints.find(endpointId) === undefined) throw unknownId('endpoint', endpointId, endpoints.listed());
  if (messageId !== undefined && findMessage(database, database, messageId) === undefined) throw notFound('message', messageId);
  if (replayId !== undefined && findReplay(database, replayId) === undefined) throw notFound('replay', replayId);
}

/**
 * A warning for a filter that found nothing. An event type that the catalogue does not have is not refused, because any event type
 * may be sent at any time.
 */
export function emptyFilterWarnings(names: Pick<EventNames, 'has' | 'first'>, { eventType }: DeliveryFilter): Warning[] {
  if (eventType === undefined) return [];
  return unknownTypeWarning(names, eventType).map((warning) => ({ ...warning, path: 'eventType' }));
}
