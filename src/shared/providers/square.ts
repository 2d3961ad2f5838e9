import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacBase64, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Square. */
export const square = provider({
  name: 'Square',
  schemes: {
    square: {
      kind: 'code',
      options: 'none',
      title: 'Square',
      description: 'HMAC-SHA256 over the notification URL and the body, in base64.',
      headers: ['x-square-hmacsha256-signature'],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The signature key of the subscription, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://developer.squareup.com/docs/webhooks/step3validate',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The URL must be the one that is registered at Square, to the letter: http or https, and a slash at its end, both count.',
      library: { name: 'square', time: 'none', toleranceSeconds: null, body: 'text' },
      receiver: {
        ...plain,
        proof: hmacBase64,
        signature: inSignatureHeader('x-square-hmacsha256-signature'),
        signed: pieces('url', 'body'),
      },
      marks: [{ header: 'x-square-hmacsha256-signature', value: base64Of32 }],
      libraryCalls: {
        node: {
          dependency: 'square',
          imports: [`import { WebhooksHelper } from 'square';`],
          call: [
            `await WebhooksHelper.verifySignature({`,
            `        requestBody: body.toString(),`,
            `        signatureHeader: headers['x-square-hmacsha256-signature'],`,
            `        signatureKey: secret,`,
            `        notificationUrl: url,`,
            `      })`,
          ].join('\n'),
          answers: 'boolean',
          remark: 'The library turns the body into text, so one that is not UTF-8 fails.',
        },
      },
    },
  },
});
