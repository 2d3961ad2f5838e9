import { Buffer } from 'node:buffer';
import { decodeKeyBase64, encodeBytes } from './encoding.ts';
import {
  ed25519FromPublic,
  ed25519FromSeed,
  ed25519PublicBytes,
  p256FromRandom,
  privatePem,
  publicBase64,
  readPairKey,
  type PairKey,
} from './key-text.ts';
import { describeLibrary, type LibraryTraits } from './library-traits.ts';
import { createPublicKeyScheme, hexBytes } from './public-key.ts';
import type { KeyOr } from './proof.ts';

const asOf = '2026-11-20';

/** Standard Webhooks v1a: Ed25519 over id, timestamp and body, with keys as `whsk_` and `whpk_`. */
export const standardWebhooksV1a = createPublicKeyScheme({
  scheme: 'standard-webhooks-v1a',
  info: {
    title: 'Standard Webhooks v1a (Ed25519)',
    description: 'Ed25519 over the message id, the timestamp and the body; the receiver knows the public key only.',
    headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    algorithm: 'Ed25519',
    secretHint: 'whsk_ and base64 of 64 bytes to sign; whpk_ and base64 of 32 bytes to verify',
    allowsSeveralSecrets: true,
    toleranceSeconds: 300,
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    asOf,
    checked: 'published vector',
    documentation: 'https://www.standardwebhooks.com',
    pitfall: 'Pin the public key: one that is taken from the request proves nothing.',
    libraryNote: 'The libraries of Standard Webhooks verify v1 only; none of them reads v1a.',
  },
  hash: null,
  signatureHeader: 'webhook-signature',
  timestampHeader: 'webhook-timestamp',
  idHeader: 'webhook-id',
  pattern: '{id}.{timestamp}.{body}',
  encoding: 'base64',
  signatureBytes: 64,
  entryPrefix: 'v1a,',
  keyOf: readWhKey,
  makeSecret: (random) => `whsk_${encodeBytes(Buffer.concat([random, ed25519PublicBytes(ed25519FromSeed(random).publicKey)]), 'base64')}`,
  writePublic: ({ publicKey }) => `whpk_${encodeBytes(ed25519PublicBytes(publicKey), 'base64')}`,
  next: ['Refuse a webhook-id that was handled before: a retry carries the same id, and so does a replay within the 5 minutes.'],
});

/** A key as Svix writes it: `whsk_` holds seed and public key, `whpk_` the public key. */
function readWhKey(text: string): KeyOr<PairKey> {
  if (text !== text.trim()) return { problem: 'The key begins or ends with a space or line break; copy it without.' };
  if (text.startsWith('whsec_')) {
    return { problem: 'The secret begins with whsec_, so it is a shared secret of v1; this scheme takes a whpk_ or whsk_ key.' };
  }
  const isPrivate = text.startsWith('whsk_');
  if (!isPrivate && !text.startsWith('whpk_')) return readPairKey(text, ['ed25519']);
  const decoded = decodeKeyBase64(text.slice(5));
  if ('problem' in decoded)
    return { problem: `The key is not ${text.slice(0, 5)} with base64 after it: ${decoded.problem}. Copy it again, whole.` };
  const { bytes } = decoded;
  const wantedBytes = isPrivate ? 64 : 32;
  if (bytes.byteLength !== wantedBytes) {
    return {
      problem: `The key is ${bytes.byteLength} bytes long once decoded, but ${text.slice(0, 5)} has ${wantedBytes}. Copy it again, whole.`,
    };
  }
  if (!isPrivate) return { key: ed25519FromPublic(bytes) };
  const key = ed25519FromSeed(bytes.subarray(0, 32));
  const isWhole = Buffer.from(ed25519PublicBytes(key.publicKey)).equals(bytes.subarray(32));
  return isWhole ? { key } : { problem: 'The two halves of the whsk_ key do not belong together. Copy it again, whole.' };
}

