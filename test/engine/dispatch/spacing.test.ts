import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterTaken, mayTakeAtMs, spacingMs } from '#engine/dispatch/spacing.ts';
import type { RateLimit } from '#shared/contract/health.ts';

const rates: fc.Arbitrary<RateLimit> = fc
  .record({ count: fc.integer({ min: 1, max: 2000 }), perMs: fc.integer({ min: 1, max: 100_000 }) })
  .filter(({ count, perMs }) => perMs >= count);

/** Starts of attempts that are always wanted, by timers that come so late each. */
function startsAt(rate: RateLimit, latenessMs: readonly number[]): readonly number[] {
  let takenAtMs = Number.NEGATIVE_INFINITY;
  let nowMs = 1_700_000_000_000;
  return latenessMs.map((lateMs) => {
    const opensAtMs = mayTakeAtMs(takenAtMs, rate, nowMs);
    nowMs = Math.max(nowMs, Number.isFinite(opensAtMs) ? Math.ceil(opensAtMs) : nowMs) + lateMs;
    takenAtMs = afterTaken(takenAtMs, rate, nowMs);
    return nowMs;
  });
}

describe('attempts at a rate', () => {
  it('are never more than its count in any window of its length, however late their timers come', () => {
    fc.assert(
      fc.property(
        rates,
        fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(500)), { minLength: 2, maxLength: 300 }),
        (rate, late) => {
          const starts = startsAt(rate, late);
          for (const [index, atMs] of starts.entries()) {
            const beyond = starts[index + rate.count];
            if (beyond !== undefined) expect(beyond - atMs).toBeGreaterThanOrEqual(rate.perMs);
          }
        },
      ),
    );
  });

  it.each([
    [{ count: 700, perMs: 1000 }, 700],
    [{ count: 3, perMs: 10 }, 300],
    [{ count: 1000, perMs: 1000 }, 1000],
    [{ count: 1, perMs: 60_000 }, 5],
  ])('use the rate of %o to the full when timers come in time', (rate, count) => {
    const starts = startsAt(
      rate,
      Array.from({ length: count + 1 }, () => 0),
    );
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBe(Math.ceil(count * spacingMs(rate)));
  });

  it('wait no longer than one spacing after the clock was set back', () => {
    expect(mayTakeAtMs(1_000_000, { count: 1, perMs: 500 }, 10_000)).toBe(10_500);
  });
});
