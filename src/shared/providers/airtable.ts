import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Airtable. */
export const airtable = provider({
  name: 'Airtable',
  schemes: {
    airtable: {
      kind: 'mac',
      options: 'none',
      title: 'Airtable',
      layouts: [bodyLayout('X-Airtable-Content-MAC', { prefix: 'hmac-sha256=' })],
      key: 'base64',
      secretHint: 'macSecretBase64, as it was given when the webhook was made',
      replayKey: null,
      source: 'https://nango.dev/docs/api-integrations/airtable/webhooks',
      documentation: 'https://airtable.com/developers/web/api/webhooks-overview',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The secret is decoded from base64 before it is used. A notification holds no data: fetch the payloads.',
      library: null,
      marks: [{ header: 'X-Airtable-Content-MAC', value: /^hmac-sha256=[0-9a-f]{64}$/i }],
    },
  },
});
