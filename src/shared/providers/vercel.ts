import { bodyLayout } from './shapes/layout.ts';
import { hex40 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Vercel. */
export const vercel = provider({
  name: 'Vercel',
  schemes: {
    vercel: {
      kind: 'mac',
      options: 'none',
      title: 'Vercel',
      layouts: [bodyLayout('x-vercel-signature', { hash: 'sha1' })],
      key: 'text',
      secretHint: 'The secret shown when the webhook was made, or the Client Secret of an integration',
      replayKey: { name: 'id in the body', path: 'id', isSigned: true },
      source: 'https://trigger.dev/docs/webhooks/providers/vercel',
      documentation: 'https://vercel.com/docs/webhooks/webhooks-api',
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The hash is SHA-1, and there is no timestamp header, whatever some pages say.',
      library: null,
      marks: [{ header: 'x-vercel-signature', value: hex40 }],
    },
  },
});
