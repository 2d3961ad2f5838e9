import { svixLayout } from './shapes/layout.ts';
import { type Tell, userAgent } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { standardWebhooksCalls, standardWebhooksLibrary } from './shapes/svix.ts';

const tells: readonly Tell[] = [
  { header: 'X-Gitlab-Event' },
  { header: 'X-Gitlab-Event-UUID' },
  { header: 'X-Gitlab-Instance' },
  userAgent(/^GitLab/),
];

/** What is known of GitLab. */
export const gitlab = provider({
  name: 'GitLab',
  schemes: {
    'gitlab-signing': {
      kind: 'mac',
      options: 'tolerance',
      title: 'GitLab signing token',
      layouts: [svixLayout('webhook')],
      key: 'whsec',
      keyBytes: 32,
      secretHint: 'whsec_ and base64 of exactly 32 bytes',
      replayKey: { name: 'webhook-id', isSigned: true },
      source: 'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
      documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
      asOf: '2026-11-20',
      checked: 'third-party library',
      pitfall: 'It is another secret than the token in X-Gitlab-Token, which may be sent beside it and proves nothing about the body.',
      // GitLab has none of its own and tests with this one.
      library: { ...standardWebhooksLibrary, wantsJson: 'any' },
      marks: [
        {
          header: 'webhook-signature',
          value: /(?:^|\s)v1,/,
          along: ['webhook-id', 'webhook-timestamp'],
          tells,
          group: 'webhook v1',
          isConvention: true,
        },
      ],
      libraryCalls: standardWebhooksCalls,
    },
    'gitlab-token': {
      kind: 'token',
      options: 'none',
      header: 'X-Gitlab-Token',
      allowed: {
        pattern: /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/,
        problem: 'Use printable ASCII for the token, without spaces around it.',
      },
      replayKey: { name: 'Idempotency-Key', isSigned: false, isCommonName: true },
      title: 'GitLab secret token',
      secretHint: 'Any printable text',
      source: 'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
      documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The token is no signature: the body may have been changed. Newer GitLab can sign, too (GitLab signing token).',
      marks: [{ header: 'X-Gitlab-Token', value: /^\S+$/ }],
    },
  },
});
