import { encodeBytes } from './encoding.ts';
import { anyBase64Clause, strictHeaders } from './library-traits.ts';
import type { ProofLibrary } from './proof.ts';
import { encodedKey } from './secret.ts';
import type { Scheme } from './scheme.ts';
import { createUrlMacScheme } from './url-mac.ts';

const asOf = '2026-11-20';
const hubspotV1Page = 'https://developers.hubspot.com/docs/faq/v1-request-validation';
const hubspotV2Page = 'https://developers.hubspot.com/docs/faq/v2-request-validation';
const hubspotV3Page = 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation';
const hubspotInfo = {
  headers: ['X-HubSpot-Signature', 'X-HubSpot-Signature-Version'],
  algorithm: 'SHA-256 over secret and request',
  secretHint: 'The client secret of the app, as text',
  allowsSeveralSecrets: false,
  toleranceSeconds: null,
  asOf,
  checked: 'vendor library' as const,
} satisfies Partial<Scheme['info']>;
const hubspotLibrary = { name: '@hubspot/api-client', body: 'text' } satisfies Partial<ProofLibrary>;
const hubspotHashLibrary = { ...hubspotLibrary, time: 'none', toleranceSeconds: null, wantsLowerCase: true } satisfies ProofLibrary;
const hashForm = { hash: 'sha256', kind: 'hash-of-both', encoding: 'hex' } as const;
const noTimestamp = 'Nothing that is signed says when the request was made, so an old one can be replayed: refuse what was handled before.';

/** HubSpot v1: the plain hash of client secret and body. */
export const hubspotV1 = createUrlMacScheme({
  scheme: 'hubspot-v1',
  info: {
    ...hubspotInfo,
    title: 'HubSpot v1',
    description: 'SHA-256 of the client secret and the body, in hex; not an HMAC.',
    source: hubspotV1Page,
    documentation: null,
    pitfall: 'The secret is put before the body and hashed: an HMAC of the two does not match.',
  },
  form: hashForm,
  signatureHeader: 'X-HubSpot-Signature',
  timestampHeader: null,
  versionHeader: ['X-HubSpot-Signature-Version', 'v1'],
  pieces: ['body'],
  library: hubspotHashLibrary,
  next: [noTimestamp, 'Prefer X-HubSpot-Signature-v3 where it comes along: it signs the URL and the time as well.'],
});

/** HubSpot v2: the plain hash of client secret, method, URL and body. */
export const hubspotV2 = createUrlMacScheme({
  scheme: 'hubspot-v2',
  info: {
    ...hubspotInfo,
    title: 'HubSpot v2',
    description: 'SHA-256 of the client secret, the method, the URL and the body, in hex; not an HMAC.',
    source: hubspotV2Page,
    documentation: null,
    pitfall:
      'The URL is signed as HubSpot called it, scheme and order of the query included: rebuild it from the forwarded values behind a proxy.',
  },
  form: hashForm,
  signatureHeader: 'X-HubSpot-Signature',
  timestampHeader: null,
  versionHeader: ['X-HubSpot-Signature-Version', 'v2'],
  pieces: ['method', 'url', 'body'],
  library: hubspotHashLibrary,
  next: [noTimestamp, 'Prefer X-HubSpot-Signature-v3 where it comes along: it signs the time as well.'],
});

