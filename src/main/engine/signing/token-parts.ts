import { Buffer } from 'node:buffer';
import { decodeSignatureText } from './encoding.ts';
import { readObject, type JsonObject } from './json-body.ts';
import { utf8 } from './verification/mac-proof.ts';
import type { SignedString } from './scheme.ts';
import { joinRuns } from './signed-string.ts';

/** One part of a JWT as a JSON object, or null. */
export function readTokenPart(text: string): JsonObject | null {
  const decoded = decodeSignatureText(text, 'base64url');
  return 'bytes' in decoded ? readObject(decoded.bytes) : null;
}

/** A value as one part of a JWT. */
export function writeTokenPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/** What the signature of a JWT covers. */
export function signedToken(head: string, claims: string): SignedString {
  return joinRuns([
    { name: 'token header', bytes: utf8(head) },
    { name: 'separator', bytes: utf8('.') },
    { name: 'claims', bytes: utf8(claims) },
  ]);
}
