import { headerNameTest } from '#shared/text/headers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { GivenHead } from '../base/given-head.ts';
import { extraHeaders, type EndpointConfig } from '../endpoints/config.ts';
import type { WireRequest } from '../http/sender.types.ts';
import { attemptScope, type AttemptFacts } from '../templates/attempt-scope.ts';
import { withQueryKeys, type QueryKey } from './url-secrets.ts';
import { headerTemplates, renderHeader, type HeaderScope, type HeaderTemplate } from '../templates/header-value.ts';
import type { SecretOutput } from '../templates/secret-outputs.ts';
import type { Variables } from '../templates/variables.ts';
import { schemeOf } from '../signing/registry.ts';
import { remembered } from '../base/remembered.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { Signed } from '../signing/scheme.ts';

/** Sent with every request unless the endpoint's own headers say otherwise. */
const userAgent = 'Hookyard/0.1';

/** The part of an endpoint that its requests depend on, with the variables that its headers' templates take. */
export interface RequestTarget extends Pick<
  EndpointConfig,
  'method' | 'url' | 'contentType' | 'headers' | 'retryHeaders' | 'secretHeaders' | 'metaHeaders' | 'signing'
> {
  readonly variables: Variables;
  /** Keys that its authentication put into the URL. */
  readonly urlKeys?: readonly QueryKey[];
  /** Headers that its authentication writes. */
  readonly authHeaders?: readonly HeaderField[];
}

/** The message of a request, and which attempt of which delivery it is. */
export interface OutgoingMessage extends AttemptFacts {
  readonly id: string;
  readonly body: Uint8Array;
  readonly nowMs: number;
  readonly secrets: readonly string[];
  readonly deliveryId: string;
  readonly eventType: string;
  /** Method and headers that the message brings along; without it the target's fields make them. */
  readonly head?: GivenHead | null;
}

export interface BuiltRequest {
  readonly request: WireRequest;
  readonly signed: Signed | null;
  readonly fingerprints: readonly string[];
  /** Header fields that usually only this delivery's requests have: a signature over its content, its ids. */
  readonly marks: readonly HeaderField[];
  /** Header fields with a value from a secret variable, and what is kept and shown of them. */
  readonly hiddenFields: readonly HiddenField[];
}

/** A header field that must not be kept or shown as it was sent. */
export interface HiddenField {
  readonly name: string;
  readonly value: string;
  readonly shown: string;
  /** What secret variables brought in. */
  readonly secrets: readonly SecretOutput[];
}

/**
 * The request of one attempt: body as rendered, content type and user agent, the endpoint's headers in their order, at a retry
 * followed by those of retries, then those that name delivery and attempt, then the signature over exactly these bytes. The same function serves preview and sending, so they cannot differ.
 */
export function buildRequest(target: RequestTarget, message: OutgoingMessage): BuiltRequest {
  return message.head == null ? ownRequest(target, message) : givenRequest(target, message, message.head);
}

function ownRequest(target: RequestTarget, message: OutgoingMessage): BuiltRequest {
  // A GET has no body, so an empty body is signed.
  const body = target.method === 'GET' ? new Uint8Array() : message.body;
  const signed = sign(target, { ...message, body }, target.method);
  const { withBody, withoutBody, templates } = message.retry > 0 ? retryHeaders(target) : standingHeaders(target);
  const { fields: standing, hidden } = rendered(body.byteLength > 0 ? withBody : withoutBody, templates, message, target.variables);
  const headers = laidOver(laidOver(standing, metaFields(target, message)), signed?.headers ?? []);
  return {
    ...built(message, { method: target.method, url: target.url, headers, body }, signed, marksOf(target, message, signed)),
    hiddenFields: hidden,
  };
}

/** The given headers as they are; those of the authentication, where asked for, and a signature take the place of those that they replace. */
function givenRequest(endpoint: RequestTarget, message: OutgoingMessage, head: GivenHead): BuiltRequest {
  const { method, isSigned } = head;
  const { body } = message;
  const target = head.target === undefined ? endpoint : { ...endpoint, url: urlAt(endpoint, head.target) };
  const signed = isSigned ? sign(target, message, method) : null;
  const added = addedFields(endpoint, head);
  const headers = added.length === 0 ? head.headers : laidInPlace(head.headers, added);
  const written = signed === null ? headers : laidInPlace(headers, signed.headers);
  return built(message, { method, url: target.url, headers: written, body }, signed, signatureMarks(signed));
}

/** What the endpoint adds to a given head. Its secret headers have those of its authentication among them, so each comes once. */
function addedFields(
  { secretHeaders, authHeaders = [] }: RequestTarget,
  { hasSecretHeaders, isAuthenticated }: GivenHead,
): readonly HeaderField[] {
  if (hasSecretHeaders === true) return Object.entries(secretHeaders);
  return isAuthenticated === true ? authHeaders : [];
}

/** The URL of an endpoint with another path and query; what its authentication put there stays. */
function urlAt({ url, urlKeys = [] }: RequestTarget, pathAndQuery: string): string {
  return withQueryKeys(`${new URL(url).origin}${pathAndQuery}`, urlKeys);
}

