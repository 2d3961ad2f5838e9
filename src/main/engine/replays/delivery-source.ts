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
  const searched = createScopeSearch(deps, scope);
  return {
    newestSeq: () => newestSeq(database),
    count: async (range) =>
      countScope(database, await searched(range), range).map(({ isInFlight, isWaiting, ...group }) => ({
        ...group,
        skip: skipReasonOf(
          { status: group.status, isInFlight: isInFlight === 1, isWaiting: isWaiting === 1 },
          endpoints.find(group.endpointId),
        ),
      })),
    list: async (range, limit) => listScope(database, await searched(range), range, limit).map((found) => toItem(deps, scope, found)),
  };
}

/** How long what was found in a range is used again. */
const keptMs = 1000;

/**
 * A scope that asks for a text or a failure group, with the rows of a range that have it in its place. A replay takes some rows of a range at
 * a time, so the next range mostly begins within the one before; what was found there is used again for a moment.
 */
function createScopeSearch({ searcher }: SourceDeps, scope: DeliveryScope): (range: RowRange) => Promise<DeliveryScope> {
  const { statuses, ...filter } = scope;
  if (!isSearch(filter)) return async () => scope;
  const wanted = { ...filter, status: statuses?.length === 1 ? statuses[0] : undefined };
  let kept = { afterSeq: 0, uptoSeq: 0, seqs: [] as readonly number[], atMs: Number.NEGATIVE_INFINITY };
  return async ({ afterSeq, uptoSeq }) => {
    const isKept = performance.now() - kept.atMs < keptMs && afterSeq >= kept.afterSeq && afterSeq <= kept.uptoSeq;
    const from = isKept ? kept : { uptoSeq: afterSeq, seqs: [], atMs: performance.now() };
    const rest = from.uptoSeq >= uptoSeq ? [] : await searchSeqs(searcher, wanted, { fromSeq: from.uptoSeq + 1, beforeSeq: uptoSeq + 1 });
    const seqs = [...from.seqs.filter((seq) => seq > afterSeq), ...rest];
    kept = { afterSeq, uptoSeq: Math.max(from.uptoSeq, uptoSeq), seqs, atMs: from.atMs };
    return { statuses, seqs: seqs.filter((seq) => seq <= uptoSeq) };
  };
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
