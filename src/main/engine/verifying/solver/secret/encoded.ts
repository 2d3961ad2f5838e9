import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { secretCause, type SecretFamily, type SecretStep } from './secret-steps.ts';

const encodes = 'the sender encodes or hashes the secret before it uses it as a key';
const remedy = 'Use the secret in the same form on both sides.';

/** The secret encoded, decoded or hashed once more than the scheme specifies. */
export const encodedSteps: readonly SecretStep[] = [
  keyed('base64-encoded', 1.1, 'the key is the secret encoded as base64', (text) => Buffer.from(text, 'utf8').toString('base64')),
  keyed('base64url-encoded', 1.3, 'the key is the secret encoded as base64url', (text) => Buffer.from(text, 'utf8').toString('base64url')),
  keyed('base64-encoded-newline', 1.2, 'the key is the base64 of the secret with a newline, as echo and base64 make it', (text) =>
    Buffer.from(`${text}\n`, 'utf8').toString('base64'),
  ),
  keyed('hex-encoded', 1.1, 'the key is the secret encoded as hex', (text) => Buffer.from(text, 'utf8').toString('hex')),
  keyed('hex-encoded-upper', 1.3, 'the key is the secret encoded as capital hex', (text) =>
    Buffer.from(text, 'utf8').toString('hex').toUpperCase(),
  ),
  keyed('sha256', 1.1, 'the key is the SHA-256 of the secret', (text) => hashed('sha256', text)),
  keyed('sha256-hex', 1.1, 'the key is the SHA-256 of the secret in hex', (text) => hashed('sha256', text).toString('hex')),
  keyed('sha256-base64', 1.2, 'the key is the SHA-256 of the secret in base64', (text) => hashed('sha256', text).toString('base64')),
  keyed('sha256-hex-upper', 1.3, 'the key is the SHA-256 of the secret in capital hex', (text) =>
    hashed('sha256', text).toString('hex').toUpperCase(),
  ),
  keyed('sha1-hex', 1.3, 'the key is the SHA-1 of the secret in hex', (text) => hashed('sha1', text).toString('hex')),
  keyed('sha1', 1.4, 'the key is the SHA-1 of the secret', (text) => hashed('sha1', text)),
  keyed('md5-hex', 1.2, 'the key is the MD5 of the secret in hex', (text) => hashed('md5', text).toString('hex')),
  keyed('md5', 1.4, 'the key is the MD5 of the secret', (text) => hashed('md5', text)),
  keyed('sha512-hex', 1.3, 'the key is the SHA-512 of the secret in hex', (text) => hashed('sha512', text).toString('hex')),
  keyed('sha512', 1.4, 'the key is the SHA-512 of the secret', (text) => hashed('sha512', text)),
  keyed('base64-decoded-twice', 1.2, 'the secret is decoded from base64 twice', (text) => {
    const once = decodedText(text.replace(/^(?:[A-Za-z]{2,12}_){1,3}/, ''));
    return once !== null && isBase64(once) ? Buffer.from(once, 'base64') : null;
  }),
  keyed('base64-of-hex', 1.2, 'the secret is decoded from base64 and then from hex', (text) => {
    const once = decodedText(text.replace(/^(?:[A-Za-z]{2,12}_){1,3}/, ''));
    return once !== null && /^(?:[0-9a-fA-F]{2}){4,}$/.test(once) ? Buffer.from(once, 'hex') : null;
  }),
  keyed('base32-decoded', 1.3, 'the secret is decoded from base32', base32),
];

/** The secret in another character set or another form of the same letters. */
export const charsetSteps: readonly SecretStep[] = [
  ofCharset('utf-16le', 1.2, 'the key is the secret as UTF-16 (little endian)', (text) => Buffer.from(text, 'utf16le')),
  ofCharset('utf-16be', 1.3, 'the key is the secret as UTF-16 (big endian)', (text) => Buffer.from(text, 'utf16le').swap16()),
  ofCharset('latin-1', 1.1, 'the key is the secret as Latin-1', (text) => (/[^\0-\xff]/.test(text) ? null : Buffer.from(text, 'latin1'))),
  ofCharset('question-marks', 1.3, 'each letter outside ASCII is a question mark in the key', (text) =>
    text.replace(/[\u0080-\uffff]/g, '?'),
  ),
  ofCharset('ascii-dropped', 1.3, 'letters outside ASCII are left out of the key', (text) => text.replace(/[\u0080-\uffff]/g, '')),
  ofCharset('mojibake', 1.2, 'the UTF-8 of the secret is encoded once more (é as Ã©)', (text) =>
    Buffer.from(Buffer.from(text, 'utf8').toString('latin1'), 'utf8'),
  ),
  ofCharset('composed', 1.1, 'accented letters of the secret are single characters (NFC)', (text) => text.normalize('NFC')),
  ofCharset('decomposed', 1.2, 'accented letters of the secret are letter and accent apart (NFD)', (text) => text.normalize('NFD')),
  ofCharset('compatible', 1.3, 'characters of the secret are their plain forms (NFKC)', (text) => text.normalize('NFKC')),
];

/** The resulting text is the key itself, and is not decoded in the way the scheme decodes a secret. */
function keyed(id: string, cost: number, change: string, keyOf: (text: string) => Uint8Array | string | null): SecretStep {
  return stepOf('secret-encoded', id, cost, change, encodes, keyOf);
}

function ofCharset(id: string, cost: number, change: string, keyOf: (text: string) => Uint8Array | string | null): SecretStep {
  return stepOf('secret-charset', id, cost, change, 'sender and receiver turn the text of the secret into different bytes', keyOf);
}

function stepOf(
  family: SecretFamily,
  id: string,
  cost: number,
  change: string,
  why: string,
  keyOf: (text: string) => Uint8Array | string | null,
): SecretStep {
  return {
    cause: secretCause(family, id, cost, change, why, remedy),
    isAlone: true,
    edit: null,
    apply: (text) => {
      const key = keyOf(text);
      return typeof key === 'string' ? Buffer.from(key, 'utf8') : key;
    },
  };
}

function hashed(name: string, text: string): Buffer {
  return createHash(name).update(text, 'utf8').digest();
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]{4,}={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}

function decodedText(text: string): string | null {
  return isBase64(text) ? Buffer.from(text, 'base64').toString('latin1').trim() : null;
}

const base32Signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(text: string): Uint8Array | null {
  const bare = text.replace(/=+$/, '').toUpperCase();
  if (bare.length < 8 || !/^[A-Z2-7]+$/.test(bare)) return null;
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const sign of bare) {
    held = ((held << 5) | base32Signs.indexOf(sign)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
