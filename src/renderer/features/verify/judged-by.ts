import { givenOptions, signing, type Signing } from '#shared/contract/signing.ts';
import type { VerifyAnswer } from '#shared/contract/verifying.ts';
import { schemeFields } from './apply-change.ts';
import type { InputReading, VerifyInput } from './verify-input.ts';

/** The scheme and options that a verdict was given by, where they were recognised from the request; null where they were chosen in the form. */
export function judgedBy({ scheme, options, reason }: VerifyAnswer): Signing | null {
  if (options === undefined || reason === 'unknown') return null;
  const parsed = signing.safeParse({ ...options, scheme });
  return parsed.success ? parsed.data : null;
}

/** The fields that put into the form what a verdict was given by; null where the form shows that already. */
export function fieldsOfVerdict(
  verification: VerifyAnswer,
  input: VerifyInput,
  { signing: shown }: InputReading,
): Partial<VerifyInput> | null {
  const judged = judgedBy(verification);
  if (judged === null || (shown !== null && isSame(judged, shown))) return null;
  // A verdict that nothing matched is as much of a guess as what the form shows.
  if (verification.matchedSignature === null || input.scheme !== null) return null;
  return schemeFields({ scheme: judged.scheme, options: givenOptions(judged) });
}

/** Parsed once more, both have their fields in the same order. */
function isSame(one: Signing, other: Signing): boolean {
  return JSON.stringify(signing.safeParse(one).data) === JSON.stringify(signing.safeParse(other).data);
}
