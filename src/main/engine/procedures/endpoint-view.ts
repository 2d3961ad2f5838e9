import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Condition } from '../health/condition.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { activeSecrets, plainFieldsOf, type EndpointConfig } from '../endpoints/config.ts';
import type { EndpointActivity } from '../log/endpoint-activity.ts';

/** How many attempts the sparkline of a row shows. */
const drawnAttempts = 20;

/** An endpoint without its secrets. */
export function toEndpoint(
  config: EndpointConfig,
  activity: EndpointActivity,
  condition: Condition,
  nowMs: number,
): Omit<Endpoint, 'changedFromProfile' | 'changedInProfile'> {
  const secrets = activeSecrets(config, nowMs);
  return {
    ...plainFieldsOf(config),
    id: config.id,
    template: config.template?.source ?? null,
    secretHeaderNames: Object.keys(config.secretHeaders),
    secretFingerprints: secrets.map(fingerprintOf),
    publicKeys: secrets.map((secret) => publicKeyOf(config.signing, secret)).filter((key) => key !== null),
    creator: config.creator,
    ...condition,
    lastDelivery:
      activity.last === null
        ? null
        : {
            id: activity.last.deliveryId,
            atMs: activity.last.atMs,
            outcomeCode: activity.last.outcome.code,
            status: activity.last.outcome.status,
          },
    recentAttempts: activity.newestAttempts.slice(-drawnAttempts).map(({ code, durationMs }) => ({ ok: code === 'ok', durationMs })),
    pendingDeliveries: activity.pendingDeliveries,
    createdAtMs: config.createdAtMs,
    updatedAtMs: config.updatedAtMs,
  };
}
