import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of CircleCI. */
export const circleci = provider({
  name: 'CircleCI',
  schemes: {
    circleci: {
      kind: 'mac',
      options: 'none',
      title: 'CircleCI',
      layouts: [
        {
          ...bodyLayout('circleci-signature'),
          form: { kind: 'entries', separator: ',', joint: '=', label: 'v1', encoding: 'hex', timestampLabel: null },
        },
      ],
      key: 'text',
      secretHint: 'The secret token of the webhook',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://circleci.com/docs/outbound-webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The header is a list of versions; v1 is the one to check. The API token of CircleCI is another secret.',
      library: null,
      marks: [{ header: 'circleci-signature', value: /(?:^|,)\s*v1=[0-9a-f]{64}/i }],
    },
  },
});
