import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Condition } from '../health/condition.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { activeSecrets, type EndpointConfig } from '../endpoints/config.ts';
import type { EndpointActivity } from '../log/endpoint-activity.ts';

/** Attempts that a row draws. */
const drawnAttempts = 20;

/** An endpoint as anyone may see it. */
export function toEndpoint(config: EndpointConfig, activity: EndpointActivity, condition: Condition, nowMs: number): Endpoint {
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
    metaHeaders: config.metaHeaders,
    autoDisable: config.autoDisable,
    disableOn410: config.disableOn410,
    rateLimit: config.rateLimit,
    maxConcurrency: config.maxConcurrency,
    isOrdered: config.isOrdered,
    circuitBreaker: config.circuitBreaker,
    isActive: config.isActive,
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
