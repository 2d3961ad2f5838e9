import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Heroku. */
export const heroku = provider({
  name: 'Heroku',
  schemes: {
    heroku: {
      kind: 'mac',
      options: 'none',
      title: 'Heroku',
      layouts: [bodyLayout('Heroku-Webhook-Hmac-SHA256', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The secret of the webhook',
      replayKey: { name: 'id in the body', path: 'id', isSigned: true },
      source: 'https://devcenter.heroku.com/articles/app-webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The secret is shown once, when the webhook is made. Authorization in the same request is another, unsigned proof.',
      library: null,
      marks: [{ header: 'Heroku-Webhook-Hmac-SHA256', value: base64Of32 }],
    },
  },
});
