import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Mux. */
export const mux = provider({
  name: 'Mux',
  schemes: {
    mux: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Mux',
      layouts: [
        stampedLayout('Mux-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'v1',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: 300,
        }),
      ],
      key: 'text',
      secretHint: 'The signing secret of the webhook, as text',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://www.mux.com/docs/core/verify-webhook-signatures',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The time is signed with the body, so what is signed starts with it and a point.',
      library: null,
      marks: [{ header: 'Mux-Signature', value: /(?:^|,)\s*t=\d+,.*v1=[0-9a-f]{64}/i }],
    },
  },
});
