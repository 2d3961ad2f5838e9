import { base64Of20 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacBase64, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Mailchimp Transactional (Mandrill). */
export const mandrill = provider({
  name: 'Mailchimp Transactional',
  schemes: {
    mandrill: {
      kind: 'code',
      options: 'none',
      title: 'Mailchimp Transactional (Mandrill)',
      description: 'HMAC-SHA1 over the URL and the sorted fields of the form, in base64.',
      headers: ['X-Mandrill-Signature'],
      algorithm: 'HMAC-SHA1',
      secretHint: 'The key of the webhook, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://mandrill.zendesk.com/hc/en-us/articles/205583257-How-to-Authenticate-Webhook-Requests',
      documentation: 'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The URL is signed to the letter as it was entered, a slash at its end and the query included.',
      libraryNote: null,
      receiver: {
        ...plain,
        proof: { ...hmacBase64, hash: 'sha1' },
        signature: inSignatureHeader('X-Mandrill-Signature'),
        signed: pieces('url', 'fields'),
      },
      marks: [{ header: 'X-Mandrill-Signature', value: base64Of20 }],
    },
  },
});
