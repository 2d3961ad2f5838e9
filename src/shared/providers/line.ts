import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of LINE. */
export const line = provider({
  name: 'LINE',
  schemes: {
    line: {
      kind: 'mac',
      options: 'none',
      title: 'LINE',
      layouts: [bodyLayout('x-line-signature', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The channel secret',
      replayKey: { name: 'webhookEventId in the body', path: null, isSigned: true },
      source: 'https://github.com/line/line-bot-sdk-nodejs',
      documentation: 'https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The button Verify of the console sends a body without events, which is signed all the same.',
      library: { name: '@line/bot-sdk', time: 'none', toleranceSeconds: null, body: 'bytes', readsAnyBase64: true },
      marks: [{ header: 'x-line-signature', value: base64Of32 }],
      libraryCalls: {
        node: {
          dependency: '@line/bot-sdk',
          imports: [`import { validateSignature } from '@line/bot-sdk';`],
          call: `validateSignature(body, secret, headers['x-line-signature'])`,
          answers: 'boolean',
          remark: null,
        },
      },
    },
  },
});
