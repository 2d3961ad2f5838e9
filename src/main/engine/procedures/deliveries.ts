import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Attempt, DeliverySummary } from '#shared/contract/deliveries.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { decodeBody } from '../bodies/decode-body.ts';
import { callerOf, type Caller } from '../base/admission.ts';
import type { Changes } from '../base/changes.ts';
import { unpackHead } from '../base/given-head.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { EventNames } from '../events/name-book.ts';
import type { Bodies } from '../messages/bodies.ts';
import { assertActive } from '../messages/targets.ts';
import { decodedSearch, readBody } from '../store/bodies.ts';
import type { PolicyBook } from '../policies/book.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { conflict, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';
import type { Searcher } from '../store/searcher.ts';
import { cancelOpen, countOpen } from '../deliveries/cancel-matching.ts';
import { assertKnownFilter, emptyFilterWarnings } from './known-filter.ts';
import { originOf } from '../log/messages.ts';
import { assertWithinReach } from '../request/within-reach.ts';
import { restartOf, signAtMsOf } from '../log/redelivery.ts';
import { failureGroupsOf } from '../deliveries/failure-groups.ts';
import { hasText, isSearch, searchDeliveries } from '../deliveries/search.ts';
import { statsOf } from '../deliveries/stats.ts';
import {
  attemptsOf,
  cancelDelivery,
  findAttempt,
  findDelivery,
  listDeliveries,
  scheduleDelivery,
  type DeliveryWithEndpoint,
} from '../log/deliveries.ts';
import { toAttempt, toAttemptUnderWay, toSummary as summaryOf } from './delivery-view.ts';

const pages = seqPages('deliveries');

export interface DeliveryDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'variablesOf' | 'nameOf'>;
  readonly dispatcher: Dispatcher;
  readonly bodies: Pick<Bodies, 'makeAgain'>;
  readonly searcher: Searcher;
  readonly eventNames: Pick<EventNames, 'has' | 'first'>;
}

const nothing = new Uint8Array();

/** An attempt with more bytes than this is written in a turn of the event loop of its own. */
const largeBodyBytes = 262_144;

