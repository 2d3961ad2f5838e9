import { bodyLayout } from './shapes/layout.ts';
import { sha256Hex } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Acrity. */
export const acrity = provider({
  name: 'Acrity',
  schemes: {
    acrity: {
      kind: 'mac',
      options: 'none',
      title: 'Acrity',
      layouts: [bodyLayout('X-ACR-Signature-256', { prefix: 'sha256=' })],
      key: 'text',
      secretHint: 'The secret of the webhook',
      replayKey: { name: 'X-ACR-Delivery', isSigned: false },
      source: 'https://docs.acrity.io/en/security/webhook-signatures',
      documentation: 'https://docs.acrity.io/en/console/webhooks',
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The body follows a template of the user and need not be JSON; signing is optional for each webhook.',
      library: null,
      marks: [{ header: 'X-ACR-Signature-256', value: sha256Hex }],
    },
  },
});
