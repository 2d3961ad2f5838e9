import { bodyLayout } from './shapes/layout.ts';
import { hex64, inBody } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Asana. */
export const asana = provider({
  name: 'Asana',
  schemes: {
    asana: {
      kind: 'mac',
      options: 'none',
      title: 'Asana',
      layouts: [bodyLayout('X-Hook-Signature')],
      key: 'text',
      secretHint: 'X-Hook-Secret of the handshake',
      replayKey: null,
      source: 'https://developers.asana.com/docs/establish-a-webhook',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall:
        'Each webhook has a secret of its own, sent once in X-Hook-Secret of the handshake; heartbeats with {"events":[]} are signed, too.',
      library: null,
      marks: [{ header: 'X-Hook-Signature', value: hex64, tells: [inBody(/^\s{0,99}\{\s{0,9}"events"\s{0,9}:/)], isCommonName: true }],
    },
  },
});
