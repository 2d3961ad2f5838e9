import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Paystack. */
export const paystack = provider({
  name: 'Paystack',
  schemes: {
    paystack: {
      kind: 'mac',
      options: 'none',
      title: 'Paystack',
      layouts: [bodyLayout('x-paystack-signature', { hash: 'sha512' })],
      key: 'text',
      secretHint: 'The secret key of the account (sk_…)',
      secretPrefix: 'sk_',
      replayKey: null,
      source: 'https://paystack.com/docs/payments/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The sample in the documentation hashes JSON.stringify of the parsed body: hash the bytes. The hash is SHA-512.',
      library: null,
      marks: [{ header: 'x-paystack-signature', value: /^[0-9a-f]{128}$/i }],
    },
  },
});
