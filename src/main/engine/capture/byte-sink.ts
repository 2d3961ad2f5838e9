/** Gathers a body up to a limit. */
export interface ByteSink {
  /** Takes what fits; false when some did not. */
  readonly add: (chunk: Uint8Array) => boolean;
  readonly bytes: () => Uint8Array;
}

/**
 * A sink in one buffer that doubles. Keeping the chunks themselves would let a sender of one-byte chunks cost us a
 * hundred times the body's size.
 */
export function createByteSink(limitBytes: number): ByteSink {
  let buffer = new Uint8Array(0);
  let length = 0;
  return {
    add: (chunk) => {
      const taken = Math.min(chunk.byteLength, limitBytes - length);
      const needed = length + taken;
      if (needed > buffer.byteLength) {
        const grown = new Uint8Array(Math.min(limitBytes, Math.max(needed, buffer.byteLength * 2)));
        grown.set(buffer.subarray(0, length));
        buffer = grown;
      }
      buffer.set(chunk.subarray(0, taken), length);
      length = needed;
      return taken === chunk.byteLength;
    },
    bytes: () => buffer.subarray(0, length),
  };
}
