import { Buffer } from 'node:buffer';
import { authHeaderOf } from '#shared/contract/auths.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { EndpointInput } from '#shared/contract/endpoints.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { assertKnownAuth, type AuthBook } from '../auth/book.ts';
import { partOf, secretOf, type AuthConfig, type StoredPart } from '../auth/config.ts';
import { Refusal } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { withQueryKeys, type QueryKey } from './query-keys.ts';

/** An endpoint with what its authentication adds: URL, headers, scheme and secrets as its requests have them. */
export interface AuthenticatedTarget extends EndpointConfig {
  /** Keys in the URL, which are masked wherever it is kept or shown. */
  readonly queryKeys: readonly QueryKey[];
}

/** Puts endpoints and their authentications together. */
export interface Authenticator {
  /** The same object for the same endpoint and authentication. Throws a Refusal CONFLICT when its authentication does not exist any more. */
  readonly of: (config: EndpointConfig) => AuthenticatedTarget;
  /** The same, but for an endpoint whose authentication is gone it is the endpoint alone. */
  readonly asFarAsKnown: (config: EndpointConfig) => AuthenticatedTarget;
}

export function createAuthenticator(auths: Pick<AuthBook, 'find'>): Authenticator {
  const withAuth = (config: EndpointConfig, id: string): AuthenticatedTarget | null => {
    const auth = auths.find(id);
    return auth === undefined ? null : authenticated(config)(auth);
  };
  return {
    of: (config) => {
      if (config.authId === null) return alone(config);
      const target = withAuth(config, config.authId);
      if (target === null) throw missing(config);
      return target;
    },
    asFarAsKnown: (config) => (config.authId === null ? null : withAuth(config, config.authId)) ?? alone(config),
  };
}

/**
 * A new endpoint without a scheme of its own, where its authentication signs and no scheme or secret was asked for beside it. Throws a Refusal for
 * an authentication that does not exist; `path` stands before the field's name.
 */
export function withoutUnusedSigning<Filled extends Pick<EndpointInput, 'authId' | 'signing' | 'secret'>>(
  auths: Pick<AuthBook, 'find'>,
  filled: Filled,
  given: { readonly signing?: unknown; readonly secret?: unknown },
  path: string,
): Filled {
  assertKnownAuth(auths, filled.authId, path);
  const auth = filled.authId === null ? undefined : auths.find(filled.authId);
  const isSigned = auth !== undefined && partOf(auth, 'signature') !== undefined;
  return isSigned && given.signing === undefined && given.secret === undefined ? { ...filled, signing: null } : filled;
}

/** The endpoints with the scheme and secrets that their requests are signed with, wherever these come from. */
export function signingEndpoints(
  endpoints: Pick<EndpointBook, 'find' | 'get' | 'listed'>,
  { asFarAsKnown }: Pick<Authenticator, 'asFarAsKnown'>,
) {
  return {
    find: (id: string) => {
      const config = endpoints.find(id);
      return config === undefined ? undefined : asFarAsKnown(config);
    },
    get: (id: string) => asFarAsKnown(endpoints.get(id)),
    listed: () => endpoints.listed().map(asFarAsKnown),
  };
}

const noKeys: readonly QueryKey[] = [];

const alone = remembered((config: EndpointConfig): AuthenticatedTarget => ({ ...config, queryKeys: noKeys }));

/** Attempts follow each other with the same endpoint and the same authentication, and what they are made from is cached by these objects. */
const authenticated = remembered((config: EndpointConfig) => remembered((auth: AuthConfig) => apply(config, auth)));

/** What the authentication writes replaces what the endpoint would write in the same place. */
function apply(config: EndpointConfig, auth: AuthConfig): AuthenticatedTarget {
  const signature = partOf(auth, 'signature');
  const written = auth.parts.flatMap(headerFieldOf);
  const isWritten = headerNameTest(written.map(([name]) => name));
  const others = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !isWritten(name)));
  const queryKeys = auth.parts.flatMap((part) => (part.kind === 'query' ? [{ name: part.name, value: secretOf(part) }] : []));
  return {
    ...config,
    url: withQueryKeys(config.url, queryKeys),
    headers: others(config.headers),
    secretHeaders: { ...others(config.secretHeaders), ...Object.fromEntries(written) },
    ...(signature === undefined ? {} : { signing: signature.signing, secrets: signature.secrets }),
    queryKeys,
  };
}

function headerFieldOf(part: StoredPart): readonly HeaderField[] {
  const name = authHeaderOf(part);
  return name === null ? [] : [[name, headerText(part)]];
}

function headerText(part: StoredPart): string {
  switch (part.kind) {
    case 'basic':
      return `Basic ${Buffer.from(`${part.username}:${secretOf(part)}`, 'utf8').toString('base64')}`;
    case 'bearer':
      return `Bearer ${secretOf(part)}`;
    default:
      return secretOf(part);
  }
}

function missing({ name }: EndpointConfig): Refusal<'CONFLICT'> {
  const message = `The authentication of ${name} was deleted. Choose another one for it, or none.`;
  return new Refusal('CONFLICT', message, { issues: [{ path: 'authId', message }] });
}
