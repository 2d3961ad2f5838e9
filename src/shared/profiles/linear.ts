import { builtIn, factsFrom } from './profile.ts';

const issue = {
  id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9',
  createdAt: '2026-03-14T10:00:00.000Z',
  updatedAt: '2026-03-14T10:00:00.000Z',
  number: 2,
  title: 'The greeting is wrong',
  priority: 2,
  priorityLabel: 'High',
  sortOrder: -7.2,
  teamId: '72b2a2dc-6f4f-4423-9d34-24b5bd10634a',
  team: { id: '72b2a2dc-6f4f-4423-9d34-24b5bd10634a', key: 'ENG', name: 'Engineering' },
  stateId: 'fd3e1b1c-8e91-4c9d-9c6a-1a5d5d8f9b11',
  state: { id: 'fd3e1b1c-8e91-4c9d-9c6a-1a5d5d8f9b11', color: '#e2e2e2', name: 'Todo', type: 'unstarted' },
  identifier: 'ENG-2',
  url: 'https://linear.app/example/issue/ENG-2',
  labelIds: [],
  subscriberIds: [],
};

const comment = {
  id: '5a1a5d5e-4a5a-4a4b-8d3c-4d8f9b11e2e2',
  createdAt: '2026-03-14T10:05:00.000Z',
  updatedAt: '2026-03-14T10:05:00.000Z',
  body: 'I will look at it.',
  issueId: issue.id,
  userId: 'aacdca22-6266-4c0a-ab3c-8fa70a26765c',
};

/** The type of an event is its resource and its action, such as `Issue.create`; the body has them apart. */
const template =
  '{% assign parts = type | split: "." %}{"action":{{ parts[1] | default: "create" | json }},"type":{{ parts[0] | json }},"createdAt":{{ timestamp | json }},"data":{{ data | json }},"organizationId":"d1d8b1d2-1f3b-4c5d-9e6f-7a8b9c0d1e2f","webhookId":"790ce3f6-ea44-473d-bbd9-f3c73dc745a9","webhookTimestamp":{{ timestampMs }}}';

/** Webhooks of Linear. */
export const linear = builtIn('linear', {
  name: 'Linear',
  summary: 'Changes of issues, comments and more. An event here is named by resource and action, such as Issue.create.',
  fields: {
    method: 'POST',
    contentType: 'application/json; charset=utf-8',
    headers: {
      'User-Agent': 'Linear-Webhook',
      'Linear-Event': '{{ type | split: "." | first }}',
    },
    signing: { scheme: 'linear' },
    template,
    retryPolicy: { kind: 'schedule', delaysMs: [60_000, 3_600_000, 21_600_000] },
    successRule: '200',
    timeoutMs: 5000,
    httpsOnly: true,
  },
  facts: [
    ...factsFrom(
      { source: 'https://linear.app/developers/webhooks', asOf: '2026-11-28', certainty: 'second-hand' },
      {
        request: [
          'Linear-Delivery, a UUID, and Linear-Event stand beside the signature. HTTPS is needed. Here Linear-Delivery is the id of the message.',
        ],
        delivery: ['Only 200 within five seconds counts. A failed delivery is repeated after a minute, an hour and six hours.'],
      },
    ),
    {
      about: 'body',
      text: 'action, type, createdAt, data, organizationId, webhookId and webhookTimestamp are fields of the body.',
      certainty: 'verified',
      source: 'https://www.npmjs.com/package/@linear/sdk',
      asOf: '2026-11-28',
    },
  ],
  eventTypes: [
    {
      name: 'Issue.create',
      title: 'An issue was made',
      samples: [
        { name: 'default', data: issue },
        { name: 'without priority', data: { ...issue, priority: 0, priorityLabel: 'No priority' } },
      ],
    },
    {
      name: 'Issue.update',
      title: 'An issue changed',
      samples: [
        { name: 'started', data: { ...issue, state: { ...issue.state, name: 'In Progress', type: 'started' } } },
        { name: 'renamed', data: { ...issue, title: 'The greeting was wrong' } },
      ],
    },
    {
      name: 'Issue.remove',
      title: 'An issue was removed',
      samples: [
        { name: 'default', data: issue },
        { name: 'archived', data: { ...issue, archivedAt: '2026-03-15T10:00:00.000Z' } },
      ],
    },
    {
      name: 'Comment.create',
      title: 'A comment was made',
      samples: [
        { name: 'default', data: comment },
        { name: 'with emoji', data: { ...comment, body: 'Done 🎉' } },
      ],
    },
    {
      name: 'Project.update',
      title: 'A project changed',
      samples: [
        { name: 'default', data: { id: 'a6634484-6061-4ac7-9739-7dc5e52c796b', name: 'Launch', state: 'started', progress: 0.25 } },
        { name: 'completed', data: { id: 'a6634484-6061-4ac7-9739-7dc5e52c796b', name: 'Launch', state: 'completed', progress: 1 } },
      ],
    },
  ],
});
