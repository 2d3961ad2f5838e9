import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hour } from './shapes/time.ts';

/** What is known of Hookdeck. */
export const hookdeck = provider({
  name: 'Hookdeck',
  schemes: {
    hookdeck: {
      kind: 'mac',
      options: 'none',
      title: 'Hookdeck',
      layouts: [bodyLayout('x-hookdeck-signature', { encoding: 'base64' }), bodyLayout('x-hookdeck-signature-2', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The signing secret of the project',
      replayKey: { name: 'x-hookdeck-eventid', isSigned: false },
      source: 'https://hookdeck.com/docs/authentication',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'After the secret was rotated x-hookdeck-signature-2 carries the signature of the other one; either may match.',
      library: null,
      marks: [{ header: 'x-hookdeck-signature', value: base64Of32 }],
    },
  },
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
