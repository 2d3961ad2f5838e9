import { provider } from './shapes/provider.ts';
import { second } from './shapes/time.ts';

/** What is known of Outpost. */
export const outpost = provider({
  name: 'Outpost',
  schemes: {},
  retryPresets: {
    outpost: {
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
  },
});
