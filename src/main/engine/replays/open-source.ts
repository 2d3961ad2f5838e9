import { failedStatuses, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { ReplaySource } from '#shared/contract/replays.ts';
import { createDeliverySource } from './delivery-source.ts';
import { createCaptureSource } from './capture-source.ts';
import { createMissingSource } from './missing-source.ts';
import type { ItemSource, SourceDeps } from './source.ts';

/** A source with an explicit end, so that a replay that continues tomorrow covers the same rows. */
export function frozen(source: ReplaySource, nowMs: number): ReplaySource {
  if (source.kind === 'redeliver' || source.kind === 'captures' || source.untilMs !== undefined) return source;
  return { ...source, untilMs: nowMs + 1 };
}

/** What is in a failure group fails, and is left out once it is delivered. */
function statusesOf({ failureGroup }: { readonly failureGroup?: string | undefined }): readonly DeliveryStatus[] | null {
  return failureGroup === undefined ? null : failedStatuses;
}

/** The rows behind a source. */
export function openSource(deps: SourceDeps, source: ReplaySource): ItemSource {
  switch (source.kind) {
    case 'redeliver': {
      const { status, ...filter } = source.filter;
      return createDeliverySource(deps, { ...filter, statuses: status === undefined ? statusesOf(filter) : [status] });
    }
    case 'recover':
      return createDeliverySource(deps, {
        endpointId: source.endpointId,
        fromMs: source.sinceMs,
        toMs: source.untilMs,
        statuses: failedStatuses,
      });
    case 'captures':
      return createCaptureSource(deps, source);
    case 'missing': {
      const endpoint = deps.endpoints.find(source.endpointId);
      return createMissingSource(deps, {
        endpointId: source.endpointId,
        events: endpoint?.events ?? [],
        fromMs: source.sinceMs,
        toMs: source.untilMs ?? deps.clock.now() + 1,
      });
    }
  }
}
