import type { RetryPolicyInput } from './retry.ts';

/** A policy that can be chosen by its name, with where its figures come from. */
export interface RetryPreset {
  readonly title: string;
  /** The page or file that states the figures; null where they are nobody's in particular. */
  readonly source: string | null;
  /** The day the source was read, as `2026-11-21`. */
  readonly asOf: string | null;
  /** What the source leaves open and how it was filled in, or what else to know. */
  readonly note: string | null;
  /** Senders with this policy switch an endpoint off once a delivery to it is exhausted. */
  readonly disablesEndpoint: boolean;
  readonly policy: RetryPolicyInput;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const own = { source: null, asOf: null, note: null, disablesEndpoint: false } as const;

/** Retry policies that endpoints may refer to by name. */
export const retryPresets = {
  none: { ...own, title: 'No retries', policy: { kind: 'none' } },
  quick: {
    ...own,
    title: 'Quick: 1 s, 5 s, 30 s',
    policy: { kind: 'schedule', delaysMs: [second, 5 * second, 30 * second] },
  },
  'standard-webhooks': {
    ...own,
    title: 'Standard Webhooks: 10 attempts over 75 h',
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    asOf: '2026-08-17',
    note: 'The specification gives this schedule as an example. It recommends jitter without a figure, so there is none here.',
    policy: {
      kind: 'schedule',
      delaysMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
    },
  },
  svix: {
    ...own,
    title: 'Svix: 8 attempts over 27 h',
    source: 'https://docs.svix.com/retries',
    asOf: '2026-11-21',
    note: 'The page states no jitter; 20 % either way is what the open server does.',
    policy: {
      kind: 'schedule',
      delaysMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour],
      jitter: { kind: 'plusMinus', ratio: 0.2 },
    },
  },
  'stepped-five': {
    ...own,
    title: 'Stepped: 5 attempts over 2 h 36 m, then disabled',
    note: 'A common in-house schedule of 1 m, 5 m, 30 m and 2 h; no public page is its source.',
    disablesEndpoint: true,
    policy: { kind: 'schedule', delaysMs: [minute, 5 * minute, 30 * minute, 2 * hour] },
  },
  'doubling-twenty': {
    ...own,
    title: 'Doubling from 1 s: 20 retries over 12 d',
    note: 'A common in-house schedule; no public page is its source.',
    policy: { kind: 'exponential', baseMs: second, factor: 2, maxDelayMs: 2 ** 19 * second, maxAttempts: 21 },
  },
  hookdeck: {
    ...own,
    title: 'Hookdeck: 50 retries, one an hour',
    source: 'https://hookdeck.com/docs/automatically-retry-events',
    asOf: '2026-11-21',
    note: 'Each connection chooses linear or doubling, the interval and up to 50 retries, and Hookdeck names no default: this is the most it allows, linear, once an hour.',
    policy: { kind: 'linear', baseMs: hour, stepMs: 0, maxDelayMs: hour, maxAttempts: 51 },
  },
  convoy: {
    ...own,
    title: 'Convoy, linear: 10 attempts, 100 s apart',
    source: 'https://www.getconvoy.io/docs/glossary/retry-schedule',
    asOf: '2026-11-21',
    note: 'Interval and count are the defaults of its source code (datastore/models.go). Retry-After is not read.',
    policy: {
      kind: 'linear',
      baseMs: 100 * second,
      stepMs: 0,
      maxDelayMs: 100 * second,
      maxAttempts: 10,
      retryAfter: { kind: 'ignore' },
    },
  },
  'convoy-exponential': {
    ...own,
    title: 'Convoy, exponential: 10 attempts, doubling from 100 s to 2 h',
    source: 'https://github.com/frain-dev/convoy/blob/main/retrystrategies/exponentialBackoff.go',
    asOf: '2026-11-21',
    note: 'Up to 5 s are added to each delay. Retry-After is not read.',
    policy: {
      kind: 'exponential',
      baseMs: 100 * second,
      factor: 2,
      maxDelayMs: 2 * hour,
      maxAttempts: 10,
      jitter: { kind: 'addOnly', ratio: 0, leastSpreadMs: 5 * second },
      retryAfter: { kind: 'ignore' },
    },
  },
  hook0: {
    ...own,
    title: 'Hook0: 24 retries within 8 d',
    source: 'https://github.com/hook0/hook0/blob/master/documentation/explanation/webhook-retry-logic.md',
    asOf: '2026-11-21',
    note: 'The last delay of 10 h repeats. Each delay may be up to 10 % longer, at least by 2 s and at most by 15 m. Retry-After counts with 429 only, up to 10 h (output-worker/src/main.rs).',
    policy: {
      kind: 'schedule',
      delaysMs: [3 * second, 10 * second, 3 * minute, 30 * minute, hour, 3 * hour, 5 * hour, 10 * hour],
      afterLast: { kind: 'repeat', maxAttempts: 25 },
      jitter: { kind: 'addOnly', ratio: 0.1, leastSpreadMs: 2 * second, mostSpreadMs: 15 * minute },
      totalTimeMs: 8 * 24 * hour,
      retryAfter: { kind: 'honour', statuses: '429', maxMs: 10 * hour },
    },
  },
  outpost: {
    ...own,
    title: 'Outpost: 10 retries, doubling from 30 s, over 8 h 31 m',
    source: 'https://github.com/hookdeck/outpost/blob/main/internal/backoff/backoff.go',
    asOf: '2026-11-21',
    note: 'Interval and count are the defaults of its configuration page. Retry-After is not read.',
    policy: {
      kind: 'exponential',
      baseMs: 30 * second,
      factor: 2,
      maxDelayMs: 2 ** 9 * 30 * second,
      maxAttempts: 11,
      retryAfter: { kind: 'ignore' },
    },
  },
  shopify: {
    ...own,
    title: 'Shopify: 8 retries within 4 h',
    source: 'https://shopify.dev/changelog/updates-to-webhook-retry-mechanism',
    asOf: '2026-11-21',
    note: 'Count, span and exponential backoff are published, the delays are not: these double and add up to 4 h.',
    policy: { kind: 'exponential', baseMs: 56_470, factor: 2, maxDelayMs: 4 * hour, maxAttempts: 9 },
  },
  github: {
    ...own,
    title: 'GitHub: never',
    source: 'https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries',
    asOf: '2026-11-21',
    note: 'Failed deliveries are not redelivered by themselves; a person or a script redelivers them.',
    policy: { kind: 'none' },
  },
} as const satisfies Record<string, RetryPreset>;
