import { bodyLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Sentry. */
export const sentry = provider({
  name: 'Sentry',
  schemes: {
    sentry: {
      kind: 'mac',
      options: 'none',
      title: 'Sentry',
      layouts: [bodyLayout('Sentry-Hook-Signature')],
      key: 'text',
      secretHint: 'The Client Secret of the integration',
      replayKey: { name: 'Request-ID', isSigned: false, isCommonName: true },
      source: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall:
        'The sample in the documentation hashes JSON.stringify of the parsed body: hash the bytes. Sentry-Hook-Timestamp is not signed.',
      library: null,
      marks: [{ header: 'Sentry-Hook-Signature', value: hex64 }],
    },
  },
});
