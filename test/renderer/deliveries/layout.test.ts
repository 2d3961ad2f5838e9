import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisTicks, layoutBars, timeAt } from '../../../src/renderer/features/deliveries/histogram-layout.ts';
import { phasesOf } from '../../../src/renderer/features/deliveries/waterfall.ts';
import { placeMarks, spanTicks } from '../../../src/renderer/ui/timeline-layout.ts';

const data = {
  fromMs: 0,
  toMs: 4000,
  buckets: [
    { startMs: 0, counts: { delivered: 98, failed: 1 } },
    { startMs: 1000, counts: {} },
    { startMs: 2000, counts: { exhausted: 200 } },
    { startMs: 3000, counts: { pending: 10 } },
  ],
};

describe('the histogram', () => {
  test('stacks the outcomes from the bottom up and never leaves the plot', () => {
    const bars = layoutBars(data, 400, 100);
    expect(bars.map(({ total }) => total)).toEqual([99, 0, 200, 10]);
    for (const { segments } of bars) {
      let floor = 100;
      for (const { y, height } of segments) {
        expect(y + height).toBeCloseTo(floor);
        floor = y;
      }
      expect(floor).toBeGreaterThanOrEqual(0);
    }
    expect(bars[2]?.segments[0]).toMatchObject({ status: 'exhausted', y: 0, height: 100 });
  });

  test('draws one failure among many high enough to be seen', () => {
    const failed = layoutBars(data, 400, 100)[0]?.segments.find(({ status }) => status === 'failed');
    expect(failed?.height).toBeGreaterThanOrEqual(2);
  });

  test('bars end where the next begins, the last at the end', () => {
    expect(layoutBars(data, 400, 100).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 1000],
      [1000, 2000],
      [2000, 3000],
      [3000, 4000],
    ]);
  });

  test('a place outside of the plot is the nearest end of time', () => {
    expect([timeAt(data, 400, -50), timeAt(data, 400, 100), timeAt(data, 400, 900)]).toEqual([0, 1000, 4000]);
  });

  test('ticks are at round moments of the zone, far enough apart', () => {
    const day = 86_400_000;
    const ticks = axisTicks({ fromMs: day + 5, toMs: 2 * day }, 960, 96, 3_600_000);
    expect(ticks.length).toBeGreaterThan(2);
    for (const [index, { atMs, x }] of ticks.entries()) {
      expect((atMs + 3_600_000) % 3_600_000).toBe(0);
      const before = ticks[index - 1];
      if (before !== undefined) expect(x - before.x).toBeGreaterThanOrEqual(96);
    }
  });

  test('nothing is drawn without room or without time', () => {
    expect(layoutBars(data, 0, 100)).toEqual([]);
    expect(axisTicks({ fromMs: 5, toMs: 5 }, 100, 20, 0)).toEqual([]);
  });
});

describe('the retry timeline', () => {
  test('marks are at their true place and never cover each other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 }), (times) => {
        const placed = placeMarks(
          times.map((atMs, index) => ({ key: String(index), atMs, durationMs: 0 })),
          0,
          100_000,
          500,
          22,
        );
        for (const { mark, x } of placed) expect(x).toBeCloseTo(mark.atMs / 200);
        for (const one of placed)
          for (const other of placed)
            if (one !== other && one.lane === other.lane) expect(Math.abs(one.x - other.x)).toBeGreaterThanOrEqual(22);
      }),
    );
  });

  test('a duration is drawn to the same scale, and left out below a pixel', () => {
    const [long, short] = placeMarks(
      [
        { key: 'a', atMs: 0, durationMs: 500 },
        { key: 'b', atMs: 900, durationMs: 1 },
      ],
      0,
      1000,
      100,
      22,
    );
    expect(long?.width).toBe(50);
    expect(short?.width).toBe(0);
  });

  test('its axis has round steps and no more than asked for', () => {
    expect(spanTicks(7000, 6)).toEqual([0, 2000, 4000, 6000]);
    expect(spanTicks(75 * 3_600_000, 6).length).toBeLessThanOrEqual(7);
  });
});

test('phases follow each other without a gap, and those that did not happen take no time', () => {
  const phases = phasesOf({ queuedMs: 1, dnsMs: null, connectMs: 2, tlsMs: null, firstByteMs: 30, downloadMs: 5, totalMs: 38 });
  expect(phases.map(({ name, startMs, durationMs }) => [name, startMs, durationMs])).toEqual([
    ['queued', 0, 1],
    ['dns', 1, null],
    ['connect', 1, 2],
    ['tls', 3, null],
    ['wait', 3, 30],
    ['download', 33, 5],
  ]);
});
