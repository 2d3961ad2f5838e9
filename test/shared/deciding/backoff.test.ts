import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxAttemptsOf, type Jitter, type RetryPolicy } from '#shared/contract/retry.ts';
import { resolveRetryPolicy } from '#shared/contract/retry-choice.ts';
import { delayBand, plainDelayMs } from '#shared/retry-delay.ts';
import { backoffMs } from '#shared/deciding/backoff.ts';
import { retryPolicies } from '../../support/retry-policies.ts';

const half = () => 0.5;
const none: Jitter = { kind: 'none' };
const exponential = { kind: 'exponential', baseMs: 1000, factor: 2, maxDelayMs: 5000, maxAttempts: 6, jitter: none } as const;
const linear = { kind: 'linear', baseMs: 1000, stepMs: 500, maxDelayMs: 2200, maxAttempts: 5, jitter: none } as const;
const schedule = (jitter: Jitter): RetryPolicy => ({ kind: 'schedule', delaysMs: [1000], jitter });
const repeat = (maxAttempts: number) => ({ kind: 'repeat', maxAttempts }) as const;

describe('backoff', () => {
  it.each<{ name: string; policy: RetryPolicy; delays: readonly (number | null)[] }>([
    { name: 'no retries at all', policy: { kind: 'none' }, delays: [null, null] },
    { name: 'a schedule to its end', policy: { kind: 'schedule', delaysMs: [10, 20, 0], jitter: none }, delays: [10, 20, 0, null] },
    {
      name: 'a schedule that is said to stop',
      policy: { kind: 'schedule', delaysMs: [10, 20], jitter: none, afterLast: { kind: 'stop' } },
      delays: [10, 20, null],
    },
    {
      name: 'the last delay again until the attempts are used',
      policy: { kind: 'schedule', delaysMs: [10, 20], jitter: none, afterLast: repeat(6) },
      delays: [10, 20, 20, 20, 20, null],
    },
    { name: 'steps up to the cap', policy: linear, delays: [1000, 1500, 2000, 2200, null] },
    { name: 'steps of nothing as one delay', policy: { ...linear, stepMs: 0 }, delays: [1000, 1000, 1000, 1000, null] },
    { name: 'powers of the factor up to the cap', policy: exponential, delays: [1000, 2000, 4000, 5000, 5000, null] },
    { name: 'a factor of one as one delay', policy: { ...exponential, factor: 1, maxAttempts: 3 }, delays: [1000, 1000, null] },
    { name: 'a base above the cap as the cap', policy: { ...exponential, baseMs: 9000 }, delays: [5000] },
    { name: 'a single attempt as no retry', policy: { ...exponential, maxAttempts: 1 }, delays: [null] },
    { name: 'the quick preset', policy: resolveRetryPolicy('quick'), delays: [1000, 5000, 30_000, null] },
    { name: 'the stepped preset', policy: resolveRetryPolicy('stepped-five'), delays: [60_000, 300_000, 1_800_000, 7_200_000, null] },
    { name: 'the preset of GitHub', policy: resolveRetryPolicy('github'), delays: [null] },
  ])('gives $name', ({ policy, delays }) => {
    expect(delays.map((_, index) => backoffMs(policy, index + 1, half))).toEqual(delays);
  });

  it.each<{ name: string; jitter: Jitter; atZero: number; atHalf: number; nearOne: number }>([
    { name: 'none', jitter: { kind: 'none' }, atZero: 1000, atHalf: 1000, nearOne: 1000 },
    { name: 'plusMinus', jitter: { kind: 'plusMinus', ratio: 0.2 }, atZero: 800, atHalf: 1000, nearOne: 1200 },
    { name: 'addOnly', jitter: { kind: 'addOnly', ratio: 0.2 }, atZero: 1000, atHalf: 1100, nearOne: 1200 },
    {
      name: 'addOnly with a least spread',
      jitter: { kind: 'addOnly', ratio: 0.1, leastSpreadMs: 2000 },
      atZero: 1000,
      atHalf: 2000,
      nearOne: 3000,
    },
    {
      name: 'addOnly with a most spread',
      jitter: { kind: 'addOnly', ratio: 1, mostSpreadMs: 100 },
      atZero: 1000,
      atHalf: 1050,
      nearOne: 1100,
    },
    { name: 'full', jitter: { kind: 'full' }, atZero: 0, atHalf: 500, nearOne: 1000 },
  ])('varies a delay of one second by jitter $name', ({ jitter, atZero, atHalf, nearOne }) => {
    const delays = [0, 0.5, 1 - Number.EPSILON].map((value) => backoffMs(schedule(jitter), 1, () => value));
    expect(delays).toEqual([atZero, atHalf, nearOne]);
    expect(delayBand(1000, jitter)).toEqual({ leastMs: atZero, mostMs: nearOne });
  });

  it('does not overflow on the last of many retries', () => {
    expect(backoffMs({ ...exponential, factor: 10, maxDelayMs: 60_000, maxAttempts: 100 }, 99, half)).toBe(60_000);
  });

  it('is a whole number of milliseconds inside the band of its jitter, for exactly the retries a policy allows', () => {
    fc.assert(
      fc.property(retryPolicies(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (policy, random) => {
        const retries = maxAttemptsOf(policy) - 1;
        for (let retry = 1; retry <= retries; retry += 1) {
          const jitter = policy.kind === 'none' ? none : policy.jitter;
          const band = delayBand(plainDelayMs(policy, retry) ?? Number.NaN, jitter);
          expect(backoffMs(policy, retry, () => random)).toSatisfy(
            (value: number | null) =>
              value !== null && Number.isSafeInteger(value) && value >= 0 && value >= band.leastMs && value <= band.mostMs,
          );
        }
        expect(backoffMs(policy, retries + 1, () => random)).toBeNull();
      }),
    );
  });
});
