import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { insertDelivery, newDelivery } from '../log/deliveries.ts';
import { bodyOrSkip, endpointSkipReason } from './skip-reason.ts';
import type { ItemSource, ReplayItem, SourceDeps } from './source.ts';
import {
  countMissing,
  deliverySeqOf,
  hasDelivery,
  headHashOf,
  listMissing,
  newestMessageSeq,
  type FoundMessage,
  type MissingScope,
} from '../log/replay-rows.ts';

/** Messages that an endpoint listens to but has no delivery of, each to be delivered to it for the first time. */
export function createMissingSource(deps: SourceDeps, scope: MissingScope): ItemSource {
  const { database, endpoints } = deps;
  const skip = () => endpointSkipReason(endpoints.find(scope.endpointId));
  return {
    newestSeq: () => newestMessageSeq(database),
    count: async (range) =>
      countMissing(database, scope, range).map((group) => ({ ...group, endpointId: scope.endpointId, status: null, skip: skip() })),
    list: async (range, limit) => listMissing(database, scope, range, limit).map((found) => toItem(deps, scope.endpointId, found, skip)),
  };
}

function toItem(deps: SourceDeps, endpointId: string, found: FoundMessage, skip: () => ReplayItem['skip']): ReplayItem {
  const { endpoints, environments, policies, ids, bodies } = deps;
  return {
    seq: found.seq,
    view: {
      deliveryId: null,
      captureId: null,
      messageId: found.id,
      endpointId,
      endpointName: endpoints.find(endpointId)?.name ?? '',
      eventType: found.eventType,
      status: null,
      createdAtMs: found.createdAtMs,
    },
    skip: skip(),
    prepare: async (timestamp) => {
      const target = endpoints.find(endpointId);
      // A delivery is new, whenever its message was accepted.
      const environmentId = environments.activeId();
      const variables = environments.variablesOf(environmentId);
      const body = target === undefined ? 'endpoint_deleted' : await bodyOrSkip(() => bodies.makeAgain(target, found.id, variables));
      const deliveryId = ids.next('dlv');
      return (writer, nowMs) => {
        const endpoint = endpoints.find(endpointId);
        const reason = endpointSkipReason(endpoint);
        if (reason !== null || endpoint === undefined) return { kind: 'skipped', reason: reason ?? 'endpoint_deleted' };
        if (hasDelivery(writer, found.id, endpointId)) return { kind: 'skipped', reason: 'no_longer_matches' };
        if (typeof body === 'string') return { kind: 'skipped', reason: body };
        insertDelivery(writer, {
          ...newDelivery({
            id: deliveryId,
            messageId: found.id,
            endpointId,
            eventType: found.eventType,
            problem: null,
            environmentId,
            isTest: false,
            maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
            nowMs,
          }),
          body_hash: writer.putBody(body),
          head_hash: headHashOf(writer, found.id),
          sign_at_ms: timestamp === 'original' ? found.createdAtMs : null,
        });
        return { kind: 'replayed', deliverySeq: deliverySeqOf(writer, deliveryId), deliveryId, endpointId, attemptsBefore: 0 };
      };
    },
  };
}
