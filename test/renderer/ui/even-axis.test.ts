import { describe, expect, it } from 'vitest';
import { evenAxis } from '../../../src/renderer/ui/even-axis.ts';

describe('an even axis of time', () => {
  it('gives equal times equal lengths, from 0 to the last moment', () => {
    const { xOf } = evenAxis(1000, 500, 56);
    expect([0, 100, 250, 1000].map(xOf)).toEqual([0, 50, 125, 500]);
  });

  it.each([
    [1000, 500, [0, 200, 400, 600, 800, 1000]],
    [2870, 856, [0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000, 2200, 2400, 2600, 2800]],
    [90_000, 500, [0, 30_000, 60_000, 90_000]],
    [1000, 20, [0]],
    [0, 500, [0]],
  ])('has round ticks that have room: %j ms on %j px', (lastMs, widthPx, ticks) => {
    expect(evenAxis(lastMs, widthPx, 56).ticks).toEqual(ticks);
  });
});
