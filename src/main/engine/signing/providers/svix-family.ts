import type { LibraryTraits } from '../library-traits.ts';
import type { MacProvider } from '../mac-scheme.ts';
import { svixLayout } from './layouts.ts';

const library = {
  name: 'standardwebhooks',
  time: 'both',
  toleranceSeconds: 300,
  body: 'text',
  parsesTimestamp: true,
} satisfies LibraryTraits;

const secretHint = 'whsec_ and base64 of 24 to 64 bytes';
const pitfall =
  'Verify the bytes as received: a body that was parsed and written again no longer matches. The secret is base64 after whsec_, not text.';

/** Standard Webhooks v1 and those who use it or Svix, whose headers alone differ. */
export const svixFamily: readonly MacProvider[] = [
  {
    id: 'standard-webhooks',
    title: 'Standard Webhooks',
    layouts: [svixLayout('webhook')],
    key: 'whsec',
    secretHint,
    replayKey: { name: 'webhook-id', isSigned: true },
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    documentation: 'https://www.standardwebhooks.com/',
    checked: 'vendor library',
    pitfall,
    library: { ...library, wantsJson: 'any' },
  },
  {
    id: 'svix',
    title: 'Svix',
    layouts: [svixLayout('svix'), svixLayout('webhook')],
    key: 'whsec',
    secretHint,
    replayKey: { name: 'svix-id', isSigned: true },
    source: 'https://github.com/svix/svix-webhooks',
    documentation: 'https://docs.svix.com/receiving/verifying-payloads/why',
    checked: 'vendor library',
    pitfall,
    library: { ...library, name: 'svix' },
  },
  {
    id: 'clerk',
    title: 'Clerk',
    layouts: [svixLayout('svix')],
    key: 'whsec',
    secretHint,
    replayKey: { name: 'svix-id', isSigned: true },
    source: 'https://www.npmjs.com/package/@clerk/backend',
    documentation: 'https://clerk.com/docs/webhooks/overview',
    checked: 'vendor library',
    pitfall,
    library: { ...library, name: '@clerk/backend', body: 'text-without-mark', refusesEmptyBody: true, wantsJson: 'not null' },
  },
  {
    id: 'resend',
    title: 'Resend',
    layouts: [svixLayout('svix')],
    key: 'whsec',
    secretHint,
    replayKey: { name: 'svix-id', isSigned: true },
    source: 'https://resend.com/docs/webhooks/verify-webhooks-requests',
    documentation: null,
    checked: 'vendor library',
    pitfall,
    library: { ...library, name: 'resend', wantsJson: 'any' },
  },
  {
    id: 'gitlab-signing',
    title: 'GitLab signing token',
    layouts: [svixLayout('webhook')],
    key: 'whsec',
    keyBytes: 32,
    secretHint: 'whsec_ and base64 of exactly 32 bytes',
    replayKey: { name: 'webhook-id', isSigned: true },
    source: 'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
    documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
    checked: 'third-party library',
    pitfall: 'It is another secret than the token in X-Gitlab-Token, which may be sent beside it and proves nothing about the body.',
    // GitLab has none of its own and tests with this one.
    library: { ...library, wantsJson: 'any' },
  },
];
