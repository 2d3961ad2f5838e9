import { bodyLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Razorpay. */
export const razorpay = provider({
  name: 'Razorpay',
  schemes: {
    razorpay: {
      kind: 'mac',
      options: 'none',
      title: 'Razorpay',
      layouts: [bodyLayout('X-Razorpay-Signature')],
      key: 'text',
      secretHint: 'The secret of the webhook',
      replayKey: { name: 'x-razorpay-event-id', isSigned: false },
      source: 'https://razorpay.com/docs/webhooks/validate-test',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The key is the secret of the webhook, not the key secret of the API.',
      library: { name: 'razorpay', time: 'none', toleranceSeconds: null, body: 'text', wantsLowerCase: true },
      marks: [{ header: 'X-Razorpay-Signature', value: hex64 }],
      libraryCalls: {
        node: {
          dependency: 'razorpay',
          imports: [`import Razorpay from 'razorpay';`],
          call: `Razorpay.validateWebhookSignature(body.toString(), headers['x-razorpay-signature'], secret)`,
          answers: 'boolean',
          remark: 'The library turns the body into text, and does not compare in constant time.',
        },
      },
    },
  },
});
