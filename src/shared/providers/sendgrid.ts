import { provider } from './shapes/provider.ts';
import { inHeader, inSignatureHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of SendGrid. */
export const sendgrid = provider({
  name: 'SendGrid',
  schemes: {
    sendgrid: {
      kind: 'code',
      options: 'tolerance',
      title: 'SendGrid Event Webhook',
      description: 'ECDSA P-256 with SHA-256 over the timestamp and the body, as base64 of DER.',
      headers: ['X-Twilio-Email-Event-Webhook-Signature', 'X-Twilio-Email-Event-Webhook-Timestamp'],
      algorithm: 'ECDSA P-256 with SHA-256',
      secretHint: 'To verify, the verification key of the dashboard (base64); to sign, a private key as PEM',
      keyKind: 'pair',
      allowsSeveralSecrets: false,
      toleranceSeconds: null,
      source: 'https://github.com/sendgrid/sendgrid-nodejs/blob/main/packages/eventwebhook/src/eventwebhook.spec.js',
      documentation: 'https://docs.sendgrid.com/for-developers/tracking-events/getting-started-event-webhook-security-features',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The body ends with CRLF and has CRLF between events: a receiver that trims or re-writes it can no longer verify.',
      library: { name: '@sendgrid/eventwebhook', time: 'none', toleranceSeconds: null, body: 'text' },
      publicKeyPlace:
        'Put it where the receiver has the verification key of the event webhook, in base64 as the SendGrid dashboard shows it.',
      receiver: {
        ...plain,
        proof: { kind: 'ecdsa-p256', key: 'spki', form: 'der', encoding: 'base64' },
        signature: inSignatureHeader('X-Twilio-Email-Event-Webhook-Signature'),
        time: inHeader('X-Twilio-Email-Event-Webhook-Timestamp', 's', null),
        signed: pieces('timestamp', 'body'),
      },
      marks: [
        {
          header: 'X-Twilio-Email-Event-Webhook-Signature',
          value: /^ME[A-Za-z0-9+/]{60,110}={0,2}$/,
          along: ['X-Twilio-Email-Event-Webhook-Timestamp'],
        },
      ],
      libraryCalls: {
        node: {
          dependency: '@sendgrid/eventwebhook',
          imports: [`import { EventWebhook, EventWebhookHeader } from '@sendgrid/eventwebhook';`, '', 'const events = new EventWebhook();'],
          call: [
            `events.verifySignature(`,
            `        events.convertPublicKeyToECDSA(secret),`,
            `        body,`,
            `        headers[EventWebhookHeader.SIGNATURE().toLowerCase()],`,
            `        headers[EventWebhookHeader.TIMESTAMP().toLowerCase()],`,
            `      )`,
          ].join('\n'),
          answers: 'boolean',
          remark: null,
        },
      },
    },
  },
});
