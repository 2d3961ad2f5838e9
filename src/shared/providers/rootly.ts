import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Rootly. */
export const rootly = provider({
  name: 'Rootly',
  schemes: {
    rootly: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Rootly',
      layouts: [
        stampedLayout('X-Rootly-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'v1',
          pattern: '{timestamp}{body}',
          toleranceSeconds: null,
        }),
      ],
      key: 'text',
      secretHint: 'The secret of the webhook',
      replayKey: null,
      source: 'https://docs.rootly.com/configuration/webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'Nothing stands between the time and the body in what is signed. Rootly names no age at which a request is too old.',
      library: null,
      marks: [{ header: 'X-Rootly-Signature', value: /(?:^|,)\s*t=\d+,.*v1=[0-9a-f]{64}/i }],
    },
  },
});
