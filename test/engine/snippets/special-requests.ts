import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId, Signing } from '#shared/contract/signing.ts';

/** A request as it was signed. */
export interface Signed {
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/** A change to a signed request, with what a receiver should think of the result. */
export interface Special {
  readonly name: string;
  readonly isGenuine: boolean;
  readonly request: Signed;
}

/** What is signed of a scheme, by the key that receivers know. */
export type Sign = (options: Readonly<Record<string, unknown>>) => Signed;

/** Two items of Adyen's payment webhooks, one with fields missing, and with fields that are not signed. */
export const adyenBody = Buffer.from(
  JSON.stringify({
    live: 'false',
    notificationItems: [
      {
        NotificationRequestItem: {
          additionalData: { cardSummary: '7777' },
          reason: '033899:1111',
          amount: { currency: 'EUR', value: 113_000 },
          eventCode: 'AUTHORISATION',
          merchantAccountCode: 'Zoë:Shop\\1',
          success: 'true',
          pspReference: 'ab7914073381342284',
        },
      },
      {
        NotificationRequestItem: {
          additionalData: {},
          amount: {},
          eventCode: 'REFUND',
          success: 'false',
          originalReference: 'x1',
          pspReference: 'cde',
        },
      },
    ],
  }),
);

/** Requests that only some schemes know: forged tokens, other components, items of which one is unsigned. */
export function specialRequests(scheme: SchemeId, options: Signing, good: Signed, publicKey: string, sign: Sign): readonly Special[] {
  if (scheme === 'plaid') return ofPlaid(good, publicKey);
  if (scheme === 'adyen-payments') return ofAdyen(good);
  return options.scheme === 'rfc9421' ? ofMessage(good, options.label, sign) : [];
}

function ofPlaid(good: Signed, publicKey: string): readonly Special[] {
  const [head = '', claims = '', signature = ''] = (good.headers[0]?.[1] ?? '').split('.');
  const base64url = (text: string) => Buffer.from(text).toString('base64url');
  const withToken = (...parts: readonly string[]): Signed => ({ ...good, headers: [['Plaid-Verification', parts.join('.')]] });
  const symmetric = base64url('{"alg":"HS256"}');
  const mac = createHmac('sha256', publicKey).update(`${symmetric}.${claims}`).digest('base64url');
  const late = base64url(JSON.stringify({ ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), iat: 1e12 }));
  return [
    { name: 'a token that says it needs no signature', isGenuine: false, request: withToken(base64url('{"alg":"none"}'), claims, '') },
    { name: 'a token with the public key as its secret', isGenuine: false, request: withToken(symmetric, claims, mac) },
    { name: 'a token whose head is no JSON', isGenuine: false, request: withToken('....', claims, signature) },
    { name: 'a token of two parts', isGenuine: false, request: withToken(head, claims) },
    { name: 'a token with another time', isGenuine: false, request: withToken(head, late, signature) },
    { name: 'a token with a short signature', isGenuine: false, request: withToken(head, claims, signature.slice(0, 40)) },
    { name: 'a token whose signature is no base64', isGenuine: false, request: withToken(head, claims, `${signature.slice(0, -1)}!`) },
  ];
}

function ofAdyen(good: Signed): readonly Special[] {
  const text = Buffer.from(good.body).toString();
  const withBody = (body: string): Signed => ({ ...good, body: Buffer.from(body) });
  return [
    { name: 'with a field changed that is not signed', isGenuine: true, request: withBody(text.replace('033899', '033900')) },
    { name: 'with another amount', isGenuine: false, request: withBody(text.replace('113000', '113001')) },
    {
      name: 'with the signature of the last item taken away',
      isGenuine: false,
      request: withBody(text.replace(/(.*)"hmacSignature": *"[^"]*"/s, '$1"gone":1')),
    },
    { name: 'with no items', isGenuine: false, request: withBody('{"notificationItems":[]}') },
    { name: 'with items that are none', isGenuine: false, request: withBody('{"notificationItems":[{"x":1}]}') },
    { name: 'with a body that is no JSON', isGenuine: false, request: withBody('notificationItems') },
  ];
}

function ofMessage(good: Signed, label: string, sign: Sign): readonly Special[] {
  const changed = (wanted: string, change: (value: string) => string): Signed => ({
    ...good,
    headers: good.headers.map(([name, value]) => [name, name === wanted ? change(value) : value]),
  });
  const both = changed('Signature-Input', (value) => `proxy=("@method");created=1;nonce="a, b", ${value}`);
  return [
    { name: 'with the signature of a proxy before it', isGenuine: true, request: both },
    { name: 'with fewer components', isGenuine: false, request: sign({ components: ['@method'] }) },
    { name: 'with a name of the key', isGenuine: true, request: sign({ keyId: 'a;created=1;b' }) },
    { name: 'under another label', isGenuine: false, request: sign({ label: `x${label}` }) },
    { name: 'with a time added', isGenuine: false, request: changed('Signature-Input', (value) => `${value};expires=9999999999`) },
    {
      name: 'with another time',
      isGenuine: false,
      request: changed('Signature-Input', (value) => value.replace(/(?<=created=)\d+/, (seconds) => String(Number(seconds) - 1))),
    },
    { name: 'with a signature cut short', isGenuine: false, request: changed('Signature', (value) => value.replace(/.{8}:$/, ':')) },
    { name: 'to another path', isGenuine: false, request: { ...good, target: `${good.target}2` } },
  ];
}
