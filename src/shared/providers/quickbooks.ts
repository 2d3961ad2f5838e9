import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Intuit QuickBooks. */
export const quickbooks = provider({
  name: 'Intuit QuickBooks',
  schemes: {
    quickbooks: {
      kind: 'mac',
      options: 'none',
      title: 'Intuit QuickBooks',
      layouts: [bodyLayout('intuit-signature', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The verifier token of the app, as text',
      replayKey: null,
      source: 'https://gist.github.com/gregawoods/67fde88882c00ae11c2ce11d35306647',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The token is one for all companies of an app; development and production have their own.',
      library: null,
      marks: [{ header: 'intuit-signature', value: base64Of32 }],
    },
  },
});
