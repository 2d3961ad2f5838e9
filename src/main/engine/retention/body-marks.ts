import { contentAt } from '../store/body-keys.ts';

/** Bodies that something refers to. An unmarked body is certainly unreferenced; a few marked ones may be unreferenced too. */
export interface BodyMarks {
  readonly mark: (hash: Uint8Array) => void;
  readonly isMarked: (hash: Uint8Array) => boolean;
}

/** Bits per body and bits set per body: about one unreferenced body in 400 looks referenced, until the next time. */
const bitsForEach = 16;
const bitsSet = 4;
const mostBits = 2 ** 29;
const fewestBits = 2 ** 16;

/**
 * Marks for about `bodies` bodies, in a Bloom filter: exact marks of a million hashes would take more memory than the
 * engine does. The keys of bodies end in parts of a SHA-256, which serve as the places; `shift`, 0 to 8, chooses which, so that
 * the bodies kept by mistake are others each time.
 */
export function createBodyMarks(bodies: number, shift: number): BodyMarks {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, bodies) * bitsForEach));
  const mask = Math.min(mostBits, Math.max(fewestBits, wanted)) - 1;
  const bits = new Uint8Array((mask + 1) / 8);
  const placeOf = (hash: Uint8Array, index: number) => {
    const at = contentAt + shift + index * 4;
    return (((hash[at] ?? 0) << 24) | ((hash[at + 1] ?? 0) << 16) | ((hash[at + 2] ?? 0) << 8) | (hash[at + 3] ?? 0)) & mask;
  };
  return {
    mark: (hash) => {
      for (let index = 0; index < bitsSet; index += 1) {
        const place = placeOf(hash, index);
        bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
      }
    },
    isMarked: (hash) => {
      for (let index = 0; index < bitsSet; index += 1) {
        const place = placeOf(hash, index);
        if (((bits[place >> 3] ?? 0) & (1 << (place & 7))) === 0) return false;
      }
      return true;
    },
  };
}
