import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hmacBase64, inHeader, pieces, plain } from './shapes/receiver.ts';

/** What is known of Box. */
export const box = provider({
  name: 'Box',
  schemes: {
    box: {
      kind: 'code',
      options: 'tolerance',
      title: 'Box',
      description: 'HMAC-SHA256 over the body and the timestamp, once with the primary and once with the secondary key.',
      headers: [
        'BOX-DELIVERY-TIMESTAMP',
        'BOX-SIGNATURE-VERSION',
        'BOX-SIGNATURE-ALGORITHM',
        'BOX-SIGNATURE-PRIMARY',
        'BOX-SIGNATURE-SECONDARY',
      ],
      algorithm: 'HMAC-SHA256',
      secretHint: 'The primary key, and the secondary one as second secret, as text',
      keyKind: 'shared',
      allowsSeveralSecrets: true,
      toleranceSeconds: 600,
      source: 'https://box.dev/guides/webhooks/v2/signatures-v2',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'Box signs a body with characters beyond ASCII in its \\uXXXX form; a body that was decoded since has to be escaped again.',
      library: {
        name: 'box-node-sdk',
        time: 'both',
        toleranceSeconds: 600,
        body: 'text',
        readsAnyBase64: true,
        also: 'tries the primary key on the primary and the secondary key on the secondary signature only',
      },
      receiver: {
        ...plain,
        proof: hmacBase64,
        signature: { kind: 'headers', names: ['BOX-SIGNATURE-PRIMARY', 'BOX-SIGNATURE-SECONDARY'], lead: '' },
        time: inHeader('BOX-DELIVERY-TIMESTAMP', 'rfc3339', 600),
        signed: pieces('body', 'timestamp'),
        notes: ['Put the primary key first and the secondary one into the variable that ends in _PREVIOUS.'],
      },
      marks: [
        { header: 'BOX-SIGNATURE-PRIMARY', value: base64Of32, along: ['BOX-DELIVERY-TIMESTAMP'] },
        { header: 'BOX-SIGNATURE-SECONDARY', value: base64Of32, along: ['BOX-DELIVERY-TIMESTAMP'] },
      ],
    },
  },
});
