import { createHash } from 'node:crypto';

/**
 * Two numbers in [0, 1) for a request: whether it fails, and how. They follow from the seed, the value of its key and its number alone, so
 * that the same requests fail whenever the counting begins anew, in whatever order requests with different keys come.
 */
export function drawFor(seed: string, key: string, number: number): readonly [fails: number, how: number] {
  const bytes = createHash('sha256')
    .update(JSON.stringify([seed, key, number]))
    .digest();
  return [bytes.readUInt32BE(0) / 2 ** 32, bytes.readUInt32BE(4) / 2 ** 32];
}
