import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Typeform. */
export const typeform = provider({
  name: 'Typeform',
  schemes: {
    typeform: {
      kind: 'mac',
      options: 'none',
      title: 'Typeform',
      layouts: [bodyLayout('Typeform-Signature', { prefix: 'sha256=', encoding: 'base64' })],
      key: 'text',
      secretHint: 'Any text',
      replayKey: { name: 'event_id in the body', path: 'event_id', isSigned: true },
      source: 'https://developers.typeform.com/developers/webhooks/secure-your-webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'What follows sha256= is base64, not hex as with other providers that write it so.',
      library: null,
      marks: [{ header: 'Typeform-Signature', value: /^sha256=[A-Za-z0-9+/]{43}=$/ }],
    },
  },
});
