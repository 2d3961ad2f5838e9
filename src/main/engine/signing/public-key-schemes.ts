import { Buffer } from 'node:buffer';
import { sendgrid as sendgridProvider } from '#shared/providers/sendgrid.ts';
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
import { codeInfo } from './scheme-info.ts';
import { createPublicKeyScheme, hexBytes } from './public-key.ts';
import type { KeyOr } from './verification/proof.ts';

/** Standard Webhooks v1a: Ed25519 over id, timestamp and body, with keys as `whsk_` and `whpk_`. */
export const standardWebhooksV1a = createPublicKeyScheme({
  scheme: 'standard-webhooks-v1a',
  info: codeInfo('standard-webhooks-v1a'),
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
  info: codeInfo('discord'),
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

/** SendGrid's Event Webhook: ECDSA P-256 in DER over timestamp and body. */
export const sendgrid = createPublicKeyScheme({
  scheme: 'sendgrid',
  info: codeInfo('sendgrid'),
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
  library: sendgridProvider.schemes.sendgrid.library,
  next: ['Refuse an sg_event_id that was handled before: nothing limits how late a request may come.'],
});

/** Telnyx: Ed25519 over timestamp and body with a bar between them, in base64. */
export const telnyx = createPublicKeyScheme({
  scheme: 'telnyx',
  info: codeInfo('telnyx'),
  hash: null,
  signatureHeader: 'telnyx-signature-ed25519',
  timestampHeader: 'telnyx-timestamp',
  idHeader: null,
  pattern: '{timestamp}|{body}',
  encoding: 'base64',
  signatureBytes: 64,
  entryPrefix: null,
  keyOf: (text) => {
    const decoded = decodeKeyBase64(text.trim());
    return 'bytes' in decoded && decoded.bytes.byteLength === 32
      ? { key: ed25519FromPublic(decoded.bytes) }
      : readPairKey(text, ['ed25519']);
  },
  makeSecret: (random) => pemOf(ed25519FromSeed(random)),
  writePublic: ({ publicKey }) => encodeBytes(ed25519PublicBytes(publicKey), 'base64'),
  next: ['Refuse an event id that was handled before: a request can be replayed within the 5 minutes.'],
});

function pemOf(key: PairKey): string {
  if (key.privateKey === null) throw new TypeError('A key that was just made has no private half.');
  return privatePem(key.privateKey);
}
