import { bodyLayout } from './shapes/layout.ts';
import { inBody, sha256Hex, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Meta. */
export const meta = provider({
  name: 'Meta',
  schemes: {
    meta: {
      kind: 'mac',
      options: 'none',
      title: 'Meta (Facebook, Instagram, WhatsApp)',
      layouts: [bodyLayout('X-Hub-Signature-256', { prefix: 'sha256=' }), bodyLayout('X-Hub-Signature', { hash: 'sha1', prefix: 'sha1=' })],
      key: 'text',
      secretHint: 'The app secret',
      replayKey: null,
      source: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall:
        'The body escapes what is not ASCII (\\u00e4 and the like) and is signed that way: decoded and written again it no longer matches.',
      library: null,
      marks: [
        {
          header: 'X-Hub-Signature-256',
          value: sha256Hex,
          tells: [
            userAgent(/facebook/i),
            inBody(/"object"\s{0,9}:\s{0,9}"(?:page|instagram|whatsapp_business_account|user|permissions|application|ad_account)"/),
          ],
          group: 'hub 256',
          isConvention: true,
        },
      ],
    },
  },
});