function built(message: OutgoingMessage, unsigned: WireRequest, signed: Signed | null, marks: readonly HeaderField[]): BuiltRequest {
  return {
    // Some schemes put the signature into the body, or a digest of the body into the URL.
    request: { ...unsigned, url: signed?.url ?? unsigned.url, body: signed?.body ?? unsigned.body },
    signed,
    fingerprints: signed === null ? [] : fingerprintsOf(message.secrets),
    marks,
    hiddenFields: [],
  };
}

function metaFields({ metaHeaders }: RequestTarget, { deliveryId, attempt, eventType }: OutgoingMessage): readonly HeaderField[] {
  const { deliveryId: idName, attempt: attemptName, eventType: typeName } = metaHeaders;
  // This runs for every attempt, and most endpoints name none.
  if (idName === null && attemptName === null && typeName === null) return [];
  const fields: readonly (readonly [string | null, string])[] = [
    [idName, deliveryId],
    [attemptName, String(attempt)],
    [typeName, eventType],
  ];
  return fields.flatMap(([name, value]) => (name === null ? [] : [[name, value] as const]));
}

/** A token signs nothing and is the same in every request. */
function signatureMarks(signed: Signed | null): readonly HeaderField[] {
  return signed === null || signed.signed.bytes.byteLength === 0 ? [] : signed.headers;
}

function marksOf({ metaHeaders }: RequestTarget, { deliveryId }: OutgoingMessage, signed: Signed | null): readonly HeaderField[] {
  const signature = signatureMarks(signed);
  return metaHeaders.deliveryId === null ? signature : [...signature, [metaHeaders.deliveryId, deliveryId]];
}

function sign(target: RequestTarget, message: OutgoingMessage, method: string): Signed | null {
  if (target.signing === null) return null;
  return schemeOf(target.signing.scheme).sign({
    options: target.signing,
    secrets: message.secrets,
    id: message.id,
    nowMs: message.nowMs,
    method,
    url: target.url,
    body: message.body,
  });
}

/** The headers of every request to an endpoint: content type and user agent unless its own headers replace them, then its own. */
const standingHeaders = remembered((target: RequestTarget) => {
  const own = extraHeaders(target);
  const agent: readonly HeaderField[] = [['User-Agent', userAgent]];
  const templates = headerTemplates(target.headers);
  return { withBody: laidOver([['Content-Type', target.contentType], ...agent], own), withoutBody: laidOver(agent, own), templates };
});

/** The same for a retry. */
const retryHeaders = remembered((target: RequestTarget) => {
  const standing = standingHeaders(target);
  const ofRetries = Object.entries(target.retryHeaders);
  if (ofRetries.length === 0) return standing;
  return {
    withBody: laidOver(standing.withBody, ofRetries),
    withoutBody: laidOver(standing.withoutBody, ofRetries),
    templates: new Map([
      // One that is replaced by a plain value must not be rendered in its place.
      ...[...standing.templates].filter(([name]) => target.retryHeaders[name] === undefined),
      ...headerTemplates(target.retryHeaders, 'retryHeaders'),
    ]),
  };
});

/** Fields with the values of those that are templates. */
function rendered(
  fields: readonly HeaderField[],
  templates: ReadonlyMap<string, HeaderTemplate>,
  message: OutgoingMessage,
  variables: Variables,
): { readonly fields: readonly HeaderField[]; readonly hidden: readonly HiddenField[] } {
  if (templates.size === 0) return { fields, hidden: [] };
  const scope = headerScope(message);
  const hidden: HiddenField[] = [];
  const written = fields.map(([name, text]): HeaderField => {
    const template = templates.get(name);
    if (template === undefined) return [name, text];
    const { value, shown, secrets } = renderHeader(name, template, scope, variables);
    if (shown !== null) hidden.push({ name, value, shown, secrets });
    return [name, value];
  });
  return { fields: written, hidden };
}

function headerScope({ id, eventType, deliveryId, nowMs, ...attempt }: OutgoingMessage): HeaderScope {
  return {
    ...attemptScope(attempt, nowMs),
    id,
    type: eventType,
    deliveryId,
    timestamp: new Date(nowMs).toISOString(),
    timestampUnix: Math.floor(nowMs / 1000),
    timestampMs: nowMs,
  };
}

const fingerprintsOf = remembered((secrets: readonly string[]) => secrets.map(fingerprintOf));

/** Fields with later ones after them, which replace those of the same name. */
function laidOver(fields: readonly HeaderField[], later: readonly HeaderField[]): readonly HeaderField[] {
  if (later.length === 0) return fields;
  const isReplaced = headerNameTest(later.map(([name]) => name));
  return [...fields.filter(([name]) => !isReplaced(name)), ...later];
}

/** Fields with later ones in the place of the first of the same name, and the rest of them after all. */
function laidInPlace(fields: readonly HeaderField[], later: readonly HeaderField[]): readonly HeaderField[] {
  const isReplaced = headerNameTest(later.map(([name]) => name));
  const placed = new Set<HeaderField>();
  const headers = fields.flatMap((field) => {
    if (!isReplaced(field[0])) return [field];
    const instead = later.filter((one) => !placed.has(one) && one[0].toLowerCase() === field[0].toLowerCase());
    for (const one of instead) placed.add(one);
    return instead;
  });
  return [...headers, ...later.filter((one) => !placed.has(one))];
}
