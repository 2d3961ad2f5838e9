import { provider } from './shapes/provider.ts';
import { hour, minute, second } from './shapes/time.ts';

/** What is known of Hook0. */
export const hook0 = provider({
  name: 'Hook0',
  schemes: {},
  retryPresets: {
    hook0: {
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
  },
});
