import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of DocuSign. */
export const docusign = provider({
  name: 'DocuSign',
  schemes: {
    docusign: {
      kind: 'mac',
      options: 'none',
      title: 'DocuSign',
      layouts: [bodyLayout('X-DocuSign-Signature-1', { encoding: 'base64' }), bodyLayout('X-DocuSign-Signature-2', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The secret key of Connect, as text though it looks like base64',
      replayKey: null,
      source: 'https://developers.docusign.com/docs/platform/webhooks/connect/validate',
      documentation: 'https://developers.docusign.com/platform/webhooks/connect/hmac',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'With several keys there is one header for each (X-DocuSign-Signature-1, -2 and so on), and any of them may match.',
      library: null,
      marks: [
        { header: 'X-DocuSign-Signature-1', value: base64Of32 },
        { header: 'X-DocuSign-Signature-2', value: base64Of32 },
      ],
    },
  },
});
