import { provider } from './shapes/provider.ts';

/** What is known of DocuSeal. */
export const docuseal = provider({
  name: 'DocuSeal',
  schemes: {
    docuseal: {
      kind: 'mac',
      options: 'tolerance',
      title: 'DocuSeal',
      layouts: [
        {
          hash: 'sha256',
          signatureHeader: 'X-Docuseal-Signature',
          form: { kind: 'list', separator: '.', prefix: '', timestampPrefix: '', encoding: 'hex' },
          idHeader: null,
          timestamp: { header: 'X-Docuseal-Signature', unit: 's', toleranceSeconds: 300 },
          pattern: '{timestamp}.{body}',
        },
      ],
      key: 'text',
      secretHint: 'The whole secret, whsec_ included, as text',
      secretPrefix: 'whsec_',
      replayKey: null,
      source: 'https://www.docuseal.com/resources/use-webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The header is the time, a point and the signature; the secret is text though it begins like one of Standard Webhooks.',
      library: null,
      marks: [{ header: 'X-Docuseal-Signature', value: /^\d{9,11}\.[0-9a-f]{64}$/i }],
    },
  },
});
