import { signing, type Signing } from '#shared/contract/signing.ts';

/** The tolerance that the options ask for, or else the scheme's own; null for none. */
export function toleranceOf(options: Signing, ownSeconds: number | null): number | null {
  return 'toleranceSeconds' in options && options.toleranceSeconds !== undefined ? options.toleranceSeconds : ownSeconds;
}

/** A scheme with its options as it was stored. One that an older version wrote gets the options that came since. */
export function storedSigning(stored: Signing | null): Signing | null {
  const parsed = signing.nullable().safeParse(stored);
  return parsed.success ? parsed.data : stored;
}
