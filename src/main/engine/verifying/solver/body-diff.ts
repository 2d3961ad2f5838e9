import { encodeBytes } from '../../signing/encoding.ts';
import type { SolverMatch } from '#shared/contract/solving.ts';

const shownBytes = 16;

/** Where two bodies begin to differ, or null when they do not. */
export function diffBodies(before: Uint8Array, after: Uint8Array): SolverMatch['bodyDiff'] {
  const length = Math.min(before.byteLength, after.byteLength);
  let offset = 0;
  while (offset < length && before[offset] === after[offset]) offset += 1;
  if (offset === before.byteLength && offset === after.byteLength) return null;
  const hex = (bytes: Uint8Array) => encodeBytes(bytes.subarray(offset, offset + shownBytes), 'hex');
  return { offset, beforeHex: hex(before), afterHex: hex(after) };
}
