import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteSink } from '#engine/capture/byte-sink.ts';

test('a sink gives back what went in, up to its limit, however it was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.nat(200), (chunks, limitBytes) => {
      const sink = createByteSink(limitBytes);
      const fitted = chunks.map((chunk) => sink.add(chunk));
      const whole = Buffer.concat(chunks);
      expect(Buffer.from(sink.bytes())).toEqual(whole.subarray(0, limitBytes));
      expect(fitted.every(Boolean)).toBe(whole.byteLength <= limitBytes);
    }),
  );
});
