import { bodyLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Checkout.com. */
export const checkoutCom = provider({
  name: 'Checkout.com',
  schemes: {
    'checkout-com': {
      kind: 'mac',
      options: 'none',
      title: 'Checkout.com',
      layouts: [bodyLayout('Cko-Signature')],
      key: 'text',
      secretHint: 'The key that the webhook action of the workflow was given',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://www.checkout.com/docs/workflows',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The key is your own, set in the workflow; Authorization in the same request is another, unsigned proof.',
      library: null,
      marks: [{ header: 'Cko-Signature', value: hex64 }],
    },
  },
});
