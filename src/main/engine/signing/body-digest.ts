import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyDigests, type BodyDigest } from '#shared/contract/custom-placeholders.ts';
import { decodeSignatureText } from './encoding.ts';

/** A digest of the body as its placeholder writes it. */
export function bodyDigest(name: BodyDigest, body: Uint8Array): string {
  const { hash, encoding } = bodyDigests[name];
  return createHash(hash).update(body).digest(encoding);
}

/** Whether a received text is the digest of a body; hex may be of either case. */
export function isBodyDigest(name: BodyDigest, text: string, body: Uint8Array): boolean {
  const { hash, encoding } = bodyDigests[name];
  const given = decodeSignatureText(text, encoding);
  const own = createHash(hash).update(body).digest();
  return 'bytes' in given && given.bytes.byteLength === own.byteLength && timingSafeEqual(given.bytes, own);
}
