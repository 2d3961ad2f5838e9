import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import { invalid } from '../refusal.ts';
import type { Signed, SignInput, SignedString } from './scheme.ts';
import type { KeyResult } from './secret.ts';
import { fillPattern } from './signed-string.ts';
import { timestampText, type TimestampRule } from './timestamp.ts';

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** One signature as read from a header, with its text as received. */
export type ReadSignature =
  | { readonly kind: 'usable'; readonly text: string; readonly mac: Uint8Array }
  /** Made by another version of the scheme, which says nothing about this one. `why` is a clause. */
  | { readonly kind: 'other'; readonly text: string; readonly why: string }
  | { readonly kind: 'malformed'; readonly text: string; readonly why: string };

/** What a scheme is made of that puts an HMAC over headers and body into a header. */
export interface MacRecipe {
  readonly scheme: SchemeId;
  readonly hash: HashName;
  readonly signatureHeader: string;
  readonly idHeader: string | null;
  readonly timestamp: TimestampRule | null;
  /** What is signed, such as `{id}.{timestamp}.{body}`. */
  readonly pattern: string;
  readonly keyOf: (secret: string) => KeyResult;
  /** A sentence about a secret that works but is not what the scheme asks for, or null. */
  readonly secretWarning: (secret: string) => string | null;
  /** Takes a header's value apart; the order stays. */
  readonly readSignatures: (value: string) => readonly ReadSignature[];
  /** One signature in the scheme's text form. */
  readonly writeSignature: (mac: Uint8Array) => string;
  /** Joins the signatures of several secrets; null where the header holds one only. */
  readonly separator: string | null;
  /** What a receiver must still do once a signature is valid. */
  readonly next: readonly string[];
}

/** Bytes that a hash gives. */
export const macBytes: Readonly<Record<HashName, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** HMAC of the signed string. */
export function macOf(recipe: MacRecipe, key: Uint8Array, signed: SignedString): Uint8Array {
  // A key object spares Node a look at what kind of key it was given, which costs more than a MAC over a small body.
  return createHmac(recipe.hash, createSecretKey(key)).update(signed.bytes).digest();
}

/** Compares without telling by its duration where two MACs differ. */
export function isSameMac(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

/** Signs by a recipe; headers come as id, timestamp, signature. Throws INPUT_INVALID for a secret it cannot use. */
export function signByRecipe(recipe: MacRecipe, input: SignInput): Signed {
  const timestamp = recipe.timestamp === null ? null : timestampText(input.nowMs, recipe.timestamp.unit);
  const values = { id: input.id, timestamp, method: input.method || null, url: input.url || null, body: input.body };
  const signed = fillPattern(recipe.pattern, values);
  if (signed === null) throw invalid('request', 'Give the method and the URL of the request, because the scheme signs them.');
  const usedSecrets = recipe.separator === null ? input.secrets.slice(0, 1) : input.secrets;
  if (usedSecrets.length === 0) throw invalid('secrets', 'Give a secret to sign with.');
  const signatures = usedSecrets.map((secret, index) => {
    const result = recipe.keyOf(secret);
    if ('problem' in result) throw invalid(`secrets.${index}`, result.problem);
    return recipe.writeSignature(macOf(recipe, result.key, signed));
  });
  const headers: HeaderField[] = [];
  if (recipe.idHeader !== null) headers.push([recipe.idHeader, input.id]);
  if (recipe.timestamp !== null && timestamp !== null) headers.push([recipe.timestamp.header, timestamp]);
  headers.push([recipe.signatureHeader, signatures.join(recipe.separator ?? '')]);
  return { headers, signed };
}