/** Discord, interactions and webhook events: Ed25519 over timestamp and body, everything in hex. */
export const discord = createPublicKeyScheme({
  scheme: 'discord',
  info: {
    title: 'Discord',
    description: 'Ed25519 over the timestamp and the body, in hex, for interactions and webhook events.',
    headers: ['X-Signature-Ed25519', 'X-Signature-Timestamp'],
    algorithm: 'Ed25519',
    secretHint: 'To verify, the public key of the application in hex; to sign, a private key as PEM',
    allowsSeveralSecrets: false,
    toleranceSeconds: null,
    source: 'https://www.npmjs.com/package/discord-interactions',
    asOf,
    checked: 'vendor library',
    documentation: 'https://docs.discord.com/developers/interactions/overview',
    pitfall: 'Discord names no age at which a request is too old, so keep the ids of interactions and refuse one that comes again.',
    libraryNote: 'discord-interactions checks no time at all.',
  },
  hash: null,
  signatureHeader: 'X-Signature-Ed25519',
  timestampHeader: 'X-Signature-Timestamp',
  idHeader: null,
  pattern: '{timestamp}{body}',
  encoding: 'hex',
  signatureBytes: 64,
  entryPrefix: null,
  keyOf: (text) => {
    const bytes = hexBytes(text.trim(), 32);
    return bytes === null ? readPairKey(text, ['ed25519']) : { key: ed25519FromPublic(bytes) };
  },
  makeSecret: (random) => pemOf(ed25519FromSeed(random)),
  writePublic: ({ publicKey }) => encodeBytes(ed25519PublicBytes(publicKey), 'hex'),
  next: [
    'Answer a request whose signature is wrong with 401: Discord tries that before it accepts an endpoint.',
    'Refuse an id that was handled before: nothing limits how late a request may come.',
  ],
});

const sendgridLibrary: LibraryTraits = { name: '@sendgrid/eventwebhook', time: 'none', toleranceSeconds: null, body: 'text' };

/** SendGrid's Event Webhook: ECDSA P-256 in DER over timestamp and body. */
export const sendgrid = createPublicKeyScheme({
  scheme: 'sendgrid',
  info: {
    title: 'SendGrid Event Webhook',
    description: 'ECDSA P-256 with SHA-256 over the timestamp and the body, as base64 of DER.',
    headers: ['X-Twilio-Email-Event-Webhook-Signature', 'X-Twilio-Email-Event-Webhook-Timestamp'],
    algorithm: 'ECDSA P-256 with SHA-256',
    secretHint: 'To verify, the verification key of the dashboard (base64); to sign, a private key as PEM',
    allowsSeveralSecrets: false,
    toleranceSeconds: null,
    source: 'https://github.com/sendgrid/sendgrid-nodejs/blob/main/packages/eventwebhook/src/eventwebhook.spec.js',
    asOf,
    checked: 'vendor library',
    documentation: 'https://docs.sendgrid.com/for-developers/tracking-events/getting-started-event-webhook-security-features',
    pitfall: 'The body ends with CRLF and has CRLF between events: a receiver that trims or re-writes it can no longer verify.',
    libraryNote: describeLibrary(sendgridLibrary, true),
  },
  hash: 'sha256',
  signatureHeader: 'X-Twilio-Email-Event-Webhook-Signature',
  timestampHeader: 'X-Twilio-Email-Event-Webhook-Timestamp',
  idHeader: null,
  pattern: '{timestamp}{body}',
  encoding: 'base64',
  signatureBytes: null,
  entryPrefix: null,
  keyOf: (text) => readPairKey(text, ['p256']),
  makeSecret: (random) => pemOf(p256FromRandom(random)),
  writePublic: ({ publicKey }) => publicBase64(publicKey),
  library: sendgridLibrary,
  next: ['Refuse an sg_event_id that was handled before: nothing limits how late a request may come.'],
});

function pemOf(key: PairKey): string {
  if (key.privateKey === null) throw new TypeError('A key that was just made has no private half.');
  return privatePem(key.privateKey);
}
