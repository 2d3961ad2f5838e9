import type { SchemeId } from '#shared/contract/signing.ts';
import type { BareRecipe, SnippetPiece } from './recipe.ts';

const plain = { time: null, idHeader: null, fixedHeader: null, listHeader: null, digestParameter: null, contentDigest: null } as const;
const hmacHex = { kind: 'mac', hash: 'sha256', isKeyed: true, secret: 'text', encoding: 'hex' } as const;
const hmacBase64 = { ...hmacHex, encoding: 'base64' } as const;
const twilio = { ...hmacBase64, hash: 'sha1' } as const;
const hashOfBoth = { ...hmacHex, isKeyed: false } as const;
const literal = (text: string): SnippetPiece => ({ kind: 'literal', text });
const pieces = (...kinds: readonly Exclude<SnippetPiece['kind'], 'literal' | 'field'>[]): readonly SnippetPiece[] =>
  kinds.map((kind) => ({ kind }));
const header = (name: string, lead = '') => ({ kind: 'headers', names: [name], lead }) as const;
const inHeader = (name: string, unit: 's' | 'ms' | 'rfc3339', toleranceSeconds: number | null) =>
  ({ place: 'header', name, unit, toleranceSeconds }) as const;

/** Receivers of the schemes with key pairs and of those that sign more than headers and body. */
export const proofRecipes: Readonly<Partial<Record<SchemeId, BareRecipe>>> = {
  'standard-webhooks-v1a': {
    ...plain,
    proof: { kind: 'ed25519', key: 'whpk', encoding: 'base64' },
    signature: { kind: 'entries', header: 'webhook-signature', separator: ' ', lead: 'v1a,', timeLabel: null, listLabel: null },
    time: inHeader('webhook-timestamp', 's', 300),
    idHeader: 'webhook-id',
    signed: [{ kind: 'id' }, literal('.'), { kind: 'timestamp' }, literal('.'), { kind: 'body' }],
  },
  discord: {
    ...plain,
    proof: { kind: 'ed25519', key: 'hex', encoding: 'hex' },
    signature: header('X-Signature-Ed25519'),
    time: inHeader('X-Signature-Timestamp', 's', null),
    signed: pieces('timestamp', 'body'),
  },
  sendgrid: {
    ...plain,
    proof: { kind: 'ecdsa-p256', key: 'spki', form: 'der', encoding: 'base64' },
    signature: header('X-Twilio-Email-Event-Webhook-Signature'),
    time: inHeader('X-Twilio-Email-Event-Webhook-Timestamp', 's', null),
    signed: pieces('timestamp', 'body'),
  },
  'hubspot-v1': {
    ...plain,
    proof: hashOfBoth,
    signature: header('X-HubSpot-Signature'),
    fixedHeader: ['X-HubSpot-Signature-Version', 'v1'],
    signed: pieces('body'),
  },
  'hubspot-v2': {
    ...plain,
    proof: hashOfBoth,
    signature: header('X-HubSpot-Signature'),
    fixedHeader: ['X-HubSpot-Signature-Version', 'v2'],
    signed: pieces('method', 'url', 'body'),
  },
  'hubspot-v3': {
    ...plain,
    proof: hmacBase64,
    signature: header('X-HubSpot-Signature-v3'),
    time: inHeader('X-HubSpot-Request-Timestamp', 'ms', 300),
    signed: pieces('method', 'decoded-url', 'body', 'timestamp'),
  },
  square: { ...plain, proof: hmacBase64, signature: header('x-square-hmacsha256-signature'), signed: pieces('url', 'body') },
  'adyen-header': { ...plain, proof: { ...hmacBase64, secret: 'hex' }, signature: header('HmacSignature'), signed: pieces('body') },
  box: {
    ...plain,
    proof: hmacBase64,
    signature: { kind: 'headers', names: ['BOX-SIGNATURE-PRIMARY', 'BOX-SIGNATURE-SECONDARY'], lead: '' },
    time: inHeader('BOX-DELIVERY-TIMESTAMP', 'rfc3339', 600),
    signed: pieces('body', 'timestamp'),
    notes: ['Put the primary key first and the secondary one into the variable that ends in _PREVIOUS.'],
  },
  'adyen-payments': {
    ...plain,
    proof: { ...hmacBase64, secret: 'hex' },
    signature: {
      kind: 'items',
      list: 'notificationItems',
      wrapper: 'NotificationRequestItem',
      signature: ['additionalData', 'hmacSignature'],
      fields: [
        ['pspReference'],
        ['originalReference'],
        ['merchantAccountCode'],
        ['merchantReference'],
        ['amount', 'value'],
        ['amount', 'currency'],
        ['eventCode'],
        ['success'],
      ],
      separator: ':',
    },
    signed: [],
    notes: ['A body may hold several items; each is signed by itself, and all of them must be genuine.'],
  },
  plaid: {
    ...plain,
    proof: { kind: 'ecdsa-p256', key: 'jwk', form: 'pair', encoding: 'base64url' },
    signature: { kind: 'jwt', header: 'Plaid-Verification', algorithm: 'ES256', digestClaim: 'request_body_sha256' },
    time: { place: 'jwt', name: 'iat', unit: 's', toleranceSeconds: 300 },
    signed: pieces('unsigned-token'),
    notes: [
      'Fetch the key (JWK) from /webhook_verification_key/get by the kid in the head of the token, keep it, and stop using it once it has an expired_at.',
    ],
  },
  linear: {
    ...plain,
    proof: hmacHex,
    signature: header('Linear-Signature'),
    time: { place: 'json', name: 'webhookTimestamp', unit: 'ms', toleranceSeconds: 60 },
    signed: pieces('body'),
  },
  mailgun: {
    ...plain,
    proof: hmacHex,
    signature: { kind: 'json', object: 'signature' },
    time: { place: 'json', name: 'timestamp', unit: 's', toleranceSeconds: null },
    signed: pieces('timestamp', 'token'),
  },
  'twilio-form': {
    ...plain,
    proof: twilio,
    signature: header('X-Twilio-Signature'),
    signed: pieces('url', 'fields'),
  },
  'twilio-json': {
    ...plain,
    proof: twilio,
    signature: header('X-Twilio-Signature'),
    digestParameter: 'bodySHA256',
    signed: pieces('url'),
  },
  'coinbase-cdp': {
    ...plain,
    proof: hmacHex,
    signature: { kind: 'entries', header: 'X-Hook0-Signature', separator: ',', lead: 'v1=', timeLabel: 't=', listLabel: 'h=' },
    time: { place: 'entry', name: 'X-Hook0-Signature', unit: 's', toleranceSeconds: 300 },
    signed: [
      { kind: 'timestamp' },
      literal('.'),
      { kind: 'listed-names' },
      literal('.'),
      { kind: 'listed-values' },
      literal('.'),
      { kind: 'body' },
    ],
    notes: ['v0, which covers no header, is not taken.'],
  },
  contentful: {
    ...plain,
    proof: hmacHex,
    signature: header('x-contentful-signature'),
    time: inHeader('x-contentful-timestamp', 'ms', 30),
    listHeader: 'x-contentful-signed-headers',
    signed: [{ kind: 'method' }, literal('\n'), { kind: 'path' }, literal('\n'), { kind: 'listed-lines' }, literal('\n'), { kind: 'body' }],
    notes: ['Register the webhook without a query: how Contentful escapes one is not confirmed, so this code refuses it.'],
  },
  paypal: {
    ...plain,
    proof: { kind: 'rsa-certificate', encoding: 'base64' },
    signature: header('PAYPAL-TRANSMISSION-SIG'),
    time: inHeader('PAYPAL-TRANSMISSION-TIME', 'rfc3339', null),
    idHeader: 'PAYPAL-TRANSMISSION-ID',
    fixedHeader: ['PAYPAL-AUTH-ALGO', 'SHA256withRSA'],
    signed: [{ kind: 'id' }, literal('|'), { kind: 'timestamp' }, literal('|'), { kind: 'webhook-id' }, literal('|'), { kind: 'crc32' }],
    notes: ['Fetch the certificate behind PAYPAL-CERT-URL yourself, from paypal.com only, and check its chain before you trust it.'],
  },
};