const hubspotEscapes = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The URL as HubSpot signs it in v3: exactly these escapes are undone. */
export function hubspotUrl(url: string): string {
  return url.replaceAll(hubspotEscapes, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** HubSpot v3: HMAC-SHA256 over method, URL, body and timestamp. */
export const hubspotV3 = createUrlMacScheme({
  scheme: 'hubspot-v3',
  info: {
    ...hubspotInfo,
    title: 'HubSpot v3',
    description: 'HMAC-SHA256 over the method, the URL, the body and the timestamp, in base64.',
    headers: ['X-HubSpot-Signature-v3', 'X-HubSpot-Request-Timestamp'],
    algorithm: 'HMAC-SHA256',
    toleranceSeconds: 300,
    source: hubspotV3Page,
    documentation: null,
    pitfall: 'The timestamp counts milliseconds, and the URL is signed with %3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C %3B decoded.',
  },
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'X-HubSpot-Signature-v3',
  timestampHeader: 'X-HubSpot-Request-Timestamp',
  versionHeader: null,
  pieces: ['method', 'url', 'body', 'timestamp'],
  urlOf: hubspotUrl,
  next: ['Refuse an event that was handled before: a request can be replayed within the 5 minutes.'],
  library: {
    ...hubspotLibrary,
    time: 'past',
    toleranceSeconds: 300,
    parsesTimestamp: true,
    also: 'does not decode the URL: hand it the decoded one',
    alsoRefuses: (_, { url }) =>
      url === null || hubspotUrl(url) === url ? [] : ['it signs the URL as it is handed over, and this one has to be decoded first'],
  },
});

/** Square: HMAC-SHA256 over the notification URL and the body. */
export const square = createUrlMacScheme({
  scheme: 'square',
  info: {
    title: 'Square',
    description: 'HMAC-SHA256 over the notification URL and the body, in base64.',
    headers: ['x-square-hmacsha256-signature'],
    algorithm: 'HMAC-SHA256',
    secretHint: 'The signature key of the subscription, as text',
    allowsSeveralSecrets: false,
    toleranceSeconds: null,
    source: 'https://developer.squareup.com/docs/webhooks/step3validate',
    asOf,
    checked: 'vendor library',
    documentation: null,
    pitfall: 'The URL must be the one that is registered at Square, to the letter: http or https, and a slash at its end, both count.',
  },
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'x-square-hmacsha256-signature',
  timestampHeader: null,
  versionHeader: null,
  pieces: ['url', 'body'],
  library: { name: 'square', time: 'none', toleranceSeconds: null, body: 'text' },
  next: ['Refuse an event_id that was handled before: nothing that is signed says when the request was made.'],
});

/** The key of an Adyen secret, which is hex. */
export function adyenKey(secret: string): ReturnType<typeof encodedKey> {
  const result = encodedKey(secret.trim(), 'hex');
  return 'key' in result
    ? result
    : { problem: 'An HMAC key of Adyen has hex digits only (0-9 and A-F), usually 64 of them. Copy it again, whole.' };
}

/** A fresh key in the form that Adyen gives it. */
export function adyenSecret(random: Uint8Array): string {
  return encodeBytes(random, 'hex').toUpperCase();
}

/** Adyen's banking, platform, management and classic webhooks: HMAC-SHA256 over the body in a header. */
export const adyenHeader = createUrlMacScheme({
  scheme: 'adyen-header',
  info: {
    title: 'Adyen (header)',
    description: 'HMAC-SHA256 over the body in the header HmacSignature, for banking, platform and management webhooks.',
    headers: ['HmacSignature', 'Protocol'],
    algorithm: 'HMAC-SHA256',
    secretHint: 'The HMAC key, in hex',
    allowsSeveralSecrets: false,
    toleranceSeconds: null,
    source: 'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    asOf,
    checked: 'vendor library',
    documentation: null,
    pitfall: 'The key is decoded from hex before it is used; its text does not match.',
  },
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'HmacSignature',
  timestampHeader: null,
  versionHeader: ['Protocol', 'HmacSHA256'],
  pieces: ['body'],
  library: {
    name: '@adyen/api-library',
    time: 'none',
    toleranceSeconds: null,
    body: 'text',
    readsAnyBase64: true,
    also: 'has another method, validateBankingHMAC, whose parameters are swapped: use validateHMACSignature',
    laxer: { as: (input) => ({ ...input, headers: strictHeaders(input.headers, ['HmacSignature']) }), why: anyBase64Clause },
  },
  keyOf: adyenKey,
  makeSecret: adyenSecret,
  next: ['Refuse an event that was handled before: nothing that is signed says when the request was made.'],
});
