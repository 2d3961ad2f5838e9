import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeSignatureText } from '../encoding.ts';
import { listed } from '../header-values.ts';
import { readDictionary } from './structured-field.ts';

const hashes = { 'sha-256': 'sha256', 'sha-512': 'sha512' } as const;
export type DigestName = keyof typeof hashes;

/** `Content-Digest` of a body (RFC 9530). */
export function contentDigest(body: Uint8Array, name: DigestName): string {
  return `${name}=:${createHash(hashes[name]).update(body).digest('base64')}:`;
}

/** A sentence on why a Content-Digest does not match a body, or null. Every known digest in it must match. */
export function digestProblem(text: string, body: Uint8Array): string | null {
  const dictionary = readDictionary(text);
  if ('problem' in dictionary) return `Content-Digest cannot be read: ${dictionary.problem}.`;
  const known = (Object.keys(hashes) as DigestName[]).filter((name) => dictionary.members.has(name));
  if (known.length === 0) {
    const names = [...dictionary.members.keys()];
    return `Content-Digest holds no sha-256 and no sha-512${names.length === 0 ? '' : ` but ${listed(names)}`}, so it protects nothing.`;
  }
  for (const name of known) {
    const member = dictionary.members.get(name);
    const decoded = member?.kind === 'item' && member.item.kind === 'bytes' ? decodeSignatureText(member.item.value, 'base64') : null;
    if (decoded === null || 'problem' in decoded) return `The ${name} in Content-Digest is not base64 between colons.`;
    const digest = createHash(hashes[name]).update(body).digest();
    if (digest.byteLength !== decoded.bytes.byteLength || !timingSafeEqual(digest, decoded.bytes))
      return `The ${name} in Content-Digest is not that of the body, so the body is not the one that was sent.`;
  }
  return null;
}
