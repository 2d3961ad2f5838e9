import fc from 'fast-check';
import { networkCodes, retryPolicy, type Jitter, type RetryAfterRule, type RetryOn, type RetryPolicy } from '#shared/contract/retry.ts';

const dayMs = 86_400_000;
const ratio = fc.double({ min: 0, max: 1, noNaN: true });

/** Jitter of every kind. */
const jitters: fc.Arbitrary<Jitter> = fc.oneof(
  fc.constant<Jitter>({ kind: 'none' }),
  fc.constant<Jitter>({ kind: 'full' }),
  ratio.map((value): Jitter => ({ kind: 'plusMinus', ratio: value })),
  fc.record(
    {
      kind: fc.constant('addOnly' as const),
      ratio,
      leastSpreadMs: fc.nat(10_000),
      mostSpreadMs: fc.nat(600_000),
    },
    { requiredKeys: ['kind', 'ratio'] },
  ),
);

const statuses = fc.constantFrom('429', '5xx', '400-499,503');

const retryOns: fc.Arbitrary<RetryOn> = fc.oneof(
  fc.constantFrom<RetryOn>({ kind: 'any' }, { kind: 'network' }, { kind: 'serverErrors' }),
  fc.record({
    kind: fc.constant('custom' as const),
    codes: fc.subarray([...networkCodes, 'redirect' as const], { minLength: 1 }),
    statuses,
  }),
);

const retryAfters: fc.Arbitrary<RetryAfterRule> = fc.oneof(
  fc.constant<RetryAfterRule>({ kind: 'ignore' }),
  fc.record(
    { kind: fc.constant('honour' as const), statuses, minMs: fc.nat(60_000), maxMs: fc.integer({ min: 60_000, max: dayMs }) },
    { requiredKeys: ['kind'] },
  ),
);

const limits = {
  jitter: jitters,
  totalTimeMs: fc.integer({ min: 1, max: 3 * dayMs }),
  retryAfter: retryAfters,
  retryOn: retryOns,
};

/** Policies of every kind with every limit, at most `mostAttempts` attempts and delays up to `mostDelayMs`. */
export function retryPolicies(mostAttempts = 100, mostDelayMs = dayMs): fc.Arbitrary<RetryPolicy> {
  const maxAttempts = fc.integer({ min: 1, max: mostAttempts });
  const delay = fc.nat(mostDelayMs);
  const least = fc.integer({ min: 1, max: mostDelayMs });
  const schedules = fc
    .record(
      { kind: fc.constant('schedule'), delaysMs: fc.array(delay, { minLength: 1, maxLength: Math.min(20, mostAttempts - 1) }), ...limits },
      { requiredKeys: ['kind', 'delaysMs', 'jitter'] },
    )
    .chain((policy) =>
      fc.oneof(
        fc.constant(policy),
        fc
          .integer({ min: policy.delaysMs.length + 1, max: mostAttempts })
          .map((attempts) => ({ ...policy, afterLast: { kind: 'repeat', maxAttempts: attempts } })),
      ),
    );
  const ramps = fc.oneof(
    fc.record(
      { kind: fc.constant('linear'), baseMs: least, stepMs: delay, maxDelayMs: least, maxAttempts, ...limits },
      { requiredKeys: ['kind', 'baseMs', 'stepMs', 'maxDelayMs', 'maxAttempts', 'jitter'] },
    ),
    fc.record(
      {
        kind: fc.constant('exponential'),
        baseMs: least,
        factor: fc.double({ min: 1, max: 10, noNaN: true }),
        maxDelayMs: least,
        maxAttempts,
        ...limits,
      },
      { requiredKeys: ['kind', 'baseMs', 'factor', 'maxDelayMs', 'maxAttempts', 'jitter'] },
    ),
  );
  return fc.oneof(fc.constant({ kind: 'none' }), schedules, ramps).map((input) => retryPolicy.parse(input));
}
