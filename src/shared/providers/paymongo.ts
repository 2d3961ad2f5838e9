import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of PayMongo. */
export const paymongo = provider({
  name: 'PayMongo',
  schemes: {
    paymongo: {
      kind: 'mac',
      options: 'tolerance',
      title: 'PayMongo',
      layouts: [
        stampedLayout('Paymongo-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'li',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: null,
        }),
        stampedLayout('Paymongo-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'te',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: null,
        }),
      ],
      key: 'text',
      secretHint: 'The secret key of the webhook',
      replayKey: { name: 'id of the event in the body', path: 'data.id', isSigned: true },
      source: 'https://developers.paymongo.com/docs/securing-webhook',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'The signature of live mode is li and that of test mode te; the other of the two is empty. PayMongo names no age at which a request is too old.',
      library: null,
      marks: [{ header: 'Paymongo-Signature', value: /^t=\d+,.*(?:te|li)=[0-9a-f]{64}/i }],
    },
  },
});
