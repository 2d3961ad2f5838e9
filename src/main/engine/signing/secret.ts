import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { decodeHex, decodeKeyBase64, encodeBytes } from './encoding.ts';
import { wrapperOf } from './secret-wrapper.ts';

/** The key of a secret, or a full sentence on why there is none. The sentence never quotes the secret. */
export type KeyResult = { readonly key: Uint8Array } | { readonly problem: string };

/** First 8 hex digits of SHA-256 over the secret's UTF-8 text: identifies a secret without showing it. */
export function fingerprintOf(secretText: string): string {
  return createHash('sha256').update(secretText, 'utf8').digest('hex').slice(0, 8);
}

const whsecPrefix = 'whsec_';

/** The key of a Standard Webhooks secret: base64, with or without `whsec_` before it. */
export function whsecKey(secret: string): KeyResult {
  if (secret !== secret.trim()) {
    return { problem: 'The secret begins or ends with a space or line break; copy it without.' };
  }
  const asymmetric = /^wh(sk|pk)_/.exec(secret);
  if (asymmetric !== null) {
    return {
      problem: `The secret begins with ${asymmetric[0]}, so it is a key of the asymmetric variant (v1a); enter the shared secret, which begins with whsec_.`,
    };
  }
  const decoded = decodeKeyBase64(secret.startsWith(whsecPrefix) ? secret.slice(whsecPrefix.length) : secret);
  if ('bytes' in decoded) return { key: decoded.bytes };
  const wrapper = wrapperOf(secret);
  if (wrapper !== null) return { problem: wrapper.message };
  return { problem: `The secret is not whsec_ with base64 after it: ${decoded.problem}. Copy it again, whole.` };
}

/** Writes a key in the form of Standard Webhooks. */
export function whsecText(key: Uint8Array): string {
  return `${whsecPrefix}${encodeBytes(key, 'base64')}`;
}

/** A sentence when a usable key is shorter or longer than the 24 to 64 bytes that Standard Webhooks asks for, or null. */
export function whsecSizeWarning(secret: string): string | null {
  const result = whsecKey(secret);
  if ('problem' in result) return null;
  const bytes = result.key.byteLength;
  if (bytes >= 24 && bytes <= 64) return null;
  return `The secret is ${bytes} byte${bytes === 1 ? '' : 's'} long once decoded; Standard Webhooks asks for 24 to 64, and some libraries refuse others.`;
}

/** How the text of a secret becomes a key when the scheme leaves that open. */
export type SecretEncoding = 'utf8' | 'base64' | 'hex';

/** The key of a secret in a chosen encoding. */
export function encodedKey(secret: string, encoding: SecretEncoding): KeyResult {
  if (secret === '') return { problem: 'The secret is empty.' };
  switch (encoding) {
    case 'utf8':
      return { key: Buffer.from(secret, 'utf8') };
    case 'base64': {
      const decoded = decodeKeyBase64(secret);
      return 'bytes' in decoded
        ? { key: decoded.bytes }
        : { problem: wrapperOf(secret)?.message ?? `The secret is not base64, which was chosen as its encoding: ${decoded.problem}.` };
    }
    case 'hex': {
      const decoded = decodeHex(secret);
      return 'bytes' in decoded
        ? { key: decoded.bytes }
        : { problem: wrapperOf(secret)?.message ?? `The secret is not hex, which was chosen as its encoding: ${decoded.problem}.` };
    }
  }
}
