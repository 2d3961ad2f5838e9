import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeId } from '#shared/contract/signing.ts';
import type { MacLayout } from '#shared/providers/shapes/layout.ts';
import type { LibraryTraits } from '#shared/providers/shapes/library.ts';
import { invalid } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import type { Signed, SignInput, SignedString } from './scheme.ts';
import type { KeyResult } from './secret.ts';
import { writeForm } from './signature-form.ts';
import { fillPattern } from './signed-string.ts';
import { timestampText } from './timestamp.ts';

export { macBytes, type HashName } from './signature-form.ts';

export type { MacLayout };

/** The definition of a scheme with an HMAC over headers and body in a header. */
export interface MacRecipe extends MacLayout {
  readonly scheme: SchemeId;
  readonly keyOf: (secret: string) => KeyResult;
  /** A sentence about a secret that works but is not what the scheme specifies, or null. */
  readonly secretWarning: (secret: string) => string | null;
  /** What a receiver must still do once a signature is valid. */
  readonly next: readonly string[];
  /** How the provider's own library judges, or null where there is none. */
  readonly library: LibraryTraits | null;
}

/** HMAC of the signed string. */
export function macOf(recipe: MacRecipe, key: Uint8Array | KeyObject, signed: SignedString): Uint8Array {
  // A key object saves Node checking the kind of the key, which costs more than a MAC over a small body.
  return createHmac(recipe.hash, key instanceof Uint8Array ? createSecretKey(key) : key)
    .update(signed.bytes)
    .digest();
}

/** Compares in constant time. */
export function isSameMac(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

/** Whether the timestamp is among the signatures rather than in its own header. */
export function isTimeInForm({ form }: Pick<MacLayout, 'form'>): boolean {
  return (form.kind === 'entries' && form.timestampLabel !== null) || (form.kind === 'list' && form.timestampPrefix !== null);
}

/** Names of the headers that a layout reads and writes, in the order in which it writes them. */
export function headersOf(layout: MacLayout): readonly string[] {
  const time = layout.timestamp === null || isTimeInForm(layout) ? [] : [layout.timestamp.header];
  return [
    ...(layout.idHeader === null ? [] : [layout.idHeader]),
    ...time,
    ...(layout.fixedHeaders ?? []).map(([name]) => name),
    layout.signatureHeader,
  ];
}

/** Signs by a recipe; headers come as id, timestamp, fixed ones, signature. Throws INPUT_INVALID for a secret it cannot use. */
export function signByRecipe(recipe: MacRecipe, input: SignInput): Signed {
  const timestamp = recipe.timestamp === null ? null : timestampText(input.nowMs, recipe.timestamp.unit);
  const values = { id: input.id, timestamp, method: input.method || null, url: input.url || null, body: input.body };
  const signed = fillPattern(recipe, values);
  if (signed === null) throw invalid('request', 'Give the method and the URL of the request, because the scheme signs them.');
  if (input.secrets.length === 0) throw invalid('secrets', 'Give a secret to sign with.');
  const macs = signingKeys(recipe)(input.secrets).map((key) => macOf(recipe, key, signed));
  const headers: HeaderField[] = [];
  if (recipe.idHeader !== null) headers.push([recipe.idHeader, input.id]);
  if (recipe.timestamp !== null && timestamp !== null && !isTimeInForm(recipe))
    headers.push([recipe.timestamp.header, `${recipe.timestamp.prefix ?? ''}${timestamp}`]);
  for (const [name, value] of recipe.fixedHeaders ?? []) headers.push([name, value]);
  headers.push([recipe.signatureHeader, writeForm(recipe.form, macs, timestamp)]);
  return { headers, signed };
}

/** The keys of an endpoint's secrets; only the first signs when the form has room for one signature. */
const signingKeys = remembered(({ keyOf, form }: MacRecipe) =>
  remembered((secrets: readonly string[]): readonly KeyObject[] =>
    (form.kind === 'entries' ? secrets : secrets.slice(0, 1)).map((secret, index) => {
      const result = keyOf(secret);
      if ('problem' in result) throw invalid(`secrets.${index}`, result.problem);
      return createSecretKey(result.key);
    }),
  ),
);
