import { bodyLayout } from './shapes/layout.ts';
import { sha256Hex } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Notion. */
export const notion = provider({
  name: 'Notion',
  schemes: {
    notion: {
      kind: 'mac',
      options: 'none',
      title: 'Notion',
      layouts: [bodyLayout('X-Notion-Signature', { prefix: 'sha256=' })],
      key: 'text',
      secretHint: 'The verification_token that the first request carries',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://developers.notion.com/reference/webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The first POST carries the verification_token itself and is not signed: keep it, it is the key.',
      library: null,
      marks: [{ header: 'X-Notion-Signature', value: sha256Hex }],
    },
  },
});
