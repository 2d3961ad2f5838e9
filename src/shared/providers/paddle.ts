import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Paddle. */
export const paddle = provider({
  name: 'Paddle',
  schemes: {
    paddle: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Paddle Billing',
      layouts: [
        stampedLayout('Paddle-Signature', {
          separator: ';',
          timestampLabel: 'ts',
          label: 'h1',
          pattern: '{timestamp}:{body}',
          toleranceSeconds: 5,
        }),
      ],
      key: 'text',
      secretHint: 'The whole secret, pdl_ntfset_ included, as text',
      secretPrefix: 'pdl_ntfset_',
      replayKey: { name: 'notification_id in the body', path: 'notification_id', isSigned: true },
      source: 'https://developer.paddle.com/webhooks/signature-verification',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'Paddle allows 5 seconds only; to check an older request, use the time at which it arrived as the clock.',
      library: {
        name: '@paddle/paddle-node-sdk',
        time: 'past',
        toleranceSeconds: 5,
        body: 'text',
        wantsLowerCase: true,
        readsLastOnly: true,
        parsesTimestamp: true,
      },
      marks: [{ header: 'Paddle-Signature', value: /^ts=\d+;\s*h1=[0-9a-f]{64}/i }],
      libraryCalls: {
        node: {
          dependency: '@paddle/paddle-node-sdk',
          imports: [`import { Paddle } from '@paddle/paddle-node-sdk';`, '', `const paddle = new Paddle('unused for verifying');`],
          call: `await paddle.webhooks.isSignatureValid(body.toString(), secret, headers['paddle-signature'])`,
          answers: 'boolean',
          remark: 'The library takes the last of several signatures only, and accepts any time in the future.',
        },
      },
    },
  },
});
