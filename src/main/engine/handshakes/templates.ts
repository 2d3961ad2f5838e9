import { isJsonText } from '#shared/json/is-json-text.ts';
import { createHmac } from 'node:crypto';
import type { Handshake } from '#shared/contract/handshakes.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import { renderText, unreadTemplate } from '../templates/template.ts';
import { noVariables } from '../templates/variables.ts';

/** What the templates of a handshake may name. */
export interface HandshakeScope {
  /** 32 hexadecimal digits, new each time. */
  readonly challenge: string;
  /** A whole number, new each time. */
  readonly challengeNumber: number;
  /** HMAC-SHA256 of the challenge under the endpoint's secret as text; empty where it has none. */
  readonly challengeHmacHex: string;
  readonly challengeHmacBase64: string;
  readonly verifyToken: string;
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly timestampMs: number;
}

/** The values for one handshake; `random` has at least 16 bytes, and `secret` is null where the endpoint has none. */
export function handshakeScope(given: {
  readonly random: Uint8Array;
  readonly secret: string | null;
  readonly verifyToken: string;
  readonly nowMs: number;
}): HandshakeScope {
  const { random, secret, verifyToken, nowMs } = given;
  const bytes = Buffer.from(random);
  const challenge = bytes.toString('hex').slice(0, 32);
  const hmac = (encoding: 'hex' | 'base64') => (secret === null ? '' : createHmac('sha256', secret).update(challenge).digest(encoding));
  return {
    challenge,
    challengeNumber: 1_000_000_000 + (bytes.readUInt32BE(0) % 1_000_000_000),
    challengeHmacHex: hmac('hex'),
    challengeHmacBase64: hmac('base64'),
    verifyToken,
    timestamp: new Date(nowMs).toISOString(),
    timestampUnix: Math.floor(nowMs / 1000),
    timestampMs: nowMs,
  };
}

/** Each is rendered on the serving thread, and these limits allow some milliseconds. */
const bounds = { renderLimit: 500, memoryLimit: 20_000, outputLimit: 16_384 };

/** A template of a handshake with its values; `path` is its field. Throws a Refusal INPUT_INVALID for one that cannot be rendered. */
export function renderPart(source: string, path: string, scope: HandshakeScope): string {
  if (source.includes('{%'))
    throw invalid(path, 'This template has a tag ({% ... %}): handshakes take outputs only, such as {{ challenge }}.');
  if (!source.includes('{{')) return source;
  try {
    return renderText(unreadTemplate(source), scope, noVariables, bounds);
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : 'It makes too much text.';
    throw invalid(path, `${reason} It may name ${Object.keys(scope).join(', ')}.`);
  }
}

/** Texts of a handshake that are templates, with the field each stands in. */
export function templatesOf({ request, expect }: Handshake): readonly (readonly [path: string, source: string])[] {
  return [
    ...request.query.map(([, value], index) => [`request.query.${index}`, value] as const),
    ...Object.entries(request.headers).map(([name, value]) => [`request.headers.${name}`, value] as const),
    ...(request.body === null ? [] : [['request.body', request.body] as const]),
    ...expect.headers.flatMap(({ oneOf }, index) => oneOf.map((value) => [`expect.headers.${index}`, value] as const)),
    ...expect.bodies.map(({ value }, index) => [`expect.bodies.${index}`, value] as const),
  ];
}

/** Refuses a handshake whose templates cannot be rendered, or whose expected JSON is none; `path` is its field. */
export function assertHandshake(handshake: Handshake, path: string): void {
  const trial = handshakeScope({ random: new Uint8Array(16), secret: 'trial', verifyToken: 'trial', nowMs: 0 });
  for (const [field, source] of templatesOf(handshake)) renderPart(source, `${path}.${field}`, trial);
  for (const [index, { kind, value }] of handshake.expect.bodies.entries())
    if (kind === 'json' && !isJsonText(renderPart(value, '', trial)))
      throw invalid(`${path}.expect.bodies.${index}`, 'This is not JSON once it is rendered: correct it, or expect it as text.');
}
