import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import { signsToken, type HandshakeAnswer, type TokenPlace } from '#shared/handshakes/answers.ts';
import { headerValue } from '#shared/text/headers.ts';
import type { Answer } from '../answer.ts';
import type { AnswerFacts } from './facts.ts';

/** What a bin has for its handshakes. */
export interface HandshakeMeans {
  /** The secret that a handshake may be answered with an HMAC under; null without one. */
  readonly secret: string | null;
  readonly verifyToken: string | null;
}

/** What becomes of a request that asks for a handshake: its answer, a refusal, or why it is treated as any other request. */
export type HandshakeResult =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'passed'; readonly why: string };

/** The first handshake that a request asks for, of those that a bin answers; null for any other request. */
export function handshakeIn(handshakes: readonly HandshakeAnswer[], facts: AnswerFacts): HandshakeAnswer | null {
  return handshakes.find(({ asks }) => isAsked(asks, facts)) ?? null;
}

function isAsked({ methods, query, headers, json, body }: HandshakeAnswer['asks'], facts: AnswerFacts): boolean {
  if (!methods.includes(facts.request.method)) return false;
  if (query !== undefined) {
    const given = new URLSearchParams(facts.matched.query);
    const has = ([name, values]: readonly [string, readonly string[] | null]) =>
      values === null ? given.has(name) : values.includes(given.get(name) ?? '');
    if (!Object.entries(query).every(has)) return false;
  }
  const hasHeader = ([name, value]: readonly [string, string | null]) => {
    const came = headerValue(facts.request.headers, name);
    return came !== null && (value === null || came === value);
  };
  if (!Object.entries(headers ?? {}).every(hasHeader)) return false;
  if (!Object.entries(json ?? {}).every(([name, value]) => memberAt(facts.json, [name]) === value)) return false;
  return body === undefined || (facts.small !== null && facts.small.byteLength < 200 && body.test(textOf(facts.small)));
}

/** The handshake by which anybody gets the signature of a request whose body is that text; null for any other body. */
export function signedForAnybody(handshakes: readonly HandshakeAnswer[], { small }: Pick<AnswerFacts, 'small'>): HandshakeAnswer | null {
  const signs = handshakes.filter((each) => signsToken(each) && !each.isSigned);
  if (signs.length === 0 || small === null || small.byteLength > longestTokenBytes) return null;
  const text = textOf(small);
  return signs.find(({ token }) => token?.form.test(text) === true) ?? null;
}

/** No form of a token that is signed is longer. */
const longestTokenBytes = 4096;

/** Answers a handshake that a request asks for. */
export function answerHandshake(handshake: HandshakeAnswer, facts: AnswerFacts, { secret, verifyToken }: HandshakeMeans): HandshakeResult {
  const { title, token: place, isSigned, hasVerifyToken, answer, remark } = handshake;
  if (isSigned && facts.matched.verdict !== 'valid')
    return { kind: 'passed', why: `${title} is answered only where the signature is valid, and this one is not.` };
  const token = place === null ? '' : tokenAt(place, facts);
  if (token === null) return { kind: 'passed', why: `It asks for ${title}, but what it sends for that is missing or has another form.` };
  if (secret === null && signsToken(handshake))
    return { kind: 'passed', why: `${title} needs the secret of the bin, and it has none: save one.` };
  if (hasVerifyToken === true && verifyToken !== null) {
    const given = new URLSearchParams(facts.matched.query).get('hub.verify_token') ?? '';
    if (!isSame(given, verifyToken))
      return { kind: 'refused', why: `It asks for ${title}, and its hub.verify_token is not that of the bin.` };
  }
  const fill = filler(token, secret);
  return {
    kind: 'answered',
    answer: answerOf(answer, fill),
    why: `${answeredWhy(title, hasVerifyToken === true && verifyToken === null)}${remark === undefined ? '' : ` ${remark} ${token}`}`,
  };
}

function answeredWhy(title: string, isAnyToken: boolean): string {
  return `It asks for ${title}, which this bin answers.${isAnyToken ? ' The bin has no verify token, so any was accepted.' : ''}`;
}

function answerOf({ status, contentType, headers, body }: HandshakeAnswer['answer'], fill: (text: string) => string): Answer {
  const given: HeaderField[] = Object.entries(headers ?? {}).map(([name, value]) => [name, fill(value)]);
  const type: HeaderField[] = contentType === null ? [] : [['Content-Type', contentType]];
  // What comes back is what somebody sent: no browser may take it for a page.
  const safe: HeaderField[] = body === '' ? [] : [['X-Content-Type-Options', 'nosniff']];
  return { status, headers: [...given, ...type, ...safe], body: Buffer.from(fill(body), 'utf8'), delayMs: 0, isLast: false, fault: null };
}

function tokenAt(place: TokenPlace, facts: AnswerFacts): string | null {
  const value = 'path' in place ? memberAt(facts.json, place.path) : namedAt(place, facts);
  return typeof value === 'string' && place.form.test(value) ? value : null;
}

function namedAt({ in: where, name }: Extract<TokenPlace, { readonly name: string }>, { request, matched }: AnswerFacts): string | null {
  return where === 'query' ? new URLSearchParams(matched.query).get(name) : headerValue(request.headers, name);
}

function filler(token: string, secret: string | null): (text: string) => string {
  const hmac = (encoding: 'hex' | 'base64') => (secret === null ? '' : createHmac('sha256', secret).update(token, 'utf8').digest(encoding));
  return (text) =>
    text.replace(/\{(token|tokenJson|hmacHex|hmacBase64)\}/g, (_whole, name: string) => {
      if (name === 'token') return token;
      if (name === 'tokenJson') return JSON.stringify(token);
      return hmac(name === 'hmacHex' ? 'hex' : 'base64');
    });
}

function memberAt(json: unknown, path: readonly (string | number)[]): unknown {
  let value = json;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function isSame(given: string, wanted: string): boolean {
  const hash = (text: string) => createHmac('sha256', 'hub.verify_token').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
