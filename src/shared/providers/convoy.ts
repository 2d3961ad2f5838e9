import { provider } from './shapes/provider.ts';
import { hour, second } from './shapes/time.ts';

/** What is known of Convoy. */
export const convoy = provider({
  name: 'Convoy',
  schemes: {},
  retryPresets: {
    convoy: {
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
  },
});
