import { isSameMac } from '../../../signing/mac-recipe.ts';
import type { Cause } from '../cause.ts';
import { alteredMac } from './altered.ts';
import { leastBytes, type SignatureToken } from './signature-tokens.ts';

/** A received signature that a computed MAC equals. */
export interface Comparison {
  readonly token: SignatureToken;
  readonly causes: readonly Cause[];
  readonly comparedBytes: number;
}

/** Below this many bytes a match is a hint only. */
export const proofBytes = 16;

/** The first signature that is this MAC, whole or cut short; compared in constant time. */
export function compareMac(mac: Uint8Array, tokens: readonly SignatureToken[]): Comparison | null {
  for (const token of tokens) {
    const bytes = token.mac.byteLength;
    if (bytes < leastBytes || bytes > mac.byteLength) continue;
    if (bytes === mac.byteLength) {
      if (isSameMac(mac, token.mac)) return { token, causes: token.causes, comparedBytes: bytes };
      continue;
    }
    const part = token.end === 'start' ? mac.subarray(0, bytes) : mac.subarray(mac.byteLength - bytes);
    if (isSameMac(part, token.mac))
      return { token, causes: [...token.causes, cutCause(token.end, bytes, mac.byteLength)], comparedBytes: bytes };
  }
  const altered = alteredMac(mac, tokens);
  return altered === null ? null : { token: altered.token, causes: altered.causes, comparedBytes: altered.agreeingBytes };
}

function cutCause(end: SignatureToken['end'], bytes: number, ofBytes: number): Cause {
  const place = end === 'start' ? 'end' : 'beginning';
  return {
    kind: 'encoding',
    id: 'signature-cut',
    family: 'signature-text',
    cost: 1,
    change: `the signature is completed at its ${place} (${bytes} of ${ofBytes} bytes are there, and they agree)`,
    why: 'the signature was cut short, or not copied whole',
    remedy: 'Copy the whole header as it was sent.',
  };
}
