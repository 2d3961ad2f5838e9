import { adyen } from '#shared/providers/adyen.ts';
import { hubspot } from '#shared/providers/hubspot.ts';
import { square as squareProvider } from '#shared/providers/square.ts';
import { encodeBytes } from './encoding.ts';
import { anyBase64Clause, strictHeaders } from './verification/library-traits.ts';
import { encodedKey } from './secret.ts';
import { codeInfo } from './scheme-info.ts';
import { createUrlMacScheme } from './url-mac.ts';

const hashForm = { hash: 'sha256', kind: 'hash-of-both', encoding: 'hex' } as const;
const noTimestamp = 'Nothing that is signed says when the request was made, so an old one can be replayed: refuse what was handled before.';

/** HubSpot v1: the plain hash of client secret and body. */
export const hubspotV1 = createUrlMacScheme({
  scheme: 'hubspot-v1',
  info: codeInfo('hubspot-v1'),
  form: hashForm,
  signatureHeader: 'X-HubSpot-Signature',
  timestampHeader: null,
  versionHeader: ['X-HubSpot-Signature-Version', 'v1'],
  pieces: ['body'],
  library: hubspot.schemes['hubspot-v1'].library,
  next: [noTimestamp, 'Prefer X-HubSpot-Signature-v3 where it comes along: it signs the URL and the time as well.'],
});

/** HubSpot v2: the plain hash of client secret, method, URL and body. */
export const hubspotV2 = createUrlMacScheme({
  scheme: 'hubspot-v2',
  info: codeInfo('hubspot-v2'),
  form: hashForm,
  signatureHeader: 'X-HubSpot-Signature',
  timestampHeader: null,
  versionHeader: ['X-HubSpot-Signature-Version', 'v2'],
  pieces: ['method', 'url', 'body'],
  library: hubspot.schemes['hubspot-v2'].library,
  next: [noTimestamp, 'Prefer X-HubSpot-Signature-v3 where it comes along: it signs the time as well.'],
});

const hubspotEscapes = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The URL as HubSpot signs it in v3: exactly these escapes are undone. */
function hubspotUrl(url: string): string {
  return url.replaceAll(hubspotEscapes, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** HubSpot v3: HMAC-SHA256 over method, URL, body and timestamp. */
export const hubspotV3 = createUrlMacScheme({
  scheme: 'hubspot-v3',
  info: codeInfo('hubspot-v3'),
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'X-HubSpot-Signature-v3',
  timestampHeader: 'X-HubSpot-Request-Timestamp',
  versionHeader: null,
  pieces: ['method', 'url', 'body', 'timestamp'],
  urlOf: hubspotUrl,
  next: ['Refuse an event that was handled before: a request can be replayed within the 5 minutes.'],
  library: {
    ...hubspot.schemes['hubspot-v3'].library,
    alsoRefuses: (_, { url }) =>
      url === null || hubspotUrl(url) === url ? [] : ['it signs the URL as it is handed over, and this one has to be decoded first'],
  },
});

/** Square: HMAC-SHA256 over the notification URL and the body. */
export const square = createUrlMacScheme({
  scheme: 'square',
  info: codeInfo('square'),
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'x-square-hmacsha256-signature',
  timestampHeader: null,
  versionHeader: null,
  pieces: ['url', 'body'],
  library: squareProvider.schemes.square.library,
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
  info: codeInfo('adyen-header'),
  form: { hash: 'sha256', kind: 'hmac', encoding: 'base64' },
  signatureHeader: 'HmacSignature',
  timestampHeader: null,
  versionHeader: ['Protocol', 'HmacSHA256'],
  pieces: ['body'],
  library: {
    ...adyen.schemes['adyen-header'].library,
    laxer: { as: (input) => ({ ...input, headers: strictHeaders(input.headers, ['HmacSignature']) }), why: anyBase64Clause },
  },
  keyOf: adyenKey,
  makeSecret: adyenSecret,
  next: ['Refuse an event that was handled before: nothing that is signed says when the request was made.'],
});
