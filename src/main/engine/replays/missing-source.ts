import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { insertDelivery, newDelivery } from '../log/deliveries.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { readBody } from '../store/bodies.ts';
import { findMessage } from '../log/messages.ts';
import { Refusal } from '../base/refusal.ts';
import { endpointSkipReason } from './skip-reason.ts';
import type { ItemSource, ReplayItem, SourceDeps } from './source.ts';
import {
  countMissing,
  deliverySeqOf,
  hasDelivery,
  listMissing,
  newestMessageSeq,
  type FoundMessage,
  type MissingScope,
} from '../log/replay-rows.ts';

/** Messages that an endpoint listens to and has no delivery of, each to be delivered to it for the first time. */
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
  const { endpoints, policies, ids } = deps;
  return {
    seq: found.seq,
    view: {
      deliveryId: null,
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
      const body = target === undefined ? null : await bodyFor(deps, target, found);
      const deliveryId = ids.next('dlv');
      return (writer, nowMs) => {
        const endpoint = endpoints.find(endpointId);
        const reason = endpointSkipReason(endpoint);
        if (reason !== null || endpoint === undefined) return { kind: 'skipped', reason: reason ?? 'endpoint_deleted' };
        if (hasDelivery(writer, found.id, endpointId)) return { kind: 'skipped', reason: 'no_longer_matches' };
        if (body === null) return { kind: 'skipped', reason: 'template_invalid' };
        insertDelivery(writer, {
          ...newDelivery({
            id: deliveryId,
            messageId: found.id,
            endpointId,
            eventType: found.eventType,
            problem: null,
            isTest: false,
            maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
            nowMs,
          }),
          body_hash: writer.putBody(body),
          sign_at_ms: timestamp === 'original' ? found.createdAtMs : null,
        });
        return { kind: 'replayed', deliverySeq: deliverySeqOf(writer, deliveryId), deliveryId, endpointId };
      };
    },
  };
}

/** The body as it would have been when the message was made; null when the template makes none of it. */
async function bodyFor({ database, renderer }: SourceDeps, endpoint: EndpointConfig, found: FoundMessage): Promise<Uint8Array | null> {
  if (found.bodyHash !== null) return readBody(database, found.bodyHash);
  const message = findMessage(database, database, found.id);
  if (message === undefined) return null;
  try {
    const { id, event_type: type, data_json: dataJson, created_at_ms: nowMs } = message;
    return await renderer.render(endpoint, { id, type, dataJson, nowMs });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
