import { bodyLayout } from './shapes/layout.ts';
import { hex40 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Webex. */
export const webex = provider({
  name: 'Webex',
  schemes: {
    webex: {
      kind: 'mac',
      options: 'none',
      title: 'Webex',
      layouts: [bodyLayout('X-Spark-Signature', { hash: 'sha1' })],
      key: 'text',
      secretHint: 'The secret that the webhook was made with',
      replayKey: null,
      source: 'https://developer.webex.com/messaging/docs/api/guides/webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The hash is SHA-1, and only a webhook that was made with a secret is signed.',
      library: null,
      marks: [{ header: 'X-Spark-Signature', value: hex40 }],
    },
  },
});
