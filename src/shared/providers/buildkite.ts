import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Buildkite. */
export const buildkite = provider({
  name: 'Buildkite',
  schemes: {
    buildkite: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Buildkite',
      layouts: [
        stampedLayout('X-Buildkite-Signature', {
          separator: ',',
          timestampLabel: 'timestamp',
          label: 'signature',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: null,
        }),
      ],
      key: 'text',
      secretHint: 'The token of the notification service',
      replayKey: null,
      source: 'https://buildkite.com/docs/apis/webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'The setting chooses between this and X-Buildkite-Token, which carries the token itself. Buildkite names no age at which a request is too old.',
      library: null,
      marks: [{ header: 'X-Buildkite-Signature', value: /(?:^|,)\s*timestamp=\d+,.*signature=[0-9a-f]{64}/i }],
    },
  },
});
