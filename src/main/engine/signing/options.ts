import type { Signing } from '#shared/contract/signing.ts';

/** The tolerance that the options ask for, or else the scheme's own; null for none. */
export function toleranceOf(options: Signing, ownSeconds: number | null): number | null {
  return 'toleranceSeconds' in options && options.toleranceSeconds !== undefined ? options.toleranceSeconds : ownSeconds;
}
