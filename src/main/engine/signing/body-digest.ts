import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyDigests, type BodyDigest } from '#shared/contract/custom-placeholders.ts';
import { remembered } from '../base/remembered.ts';
import { decodeSignatureText } from './encoding.ts';

/** A digest of the body as its placeholder writes it; computed once for a body, as a search signs it in thousands of ways. */
export function bodyDigest(name: BodyDigest, body: Uint8Array): string {
  const known = digestsOf(body);
  const { hash, encoding } = bodyDigests[name];
  const digest = known.get(name) ?? createHash(hash).update(body).digest(encoding);
  known.set(name, digest);
  return digest;
}

const digestsOf = remembered((_body: Uint8Array) => new Map<BodyDigest, string>());

/** Whether a received text is the digest of a body; hex may be of either case. */
export function isBodyDigest(name: BodyDigest, text: string, body: Uint8Array): boolean {
  const { hash, encoding } = bodyDigests[name];
  const given = decodeSignatureText(text, encoding);
  const own = createHash(hash).update(body).digest();
  return 'bytes' in given && given.bytes.byteLength === own.byteLength && timingSafeEqual(given.bytes, own);
}
