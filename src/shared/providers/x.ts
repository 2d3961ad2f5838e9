import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of X. */
export const x = provider({
  name: 'X',
  schemes: {
    x: {
      kind: 'mac',
      options: 'none',
      title: 'X (Twitter)',
      layouts: [bodyLayout('x-twitter-webhooks-signature', { prefix: 'sha256=', encoding: 'base64' })],
      key: 'text',
      secretHint: 'The consumer secret of the app',
      replayKey: null,
      source: 'https://docs.x.com/x-api/webhooks/introduction',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'What follows sha256= is base64, not hex. A GET with crc_token comes first and wants the HMAC of that token back.',
      library: null,
      marks: [{ header: 'x-twitter-webhooks-signature', value: /^sha256=[A-Za-z0-9+/]{43}=$/ }],
    },
  },
});
