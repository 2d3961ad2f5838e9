import { endpointInput, type EndpointInput, type EndpointPatch } from '#shared/contract/endpoints.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { isSameHeader } from '#shared/text/headers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { maskedValue } from '#shared/masked-value.ts';
import { remembered } from '../base/remembered.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { unreadTemplate, type CompiledTemplate } from '../templates/template.ts';

/** A signing secret and until when it still signs; null for ever. */
export interface EndpointSecret {
  readonly secret: string;
  readonly expiresAtMs: number | null;
}

type PlainFields = Omit<EndpointInput, 'secret' | 'secretHeaders' | 'template'>;

/** An endpoint inside the engine: secrets in clear, template compiled. Never leaves the engine. */
export interface EndpointConfig extends PlainFields {
  readonly id: string;
  readonly secretHeaders: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly secrets: readonly EndpointSecret[];
  readonly template: CompiledTemplate | null;
  /** What its profile said when it was filled from it; null without one. */
  readonly profileBase: Pick<Profile, 'fields' | 'unsignedHeaders'> | null;
  readonly creator: string;
  /** A target that is not in the list, of one message or of a relay. */
  readonly isOneOff: boolean;
  /** The relay whose own target it is; null for every other. */
  readonly relayId: string | null;
  /** The id of the endpoint in the list that this is a copy of, made for a test. */
  readonly testOf: string | null;
  /** The id of the endpoint in the list whose secrets this may have, since it is a copy of that, changed or not; they are erased together. */
  readonly copyOf: string | null;
  /** Whether it signs by its own scheme, or not at all, whatever its authentication signs with; left out, that signs. */
  readonly hasOwnSigning?: boolean;
  /** Answers are read to this length; not kept over a restart. That of the sender when left out. */
  readonly answerLimitBytes?: number;
  readonly isDeleted: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

const plainNames = Object.keys(endpointInput.omit({ secret: true, secretHeaders: true, template: true }).shape) as (keyof PlainFields)[];

/** The fields of the contract that the engine has as they were given. Taken by name, so that nothing that is secret gets along. */
export function plainFieldsOf(config: PlainFields): PlainFields {
  return Object.fromEntries(plainNames.map((name) => [name, config[name]])) as unknown as PlainFields;
}

/** The secrets that sign at `nowMs`, newest first. */
export function activeSecrets(config: Pick<EndpointConfig, 'secrets'>, nowMs: number): readonly string[] {
  const { secrets } = config;
  if (secrets.every(({ expiresAtMs }) => expiresAtMs === null)) return lastingSecrets(secrets);
  return secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs).map(({ secret }) => secret);
}

/** Always the same list object for the same secrets, so that values derived from it can be cached. */
const lastingSecrets = remembered((secrets: readonly EndpointSecret[]): readonly string[] => secrets.map(({ secret }) => secret));

/** Extra headers of an endpoint, plain ones first. */
export function extraHeaders(config: Pick<EndpointConfig, 'headers' | 'secretHeaders'>): readonly HeaderField[] {
  return [...Object.entries(config.headers), ...Object.entries(config.secretHeaders)];
}

/** The endpoint with a patch applied; a given secret replaces all others. Throws a Refusal for a template that does not compile. */
export function withPatch(config: EndpointConfig, patch: EndpointPatch, nowMs: number): EndpointConfig {
  const { secretHeaders, secret, template, ...rest } = patch;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<EndpointConfig>;
  return {
    ...config,
    ...given,
    secretHeaders: mergeSecretHeaders(config.secretHeaders, secretHeaders ?? {}),
    // A secret whose overlap has ended no longer signs, so there is no reason to keep it.
    secrets:
      secret === undefined
        ? config.secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs)
        : [{ secret, expiresAtMs: null }],
    template: template === undefined ? config.template : template === null ? null : unreadTemplate(template),
    updatedAtMs: nowMs,
  };
}

function mergeSecretHeaders(
  kept: EndpointConfig['secretHeaders'],
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = new Map(Object.entries(kept));
  for (const [name, value] of Object.entries(changes)) {
    for (const other of merged.keys()) if (isSameHeader(other, name)) merged.delete(other);
    if (value !== null) merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

type Confidential = Pick<EndpointConfig, 'secretHeaders' | 'secrets'>;

/**
 * Header fields fit to keep and show: the values of secret headers, and a token that is the signing secret itself, give way
 * to their fingerprint.
 */
export function maskSecretHeaders(fields: readonly HeaderField[], config: Confidential): readonly HeaderField[] {
  const isSecret = secretFieldTest(config);
  return fields.some(isSecret) ? fields.map((field) => (isSecret(field) ? [field[0], maskOf(field[1])] : field)) : fields;
}

/** The fields with what {@link maskSecretHeaders} hid of the signing secrets, as far as the endpoint still has them. */
export function unmaskTokens(fields: readonly HeaderField[], { secrets }: Pick<EndpointConfig, 'secrets'>): readonly HeaderField[] {
  const tokens = new Map(secrets.map(({ secret }) => [maskOf(secret), secret]));
  return fields.map(([name, value]) => [name, tokens.get(value) ?? value]);
}

const secretFieldTest = remembered(({ secretHeaders, secrets }: Confidential) => {
  const hidden = new Map(Object.entries(secretHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  return ([name, value]: HeaderField): boolean =>
    secrets.some(({ secret }) => secret === value) || (hidden.size > 0 && hidden.get(name.toLowerCase()) === value);
});

function maskOf(value: string): string {
  return maskedValue(fingerprintOf(value));
}
