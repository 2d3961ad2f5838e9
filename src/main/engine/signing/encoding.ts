import { Buffer } from 'node:buffer';
import type { ByteEncoding } from '#shared/providers/shapes/layout.ts';

export type { ByteEncoding };

/** Bytes, or a sentence part that says what is wrong with the text (it never quotes the text). */
export type Decoded = { readonly bytes: Uint8Array } | { readonly problem: string };

/** Writes bytes as lower-case hex, padded base64 or unpadded base64url. */
export function encodeBytes(bytes: Uint8Array, encoding: ByteEncoding): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}

/**
 * Reads a signature's text. Exactly one text stands for given bytes (but for the case of hex and the padding of
 * base64url), so that no character of a signature can be changed without it being noticed.
 */
export function decodeSignatureText(text: string, encoding: ByteEncoding): Decoded {
  if (text === '') return { problem: 'it is empty' };
  switch (encoding) {
    case 'hex':
      return decodeHex(text);
    case 'base64': {
      const bytes = Buffer.from(text, 'base64');
      if (bytes.toString('base64') === text) return { bytes };
      if (bytes.toString('base64').replace(/=+$/, '') === text) return { problem: 'its base64 lacks the padding (=) at the end' };
      return { problem: 'it is not standard base64' };
    }
    case 'base64url': {
      const bytes = Buffer.from(text, 'base64url');
      const canonical = bytes.toString('base64url');
      const padded = canonical.padEnd(Math.ceil(canonical.length / 4) * 4, '=');
      return text === canonical || text === padded ? { bytes } : { problem: 'it is not base64url' };
    }
  }
}

/** Reads hex of either case. */
export function decodeHex(text: string): Decoded {
  if (!/^[0-9a-fA-F]+$/.test(text)) return { problem: 'it has characters other than 0-9 and a-f' };
  if (text.length % 2 !== 0) return { problem: 'it has an odd number of hex digits, so one is missing' };
  return { bytes: Buffer.from(text, 'hex') };
}

/** Reads the base64 of a key; padding may be left off, as the providers' own libraries allow. */
export function decodeKeyBase64(text: string): Decoded {
  if (text === '') return { problem: 'nothing is left to decode' };
  if (/^\s|\s$/.test(text)) return { problem: 'it begins or ends with a space or line break' };
  if (/[-_]/.test(text)) return { problem: 'it has - or _, which belong to base64url; standard base64 has + and /' };
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return { problem: 'it has characters that are not base64 (A-Z, a-z, 0-9, +, /)' };
  const digits = text.replace(/=+$/, '');
  if (digits.length % 4 === 1) return { problem: 'its length is not one that base64 can have, so a character is missing or too many' };
  if (digits.length !== text.length && text.length % 4 !== 0) return { problem: 'the padding (=) at its end does not fit its length' };
  return { bytes: Buffer.from(digits, 'base64') };
}
