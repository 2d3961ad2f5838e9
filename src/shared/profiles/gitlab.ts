import { builtIn, factsFrom } from './profile.ts';

const project = {
  id: 15,
  name: 'Diaspora',
  description: '',
  web_url: 'https://gitlab.example.com/mike/diaspora',
  avatar_url: null,
  git_ssh_url: 'git@gitlab.example.com:mike/diaspora.git',
  git_http_url: 'https://gitlab.example.com/mike/diaspora.git',
  namespace: 'Mike',
  visibility_level: 0,
  path_with_namespace: 'mike/diaspora',
  default_branch: 'main',
};

const user = { id: 1, name: 'Administrator', username: 'root', avatar_url: null, email: '[REDACTED]' };

const commit = {
  id: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
  message: 'Fix the readme',
  title: 'Fix the readme',
  timestamp: '2026-03-14T10:00:00+01:00',
  url: 'https://gitlab.example.com/mike/diaspora/-/commit/da156088',
  author: { name: 'Mike', email: 'mike@example.com' },
  added: [],
  modified: ['README.md'],
  removed: [],
};

const push = {
  object_kind: 'push',
  event_name: 'push',
  before: '95790bf891e76fee5e1747ab589903a6a1f80f22',
  after: commit.id,
  ref: 'refs/heads/main',
  checkout_sha: commit.id,
  user_id: 4,
  user_name: 'John Smith',
  user_username: 'jsmith',
  project_id: 15,
  project,
  commits: [commit],
  total_commits_count: 1,
  push_options: {},
};

/** Webhooks of a project on GitLab, with the secret token in a header. */
export const gitlab = builtIn('gitlab', {
  name: 'GitLab',
  summary: 'Events of a project with the secret token in a header. A redirect counts as a success, and nothing is repeated.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      'User-Agent': 'GitLab/17.11.0',
      'Idempotency-Key': '{{ id | uuid }}',
      'X-Gitlab-Event': '{{ type | replace: "_", " " }}',
      'X-Gitlab-Webhook-UUID': '7ea1e3c6-5c9b-4d5e-8b61-5d5e9f6b8a11',
      'X-Gitlab-Instance': 'https://gitlab.example.com',
      'X-Gitlab-Event-UUID': '{{ id | append: "event" | uuid }}',
    },
    signing: { scheme: 'gitlab-token' },
    template: '{{ data | json }}',
    retryPolicy: 'none',
    successRule: '200-399',
    timeoutMs: 10_000,
    autoDisable: { onExhaustion: false, afterFailures: 40, afterFailingMs: null },
    circuitBreaker: { failures: 4, pauseMs: 60_000, maxPauseMs: 86_400_000 },
  },
  facts: [
    ...factsFrom(
      {
        source: 'https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/web_hook_service.rb',
        asOf: '2026-11-28',
        certainty: 'verified',
      },
      {
        request: ['Idempotency-Key, event, UUIDs and instance are headers; X-Gitlab-Token holds the secret as it is.'],
        body: ['The body is the payload of the event, compact, without an envelope.'],
        delivery: [
          '2xx and 3xx count as success. Nothing is repeated by itself; a redelivery by hand keeps its Idempotency-Key.',
          'After more than three failures in a row a webhook pauses, from a minute to a day; after 40 it is disabled. What happens during a pause is dropped by GitLab; here it waits.',
        ],
      },
    ),
    {
      about: 'events',
      text: 'GitLab names an event in words, such as Push Hook; here an underscore stands for the space.',
      certainty: 'verified',
      source: 'https://docs.gitlab.com/user/project/integrations/webhook_events/',
      asOf: '2026-11-28',
    },
  ],
  eventTypes: [
    {
      name: 'Push_Hook',
      title: 'Commits were pushed',
      samples: [
        { name: 'default', data: push },
        { name: 'branch deleted', data: { ...push, after: '0'.repeat(40), checkout_sha: null, commits: [], total_commits_count: 0 } },
      ],
    },
    {
      name: 'Merge_Request_Hook',
      title: 'A merge request changed',
      samples: [
        {
          name: 'opened',
          data: {
            object_kind: 'merge_request',
            event_type: 'merge_request',
            user,
            project,
            object_attributes: {
              id: 99,
              iid: 1,
              title: 'Improve it',
              state: 'opened',
              action: 'open',
              source_branch: 'feature',
              target_branch: 'main',
            },
            labels: [],
            changes: {},
          },
        },
        {
          name: 'merged',
          data: {
            object_kind: 'merge_request',
            event_type: 'merge_request',
            user,
            project,
            object_attributes: {
              id: 99,
              iid: 1,
              title: 'Improve it',
              state: 'merged',
              action: 'merge',
              source_branch: 'feature',
              target_branch: 'main',
            },
            labels: [],
            changes: {},
          },
        },
      ],
    },
    {
      name: 'Issue_Hook',
      title: 'An issue changed',
      samples: [
        {
          name: 'opened',
          data: {
            object_kind: 'issue',
            event_type: 'issue',
            user,
            project,
            object_attributes: { id: 301, iid: 23, title: 'New API', state: 'opened', action: 'open' },
            labels: [],
            changes: {},
          },
        },
        {
          name: 'closed',
          data: {
            object_kind: 'issue',
            event_type: 'issue',
            user,
            project,
            object_attributes: { id: 301, iid: 23, title: 'New API', state: 'closed', action: 'close' },
            labels: [],
            changes: {},
          },
        },
      ],
    },
    {
      name: 'Pipeline_Hook',
      title: 'A pipeline changed',
      samples: [
        {
          name: 'success',
          data: {
            object_kind: 'pipeline',
            object_attributes: { id: 31, ref: 'main', status: 'success', duration: 63 },
            user,
            project,
            commit,
            builds: [],
          },
        },
        {
          name: 'failed',
          data: {
            object_kind: 'pipeline',
            object_attributes: { id: 32, ref: 'main', status: 'failed', duration: 12 },
            user,
            project,
            commit,
            builds: [],
          },
        },
      ],
    },
    {
      name: 'Release_Hook',
      title: 'A release',
      samples: [
        {
          name: 'created',
          data: { object_kind: 'release', id: 1, tag: 'v1.1', name: 'v1.1', description: '', project, action: 'create', commit },
        },
        {
          name: 'updated',
          data: { object_kind: 'release', id: 1, tag: 'v1.1', name: 'v1.1 (LTS)', description: '', project, action: 'update', commit },
        },
      ],
    },
  ],
});
