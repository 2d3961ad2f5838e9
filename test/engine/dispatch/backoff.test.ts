import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxAttemptsOf, resolveRetryPolicy, retryPolicy, type Jitter, type RetryPolicy } from '#shared/contract/retry.ts';
import { backoffMs } from '#engine/dispatch/backoff.ts';

const half = () => 0.5;
const none: Jitter = { kind: 'none' };
const exponential = (jitter: Jitter = none): RetryPolicy => ({
  kind: 'exponential',
  baseMs: 1000,
  factor: 2,
  maxDelayMs: 5000,
  maxAttempts: 6,
  jitter,
});
const schedule = (jitter: Jitter): RetryPolicy => ({ kind: 'schedule', delaysMs: [1000], jitter });

describe('backoff', () => {
  it.each<{ name: string; policy: RetryPolicy; delays: readonly (number | null)[] }>([
    { name: 'no retries at all', policy: { kind: 'none' }, delays: [null, null] },
    { name: 'a schedule to its end', policy: { kind: 'schedule', delaysMs: [10, 20, 0], jitter: none }, delays: [10, 20, 0, null] },
    { name: 'powers of the factor up to the cap', policy: exponential(), delays: [1000, 2000, 4000, 5000, 5000, null] },
    { name: 'a base above the cap as the cap', policy: { ...exponential(), baseMs: 9000 } as RetryPolicy, delays: [5000] },
    { name: 'a single attempt as no retry', policy: { ...exponential(), maxAttempts: 1 } as RetryPolicy, delays: [null] },
    { name: 'the quick preset', policy: resolveRetryPolicy('quick'), delays: [1000, 5000, 30_000, null] },
  ])('gives $name', ({ policy, delays }) => {
    expect(delays.map((_, index) => backoffMs(policy, index + 1, half))).toEqual(delays);
  });

  it.each<{ jitter: Jitter; atZero: number; atHalf: number; nearOne: number }>([
    { jitter: { kind: 'none' }, atZero: 1000, atHalf: 1000, nearOne: 1000 },
    { jitter: { kind: 'plusMinus', ratio: 0.2 }, atZero: 800, atHalf: 1000, nearOne: 1200 },
    { jitter: { kind: 'addOnly', ratio: 0.2 }, atZero: 1000, atHalf: 1100, nearOne: 1200 },
    { jitter: { kind: 'full' }, atZero: 0, atHalf: 500, nearOne: 1000 },
  ])('varies a delay of one second by jitter $jitter.kind', ({ jitter, atZero, atHalf, nearOne }) => {
    const delays = [0, 0.5, 1 - Number.EPSILON].map((value) => backoffMs(schedule(jitter), 1, () => value));
    expect(delays).toEqual([atZero, atHalf, nearOne]);
  });

  it('does not overflow on the last of many retries', () => {
    expect(backoffMs({ kind: 'exponential', baseMs: 1, factor: 10, maxDelayMs: 60_000, maxAttempts: 100, jitter: none }, 99, half)).toBe(
      60_000,
    );
  });

  const policies = fc
    .oneof(
      fc.record({
        kind: fc.constant('schedule'),
        delaysMs: fc.array(fc.nat(86_400_000), { minLength: 1, maxLength: 20 }),
        jitter: jitters(),
      }),
      fc.record({
        kind: fc.constant('exponential'),
        baseMs: fc.integer({ min: 1, max: 86_400_000 }),
        factor: fc.double({ min: 1, max: 10, noNaN: true }),
        maxDelayMs: fc.integer({ min: 1, max: 86_400_000 }),
        maxAttempts: fc.integer({ min: 1, max: 100 }),
        jitter: jitters(),
      }),
    )
    .map((input) => retryPolicy.parse(input));

  it('is a whole number of milliseconds, never negative and at most twice the longest delay, for exactly the retries a policy allows', () => {
    fc.assert(
      fc.property(policies, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (policy, random) => {
        const longestMs = policy.kind === 'schedule' ? Math.max(...policy.delaysMs) : policy.kind === 'exponential' ? policy.maxDelayMs : 0;
        const retries = maxAttemptsOf(policy) - 1;
        for (let retry = 1; retry <= retries; retry += 1) {
          const delayMs = backoffMs(policy, retry, () => random);
          expect(delayMs).toSatisfy(
            (value: number | null) => value !== null && Number.isSafeInteger(value) && value >= 0 && value <= 2 * longestMs,
          );
        }
        expect(backoffMs(policy, retries + 1, () => random)).toBeNull();
      }),
    );
  });
});

function jitters(): fc.Arbitrary<Jitter> {
  const ratio = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    fc.constant<Jitter>({ kind: 'none' }),
    fc.constant<Jitter>({ kind: 'full' }),
    ratio.map((value): Jitter => ({ kind: 'plusMinus', ratio: value })),
    ratio.map((value): Jitter => ({ kind: 'addOnly', ratio: value })),
  );
}
