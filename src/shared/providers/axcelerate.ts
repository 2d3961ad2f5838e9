import { bodyLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of aXcelerate. */
export const axcelerate = provider({
  name: 'aXcelerate',
  schemes: {
    axcelerate: {
      kind: 'mac',
      options: 'none',
      title: 'aXcelerate',
      layouts: [{ ...bodyLayout('Ax-Signature'), fixedHeaders: [['Ax-Signature-Version', '1']] }],
      key: 'text',
      secretHint: 'The private key of the webhook',
      replayKey: { name: 'messageId in the body', path: 'messageId', isSigned: true },
      source: 'https://support.axcelerate.com.au/hc/en-gb/articles/12411698043791-Webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'not confirmed',
      pitfall: 'Without a key aXcelerate sends version 0 and an empty signature, which proves nothing and must not pass as valid.',
      library: null,
      marks: [{ header: 'Ax-Signature-Version', value: /^[01]$/, along: ['Ax-Signature'] }],
    },
  },
});
