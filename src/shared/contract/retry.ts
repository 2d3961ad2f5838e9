import { z } from 'zod';
import { successRulePattern } from './success-rule.ts';
import { outcomeCode, type OutcomeCode } from './outcome.ts';

const dayMs = 86_400_000;
const longestDelayMs = 30 * dayMs;
const longestTotalMs = 365 * dayMs;

function durationMs(leastMs: number, mostMs: number, mostText: string) {
  return z
    .number()
    .int('Give a whole number of milliseconds.')
    .min(leastMs, `Use at least ${leastMs} ms.`)
    .max(mostMs, `Use at most ${mostText} (${mostMs} ms).`);
}

const delayMs = durationMs(0, longestDelayMs, '30 days');
const stepMs = durationMs(1, longestDelayMs, '30 days');
const ratio = z.number().min(0, 'Use a share of the delay of at least 0.').max(1, 'Use a share of the delay of at most 1, which is 100 %.');

/** All attempts of a schedule, the first included. */
const maxAttempts = z
  .number()
  .int('Give a whole number of attempts.')
  .min(1, 'Allow at least 1 attempt; that is the first one.')
  .max(100, 'Allow at most 100 attempts.');

/**
 * How a delay is varied: `ratio` is the share of the delay, 0.2 for 20 %. What `addOnly` may add at most is that share,
 * raised to `leastSpreadMs` and cut to `mostSpreadMs` where these are given.
 */
export const jitter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('plusMinus'), ratio }),
  z.strictObject({ kind: z.literal('addOnly'), ratio, leastSpreadMs: delayMs.optional(), mostSpreadMs: delayMs.optional() }),
  z.strictObject({ kind: z.literal('full') }),
]);
export type Jitter = z.infer<typeof jitter>;

/** Statuses and ranges of them, such as `429` or `500-599,429`; grammar of the success rule. */
const statusList = z
  .string()
  .max(500)
  .regex(successRulePattern, 'Use statuses, ranges and classes with commas between, such as 429,500-599 or 5xx.');

/** A receiver may ask for a pause of at most a day unless the policy says otherwise, so that no header can delay a delivery forever. */
export const longestRetryAfterMs = dayMs;

/**
 * How `Retry-After` is used. Honoured, it can only lengthen a wait: it is raised to `minMs`, cut to `maxMs` (a day
 * where that is left out), and used if it is longer than the policy's own delay. `statuses` are those of the
 * answers whose header counts; all do where it is left out. A number counts as seconds, or in another `unit`.
 */
export const retryAfterRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ignore') }),
  z
    .strictObject({
      kind: z.literal('honour'),
      statuses: statusList.optional(),
      minMs: delayMs.optional(),
      maxMs: delayMs.optional(),
      unit: z.enum(['seconds', 'milliseconds']).optional(),
    })
    .refine(({ minMs = 0, maxMs = longestRetryAfterMs }) => minMs <= maxMs, {
      path: ['minMs'],
      message: 'Make the shortest wait no longer than the longest, which is a day by default.',
    }),
]);
export type RetryAfterRule = z.infer<typeof retryAfterRule>;

/** Outcomes without a complete answer, after which another attempt may succeed. */
export const networkCodes = [
  'dns',
  'refused',
  'reset',
  'unreachable',
  'timeout',
  'tls',
  'proxy',
  'protocol',
  'incomplete',
  'auth',
  'unknown',
] as const satisfies readonly OutcomeCode[];

/** Codes that a custom rule may name; answers are named by their status. */
const customCodes = outcomeCode.extract([...networkCodes, 'redirect']);

/**
 * Which failures another attempt follows: any; `network`, those without a whole answer; `serverErrors`, answers with 5xx
 * or 429; or outcome codes and statuses of one's own.
 */
export const retryOn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('network') }),
  z.strictObject({ kind: z.literal('serverErrors') }),
  z
    .strictObject({
      kind: z.literal('custom'),
      codes: z.array(customCodes).max(customCodes.options.length),
      statuses: statusList.optional(),
    })
    .refine(({ codes, statuses }) => codes.length > 0 || statuses !== undefined, {
      path: ['codes'],
      message: 'Name at least one outcome code or status to retry after; a policy of kind none never retries.',
    }),
]);
export type RetryOn = z.infer<typeof retryOn>;

/** Fields of every policy that retries; the default comes first in each note. */
const common = {
  jitter: jitter.default({ kind: 'none' }),
  /**
   * No limit, or the time from the beginning of the schedule beyond which no attempt is made, before time scale. A redelivery restarts
   * the schedule.
   */
  totalTimeMs: durationMs(1, longestTotalMs, '365 days').optional(),
  /** Honoured for all statuses up to a day, or otherwise. */
  retryAfter: retryAfterRule.optional(),
  /** After which failures; any by default. */
  retryOn: retryOn.optional(),
};

/** What follows the last delay of a schedule: nothing, or that delay again and again until there were `maxAttempts`. */
export const afterLast = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stop') }),
  z.strictObject({ kind: z.literal('repeat'), maxAttempts }),
]);

/**
 * A retry policy as data. Delays count from the end of one attempt to the start of the next, before time scale. In all
 * kinds `maxAttempts` counts the first attempt too.
 */
export const retryPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z
    .strictObject({
      kind: z.literal('schedule'),
      /** One delay for each retry, so one more attempt than there are delays unless the last repeats. */
      delaysMs: z.array(delayMs).min(1).max(100),
      /** Stop, or repeat the last delay. */
      afterLast: afterLast.optional(),
      ...common,
    })
    .refine(({ delaysMs, afterLast: after }) => after?.kind !== 'repeat' || after.maxAttempts > delaysMs.length, {
      path: ['afterLast', 'maxAttempts'],
      message: 'Allow at least one attempt more than there are delays, so that each delay is used.',
    }),
  z.strictObject({
    kind: z.literal('linear'),
    /** Before the first retry. */
    baseMs: stepMs,
    /** Added for each further retry; 0 keeps the delay as it is. */
    stepMs: delayMs,
    maxDelayMs: stepMs.default(dayMs),
    maxAttempts,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('exponential'),
    /** Before the first retry. */
    baseMs: stepMs,
    factor: z.number().min(1, 'Use a factor of at least 1.').max(10, 'Use a factor of at most 10.').default(2),
    maxDelayMs: stepMs.default(dayMs),
    maxAttempts,
    ...common,
  }),
]);
export type RetryPolicy = z.infer<typeof retryPolicy>;
export type RetryPolicyInput = z.input<typeof retryPolicy>;

/** How many attempts a policy allows in all, the first included; a total-time limit may leave less. */
export function maxAttemptsOf(policy: RetryPolicy): number {
  switch (policy.kind) {
    case 'none':
      return 1;
    case 'schedule':
      return policy.afterLast?.kind === 'repeat' ? policy.afterLast.maxAttempts : policy.delaysMs.length + 1;
    case 'linear':
    case 'exponential':
      return policy.maxAttempts;
  }
}
