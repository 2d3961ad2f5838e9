import type { GivenBytes } from '#shared/contract/common.ts';

/** The bytes of a call's input, in whichever form they came. */
export function bytesOf(given: GivenBytes): Uint8Array {
  return typeof given === 'string' ? Buffer.from(given, 'base64') : given;
}