/** The delivery log and what can be done with a delivery. */
export function createDeliveryHandlers(os: Procedures, deps: DeliveryDeps) {
  const { database, clock, changes, endpoints, policies, dispatcher } = deps;
  const toSummary = (row: DeliveryWithEndpoint) => summaryOf(row, { holdOn: dispatcher.holdOn, environmentOf: deps.environments.nameOf });
  const get = (id: string): DeliveryWithEndpoint => {
    const row = findDelivery(database, id);
    if (row === undefined) throw notFound('delivery', id);
    return row;
  };
  const bodyOf = (hash: Uint8Array | null) => (hash === null ? nothing : readBody(database, hash));

  const changesIn = (headHash: Uint8Array | null) => (headHash === null ? [] : [...(unpackHead(bodyOf(headHash)).changes ?? [])]);

  const underWay = (row: DeliveryWithEndpoint): Attempt | null => {
    const begun = dispatcher.underWay(row.id);
    const endpoint = endpoints.find(row.endpoint_id);
    return begun === null || endpoint === undefined ? null : toAttemptUnderWay(begun, row.id, endpoint);
  };

  const due = async (
    id: string,
    trigger: 'redelivery' | 'manual',
    timestamp: RedeliveryTimestamp,
    { reach }: Caller,
  ): Promise<DeliverySummary> => {
    const row = get(id);
    assertFree(row, trigger);
    const endpoint = endpoints.find(row.endpoint_id);
    if (endpoint?.isDeleted === true) assertSourceIsGone(endpoints, endpoint);
    if (endpoint === undefined || endpoint.isDeleted)
      throw conflict('id', 'The endpoint of this delivery was deleted. Send the event again to another endpoint.');
    assertActive(endpoint);
    await assertWithinReach(reach, [endpoint], deps.environments.variablesOf(row.environment_id));
    const nowMs = clock.now();
    // There is no body when the template failed.
    const freshBody =
      row.body_hash === null
        ? await deps.bodies.makeAgain(endpoint, row.message_id, deps.environments.variablesOf(row.environment_id))
        : null;
    await database.write((writer) => {
      // While this write waited for its turn, an attempt may have begun, or the delivery may have been cancelled.
      const current = findDelivery(database, id, writer) ?? row;
      assertFree(current, trigger);
      const restart =
        trigger === 'redelivery'
          ? {
              ...restartOf(current.attempt_count, policies.resolve(endpoint.retryPolicy), nowMs),
              sign_at_ms: signAtMsOf(writer, id, timestamp),
            }
          : {};
      const body = freshBody === null ? {} : { body_hash: writer.putBody(freshBody) };
      scheduleDelivery(database, writer, id, {
        ...restart,
        ...body,
        status: current.attempt_count === 0 ? 'pending' : 'failed',
        due_at_ms: nowMs,
        next_trigger: trigger,
        is_within_loopback: Number(reach === 'loopback'),
        updated_at_ms: nowMs,
      });
    });
    dispatcher.hasten(row.endpoint_id, id);
    changes.publish('deliveries', [id]);
    return toSummary(get(id));
  };

  return {
    list: os.deliveries.list.handler(async ({ input: { cursor, limit, ...filter }, signal }) => {
      assertKnownFilter(deps, filter);
      const page = { beforeSeq: pages.before(cursor), limit: limit + 1 };
      const warningsOf = async (items: readonly unknown[]) =>
        items.length === 0 && cursor === undefined ? await emptyFilterWarnings(deps, filter, signal) : [];
      if (!isSearch(filter)) {
        const listed = pages.page(listDeliveries(database, filter, page), limit, toSummary);
        return { ...listed, warnings: await warningsOf(listed.items) };
      }
      const { found, searchedInPart } = await searchDeliveries(deps, filter, page, signal);
      return {
        ...pages.page(found, limit, (row) => ({ ...toSummary(row), ...(hasText(filter) ? { foundIn: row.foundIn } : {}) })),
        ...(searchedInPart === 0 ? {} : { searchedInPart }),
        warnings: await warningsOf(found),
      };
    }),
    stats: os.deliveries.stats.handler(({ input: { buckets, ...filter }, signal }) => {
      assertKnownFilter(deps, filter);
      return statsOf(deps, filter, { buckets, nowMs: clock.now() }, signal);
    }),
    failureGroups: os.deliveries.failureGroups.handler(async ({ input: { limit, ...filter }, signal }) => {
      assertKnownFilter(deps, filter);
      const { groups, ungrouped, ...found } = await failureGroupsOf(deps, filter, signal);
      const rest = groups.slice(limit);
      return {
        ...found,
        groups: groups
          .slice(0, limit)
          .map((group) => ({ ...group, endpointName: endpoints.find(group.endpointId)?.name ?? group.endpointId })),
        moreGroups: rest.length,
        moreDeliveries: ungrouped + rest.reduce((sum, { count }) => sum + count, 0),
        isMoreGroupsLeast: ungrouped > 0,
      };
    }),
    get: os.deliveries.get.handler(async ({ input }) => {
      const row = get(input.id);
      // Read after the delivery: both are recorded together, so every attempt that the delivery counts is here.
      const logged = attemptsOf(database, row.id);
      const begun = underWay(row);
      const attempts: Attempt[] = [];
      for (const attempt of logged) {
        attempts.push(toAttempt(attempt, input.bodies, bodyOf));
        // Each may have bodies of many MiB.
        if ((attempt.request_body_bytes ?? 0) > largeBodyBytes) await nextTurn();
      }
      // An attempt that is just being recorded may be in the log already.
      if (begun !== null && !logged.some(({ id }) => id === begun.id)) attempts.push(begun);
      const { sourceCaptureId, relayId, headHash } = originOf(database, row.message_id);
      return {
        ...toSummary(row),
        attempts,
        sourceCaptureId,
        relay: relayId === null ? null : { id: relayId, changes: changesIn(headHash) },
      };
    }),
    attempt: os.deliveries.attempt.handler(({ input }) => {
      const row = findAttempt(database, input.id);
      if (row === undefined) throw notFound('attempt', input.id);
      return toAttempt(row, true, bodyOf);
    }),
    decoded: os.deliveries.decoded.handler(({ input }) => {
      const row = findAttempt(database, input.id);
      if (row === undefined) throw notFound('attempt', input.id);
      const isAnswer = input.of === 'answer';
      const hash = isAnswer ? row.response_body_hash : row.request_body_hash;
      const headersJson = isAnswer ? row.response_headers_json : row.request_headers_json;
      const headers = JSON.parse(headersJson ?? '[]') as HeaderField[];
      const isTruncated = isAnswer && row.is_response_truncated === 1;
      if (hash === null) return decodeBody({ bytes: nothing, headers, isTruncated });
      return deps.searcher.look(decodedSearch, { hash, headers, isTruncated });
    }),
    redeliver: os.deliveries.redeliver.handler(({ input, context }) => due(input.id, 'redelivery', input.timestamp, callerOf(context))),
    attemptNow: os.deliveries.attemptNow.handler(({ input, context }) => due(input.id, 'manual', 'now', callerOf(context))),
    cancelMatching: os.deliveries.cancelMatching.handler(async ({ input: { dryRun, ...filter }, signal }) => {
      assertKnownFilter(deps, filter);
      if (dryRun) return countOpen(deps, filter, signal);
      const cancelled = await cancelOpen({ database, searcher: deps.searcher, dispatcher, now: clock.now }, filter, signal);
      dispatcher.refresh();
      changes.publish('deliveries', []);
      return cancelled;
    }),
    cancel: os.deliveries.cancel.handler(async ({ input }) => {
      const { id, status, endpoint_id: endpointId } = get(input.id);
      const cancelWaiting = () => database.write((writer) => cancelDelivery(database, writer, id, clock.now()));
      if (!(await cancelWaiting())) {
        if (!(await dispatcher.abort(id))) throw conflict('id', `This delivery is ${status} already; there is nothing left to cancel.`);
        // The attempt may have ended before it could be cut off; if it failed, another one is scheduled now.
        await cancelWaiting();
      }
      // It may have blocked other deliveries of an ordered endpoint.
      if (endpoints.findListed(endpointId)?.isOrdered === true) dispatcher.notify([endpointId], clock.now());
      changes.publish('deliveries', [id]);
      return toSummary(get(id));
    }),
  };
}

/** Refuses a delivery with an attempt under way and, for `manual`, one with no attempt scheduled. */
function assertFree(row: DeliveryWithEndpoint, trigger: 'redelivery' | 'manual'): void {
  if (row.in_flight_attempt_id !== null) throw conflict('id', 'An attempt is under way. Wait for it to end, or cancel it.');
  if (trigger === 'manual' && row.due_at_ms === null)
    throw conflict('id', 'No attempt is scheduled for this delivery. Redeliver it instead.');
}

/** Throws a Refusal for a copy that a test was sent to and that was given up, since the secrets of its endpoint were replaced. */
function assertSourceIsGone(endpoints: Pick<EndpointBook, 'findListed'>, { copyOf }: EndpointConfig): void {
  const source = copyOf === null ? undefined : endpoints.findListed(copyOf);
  if (source !== undefined)
    throw conflict(
      'id',
      `It was sent with secrets of ${source.name} that were replaced since, in another way than this is now: send the event again.`,
    );
}
