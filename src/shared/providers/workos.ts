import { provider } from './shapes/provider.ts';

/** What is known of WorkOS. */
export const workos = provider({
  name: 'WorkOS',
  schemes: {
    workos: {
      kind: 'mac',
      options: 'tolerance',
      title: 'WorkOS',
      layouts: [
        {
          hash: 'sha256',
          signatureHeader: 'WorkOS-Signature',
          form: { kind: 'list', separator: ', ', prefix: 'v1=', timestampPrefix: 't=', encoding: 'hex' },
          idHeader: null,
          timestamp: { header: 'WorkOS-Signature', unit: 'ms', toleranceSeconds: 180 },
          pattern: '{timestamp}.{body}',
        },
      ],
      key: 'text',
      secretHint: 'The signing secret of the webhook endpoint, as text',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://www.rubydoc.info/gems/workos/5.17.0/WorkOS/Webhooks',
      documentation: 'https://workos.com/docs/events/data-syncing/webhooks',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The time counts milliseconds, and a space stands after the comma of the header.',
      library: null,
      marks: [{ header: 'WorkOS-Signature', value: /^t=\d{13},\s*v1=[0-9a-f]{64}/i }],
    },
  },
});
