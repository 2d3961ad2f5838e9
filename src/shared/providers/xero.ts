import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Xero. */
export const xero = provider({
  name: 'Xero',
  schemes: {
    xero: {
      kind: 'mac',
      options: 'none',
      title: 'Xero',
      layouts: [bodyLayout('x-xero-signature', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The webhooks key of the app, as text',
      replayKey: null,
      source: 'https://developer.xero.com/documentation/guides/webhooks/overview/',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'Before a webhook is switched on Xero sends requests with wrong signatures on purpose (intent to receive): answer those with 401.',
      library: null,
      marks: [{ header: 'x-xero-signature', value: base64Of32 }],
    },
  },
});
