import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId, Signing } from '#shared/contract/signing.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import { adyenBody, specialRequests, type Signed } from './special-requests.ts';

/** The origin under which receivers believe to be called. */
export const origin = 'https://receiver.example';
/** The id of the webhook where one is signed. */
export const webhookId = 'WH-19973857YW279700K';

/** A request for a receiver, with what a receiver should think of it. */
export interface JudgedRequest {
  readonly name: string;
  readonly isGenuine: boolean;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly secrets: readonly string[];
}

const jsonBody = Buffer.from('{ "id": "evt_1", "amount": 1.0, "path": "a\\/b", "name": "Zoë \\u00e9" }\r\n');
const formBody = Buffer.from('To=%2B1555&Body=+two+words+&Empty=&Tag=b&Tag=a&Tag=a&Na%C3%AFve=%E2%82%AC');
const binaryBody = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 37) % 256));

/** Schemes that sign inside a JSON body, so that they have no use for other bytes. */
const jsonOnly: ReadonlySet<SchemeId> = new Set(['linear', 'mailgun', 'adyen-payments']);
/** Schemes that sign the fields of a form. */
const formSchemes: ReadonlySet<SchemeId> = new Set(['twilio-form', 'mandrill']);
/** Schemes whose signature says nothing about the body. */
export const bodyless: ReadonlySet<SchemeId> = new Set(['gitlab-token', 'telegram', 'mailgun']);

/**
 * Options under which a scheme is judged. Limits of a few seconds would count how fast this machine is, so they are five
 * minutes here; without a clock of their own, receivers go by that of the machine.
 */
export function judgedOptions(scheme: SchemeId, extra: Readonly<Record<string, unknown>> = {}): Signing {
  const { toleranceSeconds } = schemeOf(scheme).info;
  const hasShortLimit = toleranceSeconds !== null && toleranceSeconds < 300;
  return parseOptions(scheme, {
    ...(scheme === 'paypal' ? { webhookId } : {}),
    ...(hasShortLimit ? { toleranceSeconds: 300 } : {}),
    ...extra,
  });
}

/** Requests of a scheme as the engine signs them, and damaged ones. `nowMs` is the clock of the receivers. */
export function judgedRequests(scheme: SchemeId, nowMs: number, extra: Readonly<Record<string, unknown>> = {}): readonly JudgedRequest[] {
  const options = judgedOptions(scheme, extra);
  const { makeSecret, publicKeyOf, sign, info } = schemeOf(scheme);
  const fresh = () => makeSecret(randomBytes(32), options);
  const [secret, previous, stranger] = [fresh(), fresh(), fresh()];
  const known = (text: string) => publicKeyOf?.(text, options) ?? text;
  const path = scheme === 'contentful' ? '/hooks/contentful' : '/hooks?to=a%3Ab%20c%27&n=1';
  const body = formSchemes.has(scheme) ? formBody : scheme === 'adyen-payments' ? adyenBody : jsonBody;
  const signedWith = (key: string, atMs = nowMs, bytes: Uint8Array = body, given: Signing = options): Signed => {
    const input = { options: given, secrets: [key], id: 'msg_2f1', nowMs: atMs, method: 'POST', url: `${origin}${path}`, body: bytes };
    const signed = sign(input);
    // HTTP Message Signatures cover it where the options say so, and every request has it.
    const length: readonly HeaderField[] = scheme === 'rfc9421' ? [['Content-Length', String(bytes.byteLength)]] : [];
    return { target: (signed.url ?? input.url).slice(origin.length), headers: [...signed.headers, ...length], body: signed.body ?? bytes };
  };
  const special = () =>
    specialRequests(scheme, options, signedWith(secret), known(secret), (more) =>
      signedWith(secret, nowMs, body, judgedOptions(scheme, { ...extra, ...more })),
    );
  const good = signedWith(secret);
  const judged = (name: string, isGenuine: boolean, request: Signed, secrets = [known(secret)]): JudgedRequest => ({
    name,
    isGenuine,
    method: 'POST',
    secrets,
    ...request,
  });
  const limit = 'toleranceSeconds' in options && options.toleranceSeconds !== undefined ? options.toleranceSeconds : info.toleranceSeconds;
  const awayMs = ((limit ?? 0) + 60) * 1000;
  const isTimed = limit !== null && !(scheme === 'custom' && options.scheme === 'custom' && options.timestampHeader === null);
  const isBodySigned = options.scheme !== 'rfc9421' || options.components.includes('content-digest');
  return [
    judged('as it was sent', true, good),
    judged('signed with the previous secret', true, signedWith(previous), [known(secret), known(previous)]),
    judged('signed with a secret of someone else', false, signedWith(stranger), [known(secret), known(previous)]),
    judged('without its headers', scheme === 'mailgun' || scheme === 'adyen-payments', { ...good, headers: [] }),
    ...(bodyless.has(scheme) ? [] : [judged('with one byte of the body changed', !isBodySigned, { ...good, body: changed(good.body) })]),
    ...(jsonOnly.has(scheme)
      ? []
      : [
          judged('with a body of bytes that are no text', true, signedWith(secret, nowMs, formSchemes.has(scheme) ? formBody : binaryBody)),
          judged('with an empty body', true, signedWith(secret, nowMs, new Uint8Array())),
        ]),
    ...(isTimed
      ? [
          judged('too old', false, signedWith(secret, nowMs - awayMs)),
          judged('too far in the future', false, signedWith(secret, nowMs + awayMs)),
        ]
      : [judged('a year old, in a scheme without a limit', true, signedWith(secret, nowMs - 31_536_000_000))]),
    ...special().map(({ name, isGenuine, request }) => judged(name, isGenuine, request)),
  ];
}

/** One letter of a body exchanged for another, so that JSON and forms stay what they are. */
function changed(body: Uint8Array): Uint8Array {
  const copy = Buffer.from(body);
  const at = copy.findLastIndex((byte) => byte >= 0x61 && byte < 0x7a);
  copy[at] = (copy[at] ?? 0) + 1;
  return copy;
}

/** A line of the runners' file: fields with tabs between them, bytes and texts in base64. */
export function runnerLine(file: string, { method, target, headers, body, secrets }: JudgedRequest): string {
  const fields = headers.map(([name, value]) => `${name}:${value}`).join('\n');
  const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64');
  return [file, method, target, base64(fields), base64(body), secrets.map(base64).join(',')].join('\t');
}

/** A name that packages of every language allow. */
export function packageName(scheme: string): string {
  return `s_${createHash('sha256').update(scheme).digest('hex').slice(0, 6)}_${scheme.replaceAll(/[^a-z0-9]/g, '_')}`;
}
