import { bodyLayout } from './shapes/layout.ts';
import type { LibraryTraits } from './shapes/library.ts';
import { sha1Hex, sha256Hex, type Tell, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

const octokit = {
  name: '@octokit/webhooks-methods',
  time: 'none',
  toleranceSeconds: null,
  body: 'text',
  refusesEmptyBody: true,
  wantsLowerCase: true,
} satisfies LibraryTraits;
const tells: readonly Tell[] = [{ header: 'X-GitHub-Event' }, { header: 'X-GitHub-Delivery' }, userAgent(/^GitHub-Hookshot/)];

/** What is known of GitHub. */
export const github = provider({
  name: 'GitHub',
  schemes: {
    'github-sha256': {
      kind: 'mac',
      options: 'none',
      title: 'GitHub',
      layouts: [bodyLayout('X-Hub-Signature-256', { prefix: 'sha256=' })],
      key: 'text',
      secretHint: 'Any text',
      replayKey: { name: 'X-GitHub-Delivery', isSigned: false },
      source: 'https://github.com/github/docs/blob/main/content/webhooks/using-webhooks/validating-webhook-deliveries.md',
      documentation: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'With the content type of forms, the whole form is signed as it was sent (payload=…), not the JSON in it.',
      library: octokit,
      marks: [{ header: 'X-Hub-Signature-256', value: sha256Hex, tells, group: 'hub 256', standing: 'usual', isConvention: true }],
      libraryCalls: {
        node: {
          dependency: '@octokit/webhooks-methods',
          imports: [`import { verify } from '@octokit/webhooks-methods';`],
          call: `await verify(secret, body.toString(), headers['x-hub-signature-256'])`,
          answers: 'boolean',
          remark: 'The library turns the body into text, so one that is not UTF-8 fails, and it refuses an empty body.',
        },
      },
    },
    'github-sha1': {
      kind: 'mac',
      options: 'none',
      title: 'GitHub, old SHA-1 header',
      layouts: [bodyLayout('X-Hub-Signature', { hash: 'sha1', prefix: 'sha1=' })],
      key: 'text',
      secretHint: 'Any text',
      replayKey: { name: 'X-GitHub-Delivery', isSigned: false },
      source: 'https://github.com/github/docs/blob/main/content/webhooks/using-webhooks/validating-webhook-deliveries.md',
      documentation: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'GitHub keeps this header for old receivers only: check X-Hub-Signature-256, which comes beside it.',
      library: { ...octokit, name: '@octokit/webhooks-methods 3' },
      marks: [{ header: 'X-Hub-Signature', value: sha1Hex, tells, group: 'hub sha1', isConvention: true }],
    },
  },
  retryPresets: {
    github: {
      title: 'GitHub: never',
      source: 'https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries',
      asOf: '2026-11-21',
      note: 'Failed deliveries are not redelivered by themselves; a person or a script redelivers them.',
      policy: { kind: 'none' },
    },
  },
  outage: {
    comparedAt: 3,
    facts: [],
    recovery: 'GitHub never tries again by itself; its deliveries can be redelivered by hand or by API for three days.',
  },
});
