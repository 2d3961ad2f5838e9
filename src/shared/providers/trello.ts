import { bodyLayout } from './shapes/layout.ts';
import { base64Of20 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Trello. */
export const trello = provider({
  name: 'Trello',
  schemes: {
    trello: {
      kind: 'mac',
      options: 'none',
      title: 'Trello',
      layouts: [{ ...bodyLayout('X-Trello-Webhook', { hash: 'sha1', encoding: 'base64' }), pattern: '{body}{url}' }],
      key: 'text',
      secretHint: 'The secret of the application (the OAuth secret of the key page), not a token',
      replayKey: { name: 'id of the action in the body', path: 'action.id', isSigned: true },
      source: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'The callback URL is signed after the body, to the letter as it was given when the webhook was made; a HEAD comes first, unsigned.',
      library: null,
      marks: [{ header: 'X-Trello-Webhook', value: base64Of20 }],
    },
  },
});
