import { filledClaims } from '#shared/contract/custom-claims.ts';
import type { SignedPlaceholder } from '#shared/contract/custom-placeholders.ts';
import { isObject, type JsonObject } from './json-body.ts';
import { signedValue, type SignedValues } from './signed-string.ts';

/** What claims may name. */
export type ClaimValues = SignedValues;

/** Described claims with values in place of their placeholders; null when a value is missing. */
export function claimsOf(claims: string, values: ClaimValues): JsonObject | null {
  const text = filledClaims(claims, (name) => {
    // The contract refuses unknown ones.
    const value = signedValue(name as SignedPlaceholder, values);
    return typeof value === 'string' ? value : null;
  });
  if (text === null) return null;
  const parsed: unknown = JSON.parse(text);
  return isObject(parsed) ? parsed : null;
}
