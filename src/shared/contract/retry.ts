import { z } from 'zod';

const delayMs = z
  .number()
  .int()
  .min(0)
  .max(30 * 86_400_000);

/** How a delay is varied: `ratio` is the share of the delay, 0.2 for 20 %. */
export const jitter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('plusMinus'), ratio: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('addOnly'), ratio: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('full') }),
]);
export type Jitter = z.infer<typeof jitter>;

/** A retry policy as data. Delays count from the end of one attempt to the start of the next, before time scale. */
export const retryPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('schedule'),
    /** One delay for each retry, so one more attempt than there are delays. */
    delaysMs: z.array(delayMs).min(1).max(100),
    jitter: jitter.default({ kind: 'none' }),
  }),
  z.strictObject({
    kind: z.literal('exponential'),
    baseMs: delayMs.min(1),
    factor: z.number().min(1).max(10).default(2),
    maxDelayMs: delayMs.min(1).default(86_400_000),
    /** All attempts, the first included. */
    maxAttempts: z.number().int().min(1).max(100),
    jitter: jitter.default({ kind: 'none' }),
  }),
]);
export type RetryPolicy = z.infer<typeof retryPolicy>;
export type RetryPolicyInput = z.input<typeof retryPolicy>;

const seconds = (...values: readonly number[]) => values.map((value) => value * 1000);

/** Named policies that endpoints may refer to, with where the figures come from. */
export const retryPresets = {
  none: { title: 'No retries', source: null, asOf: null, policy: { kind: 'none' } },
  quick: {
    title: 'Quick: 1 s, 5 s, 30 s',
    source: null,
    asOf: null,
    policy: { kind: 'schedule', delaysMs: seconds(1, 5, 30), jitter: { kind: 'none' } },
  },
  'standard-webhooks': {
    title: 'Standard Webhooks: 10 attempts over 75 h',
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    asOf: '2026-08-17',
    policy: {
      kind: 'schedule',
      delaysMs: seconds(5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
      jitter: { kind: 'none' },
    },
  },
  svix: {
    title: 'Svix: 8 attempts over 27 h',
    source: 'https://docs.svix.com/retries',
    asOf: '2026-08-20',
    policy: {
      kind: 'schedule',
      delaysMs: seconds(5, 300, 1800, 7200, 18_000, 36_000, 36_000),
      jitter: { kind: 'plusMinus', ratio: 0.2 },
    },
  },
} as const satisfies Record<
  string,
  { readonly title: string; readonly source: string | null; readonly asOf: string | null; readonly policy: RetryPolicyInput }
>;

export type RetryPresetName = keyof typeof retryPresets;
export const retryPresetNames = Object.keys(retryPresets) as readonly RetryPresetName[];

/** A preset's name or a policy written out. */
export const retryPolicyChoice = z.union([z.enum(retryPresetNames as [RetryPresetName, ...RetryPresetName[]]), retryPolicy]);
export type RetryPolicyChoice = z.infer<typeof retryPolicyChoice>;

/** The policy behind a choice. */
export function resolveRetryPolicy(choice: RetryPolicyChoice): RetryPolicy {
  return typeof choice === 'string' ? retryPolicy.parse(retryPresets[choice].policy) : choice;
}

/** How many attempts a policy allows in all, the first included. */
export function maxAttemptsOf(policy: RetryPolicy): number {
  switch (policy.kind) {
    case 'none':
      return 1;
    case 'schedule':
      return policy.delaysMs.length + 1;
    case 'exponential':
      return policy.maxAttempts;
  }
}
