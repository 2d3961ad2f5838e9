import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of PagerDuty. */
export const pagerduty = provider({
  name: 'PagerDuty',
  schemes: {
    pagerduty: {
      kind: 'mac',
      options: 'none',
      title: 'PagerDuty',
      layouts: [
        {
          ...bodyLayout('X-PagerDuty-Signature'),
          form: { kind: 'entries', separator: ',', joint: '=', label: 'v1', encoding: 'hex', timestampLabel: null },
        },
      ],
      key: 'text',
      secretHint: 'The secret of the subscription',
      replayKey: { name: 'event.id in the body', path: 'event.id', isSigned: true },
      source: 'https://github.com/PagerDuty/developer-docs/blob/main/docs/webhooks/04-Signatures.md',
      documentation: 'https://developer.pagerduty.com/docs/verifying-signatures',
      asOf: '2026-11-20',
      checked: 'published vector',
      pitfall: 'While a secret is being rotated there are several v1 signatures; any of them may match.',
      library: null,
      marks: [{ header: 'X-PagerDuty-Signature', value: /(?:^|,)\s*v1=[0-9a-f]{64}/i }],
    },
  },
});
