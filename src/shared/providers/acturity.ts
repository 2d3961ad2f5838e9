import { bodyLayout } from './shapes/layout.ts';
import { sha256Hex } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Acturity. */
export const acturity = provider({
  name: 'Acturity',
  schemes: {
    acturity: {
      kind: 'mac',
      options: 'none',
      title: 'Acturity',
      layouts: [bodyLayout('X-Acturity-Signature', { prefix: 'sha256=' })],
      key: 'text',
      secretHint: 'The secret of the endpoint',
      replayKey: null,
      source: 'https://www.acturity.com/features/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The documentation says "payload"; the body as received is taken for it, byte for byte.',
      library: null,
      marks: [{ header: 'X-Acturity-Signature', value: sha256Hex }],
    },
  },
});
