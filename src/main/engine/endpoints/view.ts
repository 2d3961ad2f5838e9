import type { Endpoint, EndpointHealth } from '#shared/contract/endpoints.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { activeSecrets, type EndpointConfig } from './config.ts';
import type { EndpointActivity } from './store.ts';

/** An endpoint as anyone may see it. */
export function toEndpoint(config: EndpointConfig, activity: EndpointActivity, nowMs: number): Endpoint {
  const secrets = activeSecrets(config, nowMs);
  return {
    id: config.id,
    name: config.name,
    url: config.url,
    description: config.description,
    method: config.method,
    contentType: config.contentType,
    events: [...config.events],
    headers: { ...config.headers },
    signing: config.signing,
    template: config.template?.source ?? null,
    retryPolicy: config.retryPolicy,
    successRule: config.successRule,
    timeoutMs: config.timeoutMs,
    verifyTls: config.verifyTls,
    httpsOnly: config.httpsOnly,
    redirects: config.redirects,
    isActive: config.isActive,
    secretHeaderNames: Object.keys(config.secretHeaders),
    secretFingerprints: secrets.map(fingerprintOf),
    publicKeys: secrets.map((secret) => publicKeyOf(config.signing, secret)).filter((key) => key !== null),
    creator: config.creator,
    health: healthOf(config, activity),
    lastDelivery:
      activity.last === null
        ? null
        : {
            id: activity.last.deliveryId,
            atMs: activity.last.atMs,
            outcomeCode: activity.last.outcome.code,
            status: activity.last.outcome.status,
          },
    recentAttempts: activity.recentAttempts.map((attempt) => ({ ...attempt })),
    pendingDeliveries: activity.pendingDeliveries,
    createdAtMs: config.createdAtMs,
    updatedAtMs: config.updatedAtMs,
  };
}

/** Health by the last attempt: pending before the first one, disabled when switched off. */
function healthOf(config: EndpointConfig, activity: EndpointActivity): EndpointHealth {
  if (!config.isActive) return 'disabled';
  if (activity.last === null) return 'pending';
  return activity.last.outcome.code === 'ok' ? 'healthy' : 'failing';
}
