import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logAxis } from '../../../src/renderer/ui/log-axis.ts';

describe('a logarithmic axis', () => {
  test('has 0 at its left end, the last moment at its right end, and equal steps for equal factors', () => {
    const { xOf } = logAxis([0, 1000, 10_000, 100_000], 1000, 40);
    expect([0, 1000, 10_000, 100_000].map(xOf)).toEqual([0, 100, expect.closeTo(550), 1000]);
  });

  test('never runs backwards and keeps every moment on the line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400 * 86_400_000), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 2000 }),
        (moments, width) => {
          const { xOf, ticks } = logAxis(moments, width, 40);
          const xs = moments.toSorted((a, b) => a - b).map(xOf);
          for (const [index, x] of xs.entries()) {
            expect(x).toBeGreaterThanOrEqual(xs[index - 1] ?? 0);
            expect(x).toBeLessThanOrEqual(width + 1e-6);
          }
          for (const [index, tick] of ticks.slice(1).entries()) expect(xOf(tick) - xOf(ticks[index] ?? 0)).toBeGreaterThanOrEqual(40);
        },
      ),
    );
  });
});
