import { timedLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Zendesk. */
export const zendesk = provider({
  name: 'Zendesk',
  schemes: {
    zendesk: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Zendesk',
      layouts: [
        timedLayout({
          signatureHeader: 'X-Zendesk-Webhook-Signature',
          form: { kind: 'single', prefix: '', encoding: 'base64' },
          timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', unit: 'rfc3339', toleranceSeconds: null },
          pattern: '{timestamp}{body}',
        }),
      ],
      key: 'text',
      secretHint: 'The signing secret as text, though it looks like base64',
      replayKey: { name: 'X-Zendesk-Webhook-Invocation-Id', isSigned: false },
      source: 'https://developer.zendesk.com/documentation/webhooks/verifying',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'Tests sent before the webhook is saved are signed with the fixed secret dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==.',
      library: null,
      marks: [{ header: 'X-Zendesk-Webhook-Signature', value: base64Of32, along: ['X-Zendesk-Webhook-Signature-Timestamp'] }],
    },
  },
});
