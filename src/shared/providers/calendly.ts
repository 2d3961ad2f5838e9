import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Calendly. */
export const calendly = provider({
  name: 'Calendly',
  schemes: {
    calendly: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Calendly',
      layouts: [
        stampedLayout('Calendly-Webhook-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'v1',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: 180,
        }),
      ],
      key: 'text',
      secretHint: 'The signing key that the subscription was made with, as text',
      replayKey: { name: 'body', path: null, isSigned: true },
      source: 'https://developer.calendly.com/api-docs',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The documentation allows 3 minutes, less than most providers, so a queue before the check makes requests too old.',
      library: null,
      marks: [{ header: 'Calendly-Webhook-Signature', value: /^t=\d+,\s*v1=[0-9a-f]{64}/i }],
    },
  },
});
