import { newestSeq, scheduleDelivery } from '../log/deliveries.ts';
import { isSearch, searchSeqs } from '../deliveries/search.ts';
import { restartOf, signAtMsOf } from '../log/redelivery.ts';
import type { SkipReason } from '#shared/contract/replays.ts';
import { bodyOrSkip, skipReasonOf } from './skip-reason.ts';
import type { ItemSource, ReplayItem, SourceDeps } from './source.ts';
import { countScope, deliveryNow, listScope, type DeliveryScope, type FoundDelivery, type RowRange } from '../log/replay-rows.ts';

/** Deliveries of the log, each to be redelivered with its own body. */
export function createDeliverySource(deps: SourceDeps, scope: DeliveryScope): ItemSource {
  const { database, endpoints } = deps;
  return {
    newestSeq: () => newestSeq(database),
    count: async (range) =>
      countScope(database, await searched(deps, scope, range), range).map(({ isInFlight, isWaiting, ...group }) => ({
        ...group,
        skip: skipReasonOf(
          { status: group.status, isInFlight: isInFlight === 1, isWaiting: isWaiting === 1 },
          endpoints.find(group.endpointId),
        ),
      })),
    list: async (range, limit) =>
      listScope(database, await searched(deps, scope, range), range, limit).map((found) => toItem(deps, scope, found)),
  };
}

/** A scope that asks for a text, with the rows of a range that have it in its place. */
async function searched({ searcher }: SourceDeps, scope: DeliveryScope, { afterSeq, uptoSeq }: RowRange): Promise<DeliveryScope> {
  const { statuses, ...filter } = scope;
  if (!isSearch(filter)) return scope;
  const wanted = { ...filter, status: statuses?.length === 1 ? statuses[0] : undefined };
  return { statuses, seqs: await searchSeqs(searcher, wanted, { fromSeq: afterSeq + 1, beforeSeq: uptoSeq + 1 }) };
}

function toItem(deps: SourceDeps, scope: DeliveryScope, found: FoundDelivery): ReplayItem {
  const { database, endpoints, policies } = deps;
  return {
    seq: found.seq,
    view: {
      deliveryId: found.id,
      captureId: null,
      messageId: found.messageId,
      endpointId: found.endpointId,
      endpointName: found.endpointName,
      eventType: found.eventType,
      status: found.status,
      createdAtMs: found.createdAtMs,
    },
    skip: skipReasonOf(
      { status: found.status, isInFlight: found.isInFlight === 1, isWaiting: found.isWaiting === 1 },
      endpoints.find(found.endpointId),
    ),
    prepare: async (timestamp) => {
      const freshBody = found.hasBody === 1 ? null : await freshBodyOf(deps, found);
      return (writer, nowMs) => {
        const current = deliveryNow(writer, found.seq);
        const endpoint = endpoints.find(found.endpointId);
        if (current === undefined || (scope.statuses !== null && !scope.statuses.includes(current.status)))
          return { kind: 'skipped', reason: 'no_longer_matches' };
        const facts = { status: current.status, isInFlight: current.isInFlight === 1, isWaiting: current.isWaiting === 1 };
        const reason = skipReasonOf(facts, endpoint);
        if (reason !== null || endpoint === undefined) return { kind: 'skipped', reason: reason ?? 'endpoint_deleted' };
        if (typeof freshBody === 'string') return { kind: 'skipped', reason: freshBody };
        scheduleDelivery(database, writer, found.id, {
          ...restartOf(current.attemptCount, policies.resolve(endpoint.retryPolicy), nowMs),
          ...(freshBody === null ? {} : { body_hash: writer.putBody(freshBody) }),
          sign_at_ms: signAtMsOf(writer, found.id, timestamp),
          status: current.attemptCount === 0 ? 'pending' : 'failed',
          due_at_ms: nowMs,
          next_trigger: 'redelivery',
          updated_at_ms: nowMs,
        });
        const { id: deliveryId, seq: deliverySeq, endpointId } = found;
        return { kind: 'replayed', deliverySeq, deliveryId, endpointId, attemptsBefore: current.attemptCount };
      };
    },
  };
}

/** The body of a delivery whose template failed at first, rendered with the current template; or why there is none. */
async function freshBodyOf({ bodies, endpoints, environments }: SourceDeps, found: FoundDelivery): Promise<Uint8Array | SkipReason> {
  const endpoint = endpoints.find(found.endpointId);
  const variables = environments.variablesOf(found.environmentId);
  return endpoint === undefined ? 'endpoint_deleted' : await bodyOrSkip(() => bodies.makeAgain(endpoint, found.messageId, variables));
}
