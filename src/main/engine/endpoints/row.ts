import { endpointInput, type EndpointInput } from '#shared/contract/endpoints.ts';
import { profileFields } from '#shared/contract/profiles.ts';
import { storedSigning } from '../signing/options.ts';
import type { Vault } from '../base/ports.ts';
import type { EndpointRow } from '../store/schema.ts';
import { readJson } from '../store/damage.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import { unreadTemplate } from '../templates/template.ts';
import { plainFieldsOf, type EndpointConfig, type EndpointSecret } from './config.ts';

type NewRow = Omit<EndpointRow, 'seq'>;

/** Fields with a column of their own, since a query reads them or the vault seals them; all others share `config_json`. */
const columns = {
  name: true,
  url: true,
  description: true,
  events: true,
  retryPolicy: true,
  isActive: true,
  secret: true,
  secretHeaders: true,
} as const;
type Shared = Omit<EndpointInput, keyof typeof columns> & Pick<EndpointConfig, 'hasOwnSigning'>;

/** For fields that were added after a row was written. */
const defaults: Shared = endpointInput.omit(columns).parse({});

/** An endpoint as its table row, secrets sealed. */
export function toRow(config: EndpointConfig, vault: Vault): NewRow {
  const { name, url, description, events, retryPolicy, isActive, ...rest } = plainFieldsOf(config);
  // Written only where it is so, so that the rows of others stay what they were.
  const ownSigning = config.hasOwnSigning === true ? { hasOwnSigning: true } : {};
  const shared: Shared = { ...rest, ...ownSigning, template: config.template?.source ?? null };
  return {
    id: config.id,
    name,
    url,
    description,
    events_json: JSON.stringify(events),
    retry_policy_json: JSON.stringify(retryPolicy),
    config_json: JSON.stringify(shared),
    secret_headers_sealed: sealJson(vault, config.secretHeaders),
    secrets_sealed: sealJson(vault, config.secrets),
    is_active: Number(isActive),
    is_one_off: Number(config.isOneOff),
    relay_id: config.relayId,
    test_of: config.testOf,
    copy_of: config.copyOf,
    profile_base_json: config.profileBase === null ? null : JSON.stringify(config.profileBase),
    creator: config.creator,
    created_at_ms: config.createdAtMs,
    updated_at_ms: config.updatedAtMs,
    deleted_at_ms: null,
  };
}

/** Reads an endpoint from its table row. */
export function fromRow(row: NewRow, vault: Vault): EndpointConfig {
  const json = <T>(column: 'config_json' | 'events_json' | 'retry_policy_json') =>
    readJson<T>(row[column], { table: 'endpoints', column, row: row.id });
  const { template, signing, ...shared }: Shared = { ...defaults, ...json<Partial<Shared>>('config_json') };
  return {
    ...shared,
    id: row.id,
    name: row.name,
    url: row.url,
    description: row.description,
    events: json<string[]>('events_json'),
    retryPolicy: json<EndpointInput['retryPolicy']>('retry_policy_json'),
    signing: storedSigning(signing),
    template: template === null ? null : unreadTemplate(template),
    secretHeaders: openJson<Record<string, string>>(vault, row.secret_headers_sealed),
    secrets: openJson<EndpointSecret[]>(vault, row.secrets_sealed),
    isActive: row.is_active === 1,
    isOneOff: row.is_one_off === 1,
    relayId: row.relay_id,
    testOf: row.test_of,
    copyOf: row.copy_of,
    isDeleted: row.deleted_at_ms !== null,
    profileBase: row.profile_base_json === null ? null : profileBaseOf(row.profile_base_json),
    creator: row.creator,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** Null where it is not what a profile can say any more: then nothing is told of the profile until the endpoint is filled from it again. */
function profileBaseOf(text: string): EndpointConfig['profileBase'] {
  const { fields, unsignedHeaders } = JSON.parse(text) as { readonly fields: unknown; readonly unsignedHeaders: Record<string, string> };
  const read = profileFields.safeParse(fields);
  return read.success ? { fields: read.data, unsignedHeaders } : null;
}
