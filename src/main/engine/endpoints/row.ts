import type { EndpointInput } from '#shared/contract/endpoints.ts';
import { storedSigning } from '../signing/options.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { Vault } from '../base/ports.ts';
import type { EndpointRow } from '../store/schema.ts';
import { readJson } from '../store/damage.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import { unreadTemplate } from '../templates/template.ts';
import type { EndpointConfig, EndpointSecret } from './config.ts';

type NewRow = Omit<EndpointRow, 'seq'>;

/** An endpoint as its table row, secrets sealed. */
export function toRow(config: EndpointConfig, vault: Vault): NewRow {
  return {
    id: config.id,
    name: config.name,
    url: config.url,
    description: config.description,
    method: config.method,
    content_type: config.contentType,
    events_json: JSON.stringify(config.events),
    headers_json: JSON.stringify(config.headers),
    secret_headers_sealed: sealJson(vault, config.secretHeaders),
    secret_header_names_json: JSON.stringify(Object.keys(config.secretHeaders)),
    signing_json: config.signing === null ? null : JSON.stringify(config.signing),
    secrets_sealed: sealJson(vault, config.secrets),
    fingerprints_json: JSON.stringify(
      config.secrets.map(({ secret, expiresAtMs }) => ({ fingerprint: fingerprintOf(secret), expiresAtMs })),
    ),
    template: config.template?.source ?? null,
    retry_policy_json: JSON.stringify(config.retryPolicy),
    success_rule: config.successRule,
    timeout_ms: config.timeoutMs,
    verify_tls: Number(config.verifyTls),
    https_only: Number(config.httpsOnly),
    redirects_json: JSON.stringify(config.redirects),
    meta_headers_json: JSON.stringify(config.metaHeaders),
    auto_disable_json: JSON.stringify(config.autoDisable),
    disable_on_410: Number(config.disableOn410),
    rate_limit_json: config.rateLimit === null ? null : JSON.stringify(config.rateLimit),
    max_concurrency: config.maxConcurrency,
    is_ordered: Number(config.isOrdered),
    circuit_breaker_json: config.circuitBreaker === null ? null : JSON.stringify(config.circuitBreaker),
    is_active: Number(config.isActive),
    is_one_off: Number(config.isOneOff),
    test_of: config.testOf,
    creator: config.creator,
    created_at_ms: config.createdAtMs,
    updated_at_ms: config.updatedAtMs,
    deleted_at_ms: null,
  };
}

/** A table row as an endpoint to work with. */
export function fromRow(row: NewRow, vault: Vault): EndpointConfig {
  const json = <T>(column: string, text: string) => readJson<T>(text, { table: 'endpoints', column, row: row.id });
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    description: row.description,
    method: row.method as EndpointInput['method'],
    contentType: row.content_type,
    events: json<string[]>('events_json', row.events_json),
    headers: json<Record<string, string>>('headers_json', row.headers_json),
    secretHeaders: openJson<Record<string, string>>(vault, row.secret_headers_sealed),
    signing: storedSigning(row.signing_json),
    secrets: openJson<EndpointSecret[]>(vault, row.secrets_sealed),
    template: row.template === null ? null : unreadTemplate(row.template),
    retryPolicy: json<EndpointInput['retryPolicy']>('retry_policy_json', row.retry_policy_json),
    successRule: row.success_rule,
    timeoutMs: row.timeout_ms,
    verifyTls: row.verify_tls === 1,
    httpsOnly: row.https_only === 1,
    redirects: json<EndpointInput['redirects']>('redirects_json', row.redirects_json),
    metaHeaders: json<EndpointInput['metaHeaders']>('meta_headers_json', row.meta_headers_json),
    autoDisable: json<EndpointInput['autoDisable']>('auto_disable_json', row.auto_disable_json),
    disableOn410: row.disable_on_410 === 1,
    rateLimit: row.rate_limit_json === null ? null : json<EndpointInput['rateLimit']>('rate_limit_json', row.rate_limit_json),
    maxConcurrency: row.max_concurrency,
    isOrdered: row.is_ordered === 1,
    circuitBreaker:
      row.circuit_breaker_json === null ? null : json<EndpointInput['circuitBreaker']>('circuit_breaker_json', row.circuit_breaker_json),
    isActive: row.is_active === 1,
    isOneOff: row.is_one_off === 1,
    testOf: row.test_of,
    isDeleted: row.deleted_at_ms !== null,
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
