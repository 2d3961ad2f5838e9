import type { Warning } from '#shared/contract/common.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EventNames } from '../events/name-book.ts';
import { unknownTypeWarning } from '../messages/event-warnings.ts';
import { findMessage } from '../log/messages.ts';
import { invalid, notFound, unknownId } from '../base/refusal.ts';
import { isSearch, searchDeliveries, type SearchDeps } from '../deliveries/search.ts';
import { findReplay } from '../replays/store.ts';
import type { Database } from '../store/database.ts';
import { listDeliveries, type DeliveryFilter } from '../log/deliveries.ts';

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

/** What is needed to know why a filter found nothing. */
export interface EmptyFilterDeps extends SearchDeps {
  readonly eventNames: Pick<EventNames, 'has' | 'first'>;
}

/**
 * Warnings for a filter that found nothing: an event type that neither the log nor the catalogue has, and deliveries that it leaves out only
 * because they are tests, or are none. An event type is not refused, because any may be sent at any time.
 */
export async function emptyFilterWarnings(
  deps: EmptyFilterDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
): Promise<Warning[]> {
  const { eventType } = filter;
  if (eventType !== undefined && listDeliveries(deps.database, { eventType }, { beforeSeq: everySeq, limit: 1 }).length === 0)
    return eventType.includes('*') ? [patternWarning(eventType)] : unknownNameWarnings(deps, eventType);
  return await leftOutTests(deps, filter, signal);
}

function unknownNameWarnings({ eventNames }: EmptyFilterDeps, eventType: string): Warning[] {
  return unknownTypeWarning(eventNames, eventType).map((warning) => ({ ...warning, path: 'eventType' }));
}

/** Captures are found by patterns. */
function patternWarning(eventType: string): Warning {
  const message = `${eventType} is a pattern, and deliveries are found by one event type that is written out: give that, or search for a part of it with q.`;
  return { code: 'EVENT_TYPE_UNKNOWN', message, path: 'eventType' };
}

const everySeq = Number.MAX_SAFE_INTEGER;

/** So many are counted at most: each of them is read. */
const mostCounted = 100;

/** Those that would match if tests were asked for, or were not. The tests of an endpoint went to copies of it, so it leaves them out by itself. */
async function leftOutTests(deps: SearchDeps, filter: DeliveryFilter, signal: AbortSignal | undefined): Promise<Warning[]> {
  const { isTest, endpointId } = filter;
  if (isTest === undefined && endpointId === undefined) return [];
  const areTests = isTest !== true;
  const others = { ...filter, isTest: areTests };
  const page = { beforeSeq: everySeq, limit: mostCounted + 1 };
  const found = isSearch(others) ? (await searchDeliveries(deps, others, page, signal)).found : listDeliveries(deps.database, others, page);
  if (found.length === 0) return [];
  return [{ code: 'FILTER_LEAVES_TESTS_OUT', message: leftOutText(found.length, areTests), path: 'isTest' }];
}

function leftOutText(count: number, areTests: boolean): string {
  const many =
    count > mostCounted ? `More than ${mostCounted} deliveries match` : count === 1 ? '1 delivery matches' : `${count} deliveries match`;
  return areTests
    ? `${many} but ${count === 1 ? 'is a test' : 'are tests'}, which this filter leaves out.`
    : `${many} but ${count === 1 ? 'is no test' : 'are no tests'}, and this filter finds tests only.`;
}
