import type { LibraryCalls, LibraryTraits } from './library.ts';

/** What the libraries of Standard Webhooks and Svix do alike. */
export const standardWebhooksLibrary = {
  name: 'standardwebhooks',
  time: 'both',
  toleranceSeconds: 300,
  body: 'text',
  parsesTimestamp: true,
} satisfies LibraryTraits;

/** What their secrets look like. */
export const whsecHint = 'whsec_ and base64 of 24 to 64 bytes';

/** What goes wrong with all of them. */
export const verbatimPitfall =
  'Verify the bytes as received: a body that was parsed and written again no longer matches. The secret is base64 after whsec_, not text.';

/** How receiver code calls the library of Standard Webhooks. */
export const standardWebhooksCalls = {
  node: {
    dependency: 'standardwebhooks',
    imports: [`import { Webhook } from 'standardwebhooks';`],
    call: `new Webhook(secret).verify(body, headers)`,
    answers: 'throws',
    remark: 'The library takes JSON bodies in UTF-8 only.',
  },
} as const satisfies LibraryCalls;
