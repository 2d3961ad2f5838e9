import { provider } from './shapes/provider.ts';
import { hour } from './shapes/time.ts';

/** What is known of Hookdeck. */
export const hookdeck = provider({
  name: 'Hookdeck',
  schemes: {},
  retryPresets: {
    hookdeck: {
      title: 'Hookdeck: 50 retries, one an hour',
      source: 'https://hookdeck.com/docs/automatically-retry-events',
      asOf: '2026-11-21',
      note: 'Each connection chooses linear or doubling, the interval and up to 50 retries, and Hookdeck names no default: this is the most it allows, linear, once an hour.',
      policy: { kind: 'linear', baseMs: hour, stepMs: 0, maxDelayMs: hour, maxAttempts: 51 },
    },
  },
});
