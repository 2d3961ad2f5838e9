import { handshakes } from '../handshakes/common.ts';
import { builtIn, factsFrom } from './profile.ts';

const user = {
  login: 'octocat',
  id: 583_231,
  node_id: 'MDQ6VXNlcjU4MzIzMQ==',
  type: 'User',
  site_admin: false,
  html_url: 'https://github.com/octocat',
};

/** Since 2023 the schema of GitHub wants `custom_properties` in every repository. */
const repository = {
  id: 35_129_377,
  node_id: 'MDEwOlJlcG9zaXRvcnkzNTEyOTM3Nw==',
  name: 'hello-world',
  full_name: 'octocat/hello-world',
  private: false,
  owner: user,
  html_url: 'https://github.com/octocat/hello-world',
  description: null,
  fork: false,
  default_branch: 'main',
  custom_properties: {},
};

const common = { repository, sender: user };

const commit = {
  id: '7d1b31e74ee336d15cbd21741bc88a537ed063a0',
  tree_id: 'e38dbcb6e1b1cb2c2a1c8a1e8e0b9fd3b3a3f9c1',
  distinct: true,
  message: 'Rename the greeting',
  timestamp: '2026-03-14T10:00:00+01:00',
  url: 'https://github.com/octocat/hello-world/commit/7d1b31e74ee336d15cbd21741bc88a537ed063a0',
  author: { name: 'Octo Cat', email: 'octocat@example.com', username: 'octocat' },
  committer: { name: 'Octo Cat', email: 'octocat@example.com', username: 'octocat' },
  added: [],
  removed: [],
  modified: ['README.md'],
};

const push = {
  ref: 'refs/heads/main',
  before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  after: commit.id,
  ...common,
  pusher: { name: 'octocat', email: 'octocat@example.com' },
  created: false,
  deleted: false,
  forced: false,
  base_ref: null,
  compare: 'https://github.com/octocat/hello-world/compare/6113728f27ae...7d1b31e74ee3',
  commits: [commit],
  head_commit: commit,
};

const pullRequest = {
  url: 'https://api.github.com/repos/octocat/hello-world/pulls/7',
  id: 279_147_437,
  number: 7,
  state: 'open',
  locked: false,
  title: 'Update the README',
  user,
  body: 'It said the wrong thing.',
  created_at: '2026-03-14T09:00:00Z',
  updated_at: '2026-03-14T09:00:00Z',
  merged: false,
  draft: false,
  head: { label: 'octocat:readme', ref: 'readme', sha: commit.id, user, repo: repository },
  base: { label: 'octocat:main', ref: 'main', sha: push.before, user, repo: repository },
};

const issue = {
  id: 444_500_041,
  number: 1,
  title: 'Spelling error in the README file',
  user,
  labels: [{ id: 1_362_934_389, name: 'bug', color: 'd73a4a', default: true, description: null }],
  state: 'open',
  locked: false,
  assignee: null,
  comments: 0,
  created_at: '2026-03-14T09:00:00Z',
  updated_at: '2026-03-14T09:00:00Z',
  closed_at: null,
  body: 'It says “halo” in the second line.',
};

/** Webhooks of a repository on GitHub. */
export const github = builtIn('github', {
  name: 'GitHub',
  summary: 'Events of a repository: the event is named in a header only, and nothing is repeated by itself.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      Accept: '*/*',
      'User-Agent': 'GitHub-Hookshot/1440bf9',
      'X-GitHub-Delivery': '{{ deliveryId | uuid }}',
      'X-GitHub-Event': '{{ type }}',
      'X-GitHub-Hook-ID': '292430182',
      'X-GitHub-Hook-Installation-Target-ID': '35129377',
      'X-GitHub-Hook-Installation-Target-Type': 'repository',
    },
    signing: { scheme: 'github-sha256' },
    template: '{{ data | json }}',
    retryPolicy: 'github',
    successRule: '2xx',
    timeoutMs: 10_000,
  },
  handshakes: [handshakes['github-ping']],
  facts: [
    ...factsFrom(
      { source: 'https://docs.github.com/en/webhooks/webhook-events-and-payloads', asOf: '2026-11-28', certainty: 'verified' },
      {
        request: [
          'The headers name the delivery, the event, the webhook and what it belongs to. The user agent begins with GitHub-Hookshot/.',
          'application/json is sent without a charset; a form with the JSON in its field payload can be chosen instead.',
        ],
        body: ['The body is the payload of the event, without an envelope, compact.'],
        delivery: [
          'An answer must come within 10 seconds. Failed deliveries are not repeated; they can be redelivered by hand for three days.',
        ],
        limits: ['A payload of more than 25 MB is not sent.'],
      },
    ),
    {
      about: 'request',
      text: 'GitHub makes delivery ids of version 1, and sends X-Hub-Signature with SHA-1 as well; here the id has version 4, and only SHA-256 is sent.',
      certainty: 'verified',
      source: 'https://github.com/hookdeck/webhook-samples',
      asOf: '2025-04-04',
    },
  ],
  eventTypes: [
    {
      name: 'push',
      title: 'Commits were pushed',
      samples: [
        { name: 'one commit', data: push },
        { name: 'branch deleted', data: { ...push, after: '0'.repeat(40), deleted: true, commits: [], head_commit: null } },
      ],
    },
    {
      name: 'pull_request',
      title: 'A pull request changed',
      samples: [
        { name: 'opened', data: { action: 'opened', number: 7, pull_request: pullRequest, ...common } },
        {
          name: 'merged',
          data: { action: 'closed', number: 7, pull_request: { ...pullRequest, state: 'closed', merged: true }, ...common },
        },
      ],
    },
    {
      name: 'issues',
      title: 'An issue changed',
      samples: [
        { name: 'opened', data: { action: 'opened', issue, ...common } },
        { name: 'closed', data: { action: 'closed', issue: { ...issue, state: 'closed', closed_at: '2026-03-14T10:00:00Z' }, ...common } },
      ],
    },
    {
      name: 'issue_comment',
      title: 'A comment on an issue',
      samples: [
        {
          name: 'created',
          data: {
            action: 'created',
            issue,
            comment: { id: 492_700_400, user, created_at: '2026-03-14T10:00:00Z', body: 'You are right.' },
            ...common,
          },
        },
        {
          name: 'deleted',
          data: {
            action: 'deleted',
            issue,
            comment: { id: 492_700_400, user, created_at: '2026-03-14T10:00:00Z', body: 'You are right.' },
            ...common,
          },
        },
      ],
    },
    {
      name: 'release',
      title: 'A release',
      samples: [
        {
          name: 'published',
          data: {
            action: 'published',
            release: { id: 17_372_790, tag_name: 'v1.2.0', name: '1.2.0', draft: false, prerelease: false, author: user },
            ...common,
          },
        },
        {
          name: 'prereleased',
          data: {
            action: 'prereleased',
            release: { id: 17_372_791, tag_name: 'v1.3.0-rc.1', name: null, draft: false, prerelease: true, author: user },
            ...common,
          },
        },
      ],
    },
    {
      name: 'ping',
      title: 'A webhook was made',
      samples: [
        {
          name: 'default',
          data: {
            zen: 'Keep it logically awesome.',
            hook_id: 292_430_182,
            hook: { type: 'Repository', id: 292_430_182, name: 'web', active: true, events: ['push'] },
            ...common,
          },
        },
        {
          name: 'all events',
          data: {
            zen: 'Design for failure.',
            hook_id: 292_430_182,
            hook: { type: 'Repository', id: 292_430_182, name: 'web', active: true, events: ['*'] },
            ...common,
          },
        },
      ],
    },
  ],
});
