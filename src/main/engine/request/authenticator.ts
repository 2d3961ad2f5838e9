import { Buffer } from 'node:buffer';
import { authHeaderOf } from '#shared/contract/auths.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { EndpointInput } from '#shared/contract/endpoints.ts';
import type { AttemptStep } from '#shared/contract/deliveries.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { assertKnownAuth, type AuthBook } from '../auth/book.ts';
import { expiryProblem } from '../auth/certificates.ts';
import { partOf, secretOf, type AuthConfig, type StoredPart } from '../auth/config.ts';
import { tlsOf } from '../auth/tls.ts';
import type { AccessToken, Tokens } from '../auth/tokens.ts';
import type { Clock } from '../base/ports.ts';
import { conflict, type Refusal } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { interruptedOutcome, plainOutcome } from '../http/outcome.ts';
import type { TlsCredentials } from '../http/sender.types.ts';
import { noVariables, type Variables } from '../templates/variables.ts';
import { resolvedAsFarAsKnown, type ResolvedTarget } from './resolve-target.ts';
import { keySecrets, withQueryKeys, type QueryKey } from './url-secrets.ts';

/** An endpoint with what its authentication adds: URL, headers, scheme and secrets as its requests have them. */
export interface AuthenticatedTarget extends ResolvedTarget {
  /** Keys that it put into the query of the URL. */
  readonly urlKeys: readonly QueryKey[];
  /** Headers that it writes; an access token is among them once it was fetched. */
  readonly authHeaders: readonly HeaderField[];
  /** The client's own side of TLS; null for that of the machine. */
  readonly tls: TlsCredentials | null;
  /** Whether the client shows a certificate. */
  readonly hasClientCertificate: boolean;
  /** Whether requests carry an access token that has not been fetched yet. */
  readonly needsToken: boolean;
  /** Whether scheme and secrets are those of the authentication, in place of the endpoint's own. */
  readonly isSignedByAuth: boolean;
}

/** An endpoint ready for a request, or why it is not, with what was done for it. */
export interface Ready {
  readonly target: AuthenticatedTarget;
  /** The access token that the request carries; null for none. */
  readonly token: AccessToken | null;
  readonly steps: readonly AttemptStep[];
  /** An outcome when there is nothing that could be sent. */
  readonly problem: Outcome | null;
}

/** Puts endpoints and their authentications together. */
export interface Authenticator {
  /** The same object for the same endpoint and authentication. Throws a Refusal CONFLICT when its authentication does not exist any more. */
  readonly of: (config: ResolvedTarget) => AuthenticatedTarget;
  /** The same, but for an endpoint whose authentication is gone it is the endpoint alone. */
  readonly asFarAsKnown: (config: ResolvedTarget) => AuthenticatedTarget;
  /**
   * The endpoint for one request, with an access token that is fetched where it is needed. Returns it at once where nothing has to be fetched.
   * Throws, or rejects with, a Refusal CONFLICT as `of` does.
   */
  readonly ready: (config: ResolvedTarget, timeoutMs: number) => Ready | Promise<Ready>;
  /** Forgets an access token that the receiver did not accept. */
  readonly refused: (config: EndpointConfig, token: AccessToken) => void;
}

interface AuthenticatorDeps {
  readonly auths: Pick<AuthBook, 'find'>;
  readonly tokens: Tokens;
  readonly clock: Pick<Clock, 'now'>;
}

