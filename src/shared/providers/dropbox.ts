import { bodyLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Dropbox. */
export const dropbox = provider({
  name: 'Dropbox',
  schemes: {
    dropbox: {
      kind: 'mac',
      options: 'none',
      title: 'Dropbox',
      layouts: [bodyLayout('X-Dropbox-Signature')],
      key: 'text',
      secretHint: 'The app secret',
      replayKey: null,
      source: 'https://www.dropbox.com/developers/reference/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'A GET with ?challenge= comes first, unsigned, and wants its value back.',
      library: null,
      marks: [{ header: 'X-Dropbox-Signature', value: hex64 }],
    },
  },
});
