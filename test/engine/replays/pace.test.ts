import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caughtUp, nextTakeAtMs, startPace, takeableNow, withTaken } from '#engine/replays/pace.ts';

describe('the pace of a replay', () => {
  it('takes the first at once and the next ones at the rate', () => {
    const pace = withTaken(startPace(4, 1000), 1);
    expect(takeableNow(startPace(4, 1000), 1000)).toBe(1);
    expect([1000, 1249, 1250, 1500, 1750].map((atMs) => takeableNow(pace, atMs))).toEqual([0, 0, 1, 2, 3]);
    expect(nextTakeAtMs(pace, 1000)).toBe(1250);
  });

  it('waits longer than a second at a rate below one', () => {
    const pace = withTaken(startPace(0.1, 0), 1);
    expect(nextTakeAtMs(pace, 0)).toBe(10_000);
    expect(takeableNow(pace, 9999)).toBe(0);
    expect(takeableNow(pace, 10_000)).toBe(1);
  });

  it('takes full batches without a rate', () => {
    expect(takeableNow(startPace(null, 0), 0)).toBe(100);
  });

  it('makes up for a second at most after the machine slept', () => {
    const pace = withTaken(startPace(10, 0), 1);
    expect(takeableNow(caughtUp(pace, 1000), 1000)).toBe(10);
    expect(takeableNow(caughtUp(pace, 3_600_000), 3_600_000)).toBe(1);
  });

  it('goes on when the clock went backwards', () => {
    const pace = withTaken(startPace(10, 100_000), 50);
    expect(takeableNow(caughtUp(pace, 5000), 5000)).toBe(1);
  });

  it('never takes more than the rate allows in any stretch of time, and looks again in the future only', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 10_000, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 60 }),
        (rate, waits) => {
          let pace = startPace(rate, 0);
          let [nowMs, taken] = [0, 0];
          for (const waitMs of waits) {
            nowMs += waitMs;
            pace = caughtUp(pace, nowMs);
            const count = takeableNow(pace, nowMs);
            pace = withTaken(pace, count);
            taken += count;
            expect(nextTakeAtMs(pace, nowMs)).toBeGreaterThan(nowMs);
          }
          expect(taken).toBeLessThanOrEqual(1 + (nowMs * rate) / 1000 + waits.length);
        },
      ),
    );
  });
});
