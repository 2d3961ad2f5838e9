import { bodyLayout } from './shapes/layout.ts';
import { hex64, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of GoCardless. */
export const gocardless = provider({
  name: 'GoCardless',
  schemes: {
    gocardless: {
      kind: 'mac',
      options: 'none',
      title: 'GoCardless',
      layouts: [bodyLayout('Webhook-Signature')],
      key: 'text',
      secretHint: 'The secret of the webhook endpoint',
      replayKey: { name: 'id of each event in the body', path: null, isSigned: true },
      source: 'https://github.com/gocardless/gocardless-nodejs/blob/master/src/webhooks.ts',
      documentation: 'https://developer.gocardless.com/api-reference/#webhooks-overview',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The header has the name of Standard Webhooks, but holds the bare hex of an HMAC over the body.',
      library: null,
      marks: [{ header: 'Webhook-Signature', value: hex64, tells: [userAgent(/gocardless/i)], isCommonName: true, isShared: true }],
    },
  },
});
