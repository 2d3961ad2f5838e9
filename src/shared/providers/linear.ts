import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacHex, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Linear. */
export const linear = provider({
  name: 'Linear',
  schemes: {
    linear: {
      kind: 'code',
      options: 'tolerance',
      title: 'Linear',
      description: 'HMAC-SHA256 over the body, in hex; the time stands in the body as webhookTimestamp.',
      headers: ['Linear-Signature'],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The signing secret of the webhook, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: 60,
      source: 'https://www.npmjs.com/package/@linear/sdk',
      documentation: 'https://linear.app/developers/webhooks',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The time to check is webhookTimestamp in the body, in milliseconds; the header Linear-Timestamp is not signed.',
      library: { name: '@linear/sdk', time: 'both', toleranceSeconds: 60, body: 'bytes', wantsLowerCase: true },
      receiver: {
        ...plain,
        proof: hmacHex,
        signature: inSignatureHeader('Linear-Signature'),
        time: { place: 'json', name: 'webhookTimestamp', unit: 'ms', toleranceSeconds: 60 },
        signed: pieces('body'),
      },
      marks: [{ header: 'Linear-Signature', value: hex64 }],
      libraryCalls: {
        node: {
          dependency: '@linear/sdk',
          imports: [`import { LinearWebhookClient } from '@linear/sdk/webhooks';`],
          call: `new LinearWebhookClient(secret).verify(body, headers['linear-signature'], JSON.parse(body.toString()).webhookTimestamp)`,
          answers: 'boolean',
          remark: null,
        },
      },
    },
  },
});