export function createAuthenticator({ auths, tokens, clock }: AuthenticatorDeps): Authenticator {
  const withAuth = (config: ResolvedTarget, id: string): AuthenticatedTarget | null => {
    const auth = auths.find(id);
    if (auth === undefined) return null;
    const target = authenticated(config)(auth);
    const token = target.needsToken ? tokens.held(auth) : null;
    return token === null ? target : withToken(target)(token);
  };
  const of = (config: ResolvedTarget) => {
    if (config.authId === null) return alone(config);
    const target = withAuth(config, config.authId);
    if (target === null) throw missing(config);
    return target;
  };
  return {
    of,
    ready: (config, timeoutMs) => {
      const auth = config.authId === null ? undefined : auths.find(config.authId);
      if (auth === undefined) return { target: of(config), token: null, steps: [], problem: null };
      const target = authenticated(config)(auth);
      const expired = expiredCertificate(auth, clock.now());
      if (expired !== null) return { target, token: null, steps: [], problem: authOutcome(expired, 'CERT_HAS_EXPIRED') };
      if (!target.needsToken) return { target, token: null, steps: [], problem: null };
      const held = tokens.held(auth);
      if (held !== null) return { target: withToken(target)(held), token: held, steps: [], problem: null };
      return tokens.get(auth, timeoutMs).then(({ token, problem, reason, step }) => ({
        target: token === null ? target : withToken(target)(token),
        token,
        steps: step === null ? [] : [step],
        problem: problem === null ? null : tokenOutcome(problem, reason),
      }));
    },
    refused: (config, token) => {
      const auth = config.authId === null ? undefined : auths.find(config.authId);
      if (auth !== undefined) tokens.drop(auth, token);
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
  const signing = (config: EndpointConfig, variables = noVariables) => asFarAsKnown(resolvedAsFarAsKnown(config, variables));
  return {
    /** With the URL that a request with these variables had. */
    find: (id: string, variables?: Variables) => {
      const config = endpoints.find(id);
      return config === undefined ? undefined : signing(config, variables);
    },
    get: (id: string) => signing(endpoints.get(id)),
    listed: () => endpoints.listed().map((config) => signing(config)),
  };
}

const nothing = { urlKeys: [], authHeaders: [], tls: null, hasClientCertificate: false, needsToken: false, isSignedByAuth: false } as const;

const alone = remembered((config: ResolvedTarget): AuthenticatedTarget => ({ ...config, ...nothing }));

/** Attempts follow each other with the same endpoint and the same authentication, and what they are made from is cached by these objects. */
const authenticated = remembered((config: ResolvedTarget) => remembered((auth: AuthConfig) => apply(config, auth)));

/** What the authentication writes replaces what the endpoint would write in the same place, but for a signature that is to stay the endpoint's own. */
function apply(config: ResolvedTarget, auth: AuthConfig): AuthenticatedTarget {
  const signature = config.hasOwnSigning === true ? undefined : partOf(auth, 'signature');
  const written = auth.parts.flatMap(headerFieldOf);
  const isWritten = headerNameTest(auth.parts.flatMap((part) => authHeaderOf(part) ?? []));
  const others = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !isWritten(name)));
  const queryKeys = auth.parts.flatMap((part) => (part.kind === 'query' ? [{ name: part.name, value: secretOf(part) }] : []));
  return {
    ...config,
    url: withQueryKeys(config.url, queryKeys),
    headers: others(config.headers),
    retryHeaders: others(config.retryHeaders),
    secretHeaders: { ...others(config.secretHeaders), ...Object.fromEntries(written) },
    ...(signature === undefined ? {} : { signing: signature.signing, secrets: signature.secrets }),
    urlSecrets: [...config.urlSecrets, ...keySecrets(queryKeys)],
    urlKeys: queryKeys,
    authHeaders: written,
    tls: tlsOf(auth),
    hasClientCertificate: partOf(auth, 'mutual-tls') !== undefined,
    needsToken: partOf(auth, 'oauth2') !== undefined,
    isSignedByAuth: signature !== undefined,
  };
}

/** A target whose requests carry an access token. */
const withToken = remembered((target: AuthenticatedTarget) =>
  remembered((token: AccessToken): AuthenticatedTarget => ({
    ...target,
    needsToken: false,
    secretHeaders: { ...target.secretHeaders, Authorization: `Bearer ${token.text}` },
    authHeaders: [...target.authHeaders, ['Authorization', `Bearer ${token.text}`]],
  })),
);

function expiredCertificate(auth: AuthConfig, nowMs: number): string | null {
  const part = partOf(auth, 'mutual-tls');
  return part === undefined ? null : expiryProblem(part.certificate, nowMs);
}

/** Stopping the engine ends a fetch too; the attempt is then made again at the next start. */
function tokenOutcome(problem: string, reason: string | null): Outcome {
  return reason === 'interrupted' ? interruptedOutcome() : authOutcome(`No access token could be fetched: ${problem}`, reason);
}

/** The authentication is not ready, so nothing was sent; `why` is a sentence that says what to change. */
function authOutcome(why: string, reason: string | null): Outcome {
  return plainOutcome('auth', `Nothing was sent. ${why}`, reason);
}

function headerFieldOf(part: StoredPart): readonly HeaderField[] {
  const name = authHeaderOf(part);
  // A token is not known yet.
  return name === null || part.kind === 'oauth2' ? [] : [[name, headerText(part)]];
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
  return conflict('authId', message);
}
