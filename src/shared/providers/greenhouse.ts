import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Greenhouse. */
export const greenhouse = provider({
  name: 'Greenhouse',
  schemes: {
    greenhouse: {
      kind: 'mac',
      options: 'none',
      title: 'Greenhouse',
      layouts: [bodyLayout('Signature', { prefix: 'sha256 ' })],
      key: 'text',
      secretHint: 'The secret key of the webhook',
      replayKey: { name: 'Greenhouse-Event-ID', isSigned: false },
      source: 'https://developers.greenhouse.io/onboarding_webhooks.html',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'A space, no equals sign, stands between sha256 and the signature, and the body escapes characters beyond ASCII: sign it as it was received.',
      library: null,
      marks: [
        {
          header: 'Signature',
          value: /^sha256 [0-9a-f]{64}$/i,
          tells: [{ header: 'Greenhouse-Event-ID' }],
          isCommonName: true,
          isShared: true,
        },
      ],
    },
  },
});
