import { Buffer } from 'node:buffer';
import type { Handshake } from '#shared/contract/handshakes.ts';
import { headerNameTest } from '#shared/text/headers.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { activeSecrets, type EndpointConfig } from '../endpoints/config.ts';
import { invalid } from '../base/refusal.ts';
import { withQueryKeys } from '../request/url-secrets.ts';
import { freshSecret } from '../signing/usable-secret.ts';
import type { ExpectedAnswer } from './judge.ts';
import { renderPart, templatesOf, type HandshakeScope } from './templates.ts';

/** A handshake that is about to be performed. */
export interface PlannedHandshake {
  /** The endpoint, changed so that its request is that of the handshake. */
  readonly target: EndpointConfig;
  readonly body: Uint8Array;
  readonly expected: ExpectedAnswer;
}

/** An answer to a handshake is short, and a longer one is read on by no system. */
const answerLimitBytes = 65_536;

/**
 * The request of a handshake, and what its answer must be. `ready` is the endpoint with the scheme and secrets of its authentication.
 * Throws a Refusal INPUT_INVALID where the endpoint has no secret but the handshake needs one.
 */
export function planHandshake(
  handshake: Handshake,
  config: EndpointConfig,
  ready: EndpointConfig,
  scope: HandshakeScope,
): PlannedHandshake {
  const { request, expect } = handshake;
  const needsSecret = request.signed === 'otherKey' || templatesOf(handshake).some(([, source]) => source.includes('challengeHmac'));
  if (needsSecret && ready.secrets.length === 0)
    throw invalid(
      'handshake',
      `${handshake.title} needs the secret of the endpoint, and ${config.name} does not sign: choose a signing scheme.`,
    );
  const render = (source: string, field: string) => renderPart(source, field, scope);
  const query = request.query.map(([name, value]) => [name, render(value, 'request.query')] as const);
  const body = request.body === null ? '' : render(request.body, 'request.body');
  return {
    target: {
      ...config,
      ...signingOf(handshake, config, ready),
      // Endpoints have fewer methods by the contract, but this copy is not listed.
      method: request.method as EndpointConfig['method'],
      url: withQuery(config.url, query),
      contentType: request.contentType ?? config.contentType,
      headers: headersOf(handshake, config, render),
      retryHeaders: {},
      secretHeaders: request.hasOwnHeaders ? config.secretHeaders : {},
      metaHeaders: request.hasOwnHeaders ? config.metaHeaders : { deliveryId: null, attempt: null, eventType: null },
      template: null,
      bodyStyle: null,
      bodyPerAttempt: false,
      successRule: expect.statuses,
      timeoutMs: expect.withinMs,
      redirects: 'refuse',
      answerLimitBytes,
    },
    body: Buffer.from(body, 'utf8'),
    expected: {
      statuses: expect.statuses,
      headers: expect.headers.map(({ name, oneOf }) => ({ name, oneOf: oneOf.map((value) => render(value, 'expect.headers')) })),
      contentType: expect.contentType,
      bodies: expect.bodies.map(({ kind, value }) => ({ kind, value: render(value, 'expect.bodies') })),
    },
  };
}

/** The secret that a handshake may ask the receiver to prove knowledge of: the newest one that signs. */
export function handshakeSecret(ready: EndpointConfig, nowMs: number): string | null {
  return activeSecrets(ready, nowMs)[0] ?? null;
}

/** A URL with parameters added to its query. One that names variables is text until they have values. */
function withQuery(url: string, query: readonly (readonly [name: string, value: string])[]): string {
  if (query.length === 0) return url;
  if (hasOutputs(url))
    return withQueryKeys(
      url,
      query.map(([name, value]) => ({ name, value })),
    );
  const asked = new URL(url);
  for (const [name, value] of query) asked.searchParams.append(name, value);
  return asked.href;
}

function headersOf(
  { request }: Handshake,
  { headers }: EndpointConfig,
  render: (source: string, field: string) => string,
): Record<string, string> {
  const given = Object.entries(request.headers).map(([name, value]) => [name, render(value, 'request.headers')] as const);
  // A request without a body has no content type by itself.
  const type = request.body === null && request.contentType !== null ? [['Content-Type', request.contentType] as const] : [];
  const isReplaced = headerNameTest([...given, ...type].map(([name]) => name));
  const kept = Object.entries(headers).filter(
    ([name]) => !isReplaced(name) && (request.hasOwnHeaders || name.toLowerCase() === 'user-agent'),
  );
  return Object.fromEntries([...kept, ...type, ...given]);
}

function signingOf(
  { request }: Handshake,
  { authId }: EndpointConfig,
  { signing, secrets }: EndpointConfig,
): Pick<EndpointConfig, 'signing' | 'secrets' | 'authId' | 'hasOwnSigning'> {
  // The signature is that of the handshake, also where an authentication is left out, or would sign itself.
  const shared = { authId: request.hasOwnHeaders ? authId : null, hasOwnSigning: true };
  if (request.signed === 'none') return { ...shared, signing: null, secrets: [] };
  if (request.signed === 'otherKey' && signing !== null)
    return { ...shared, signing, secrets: [{ secret: freshSecret(signing), expiresAtMs: null }] };
  return { ...shared, signing, secrets };
}
