import { builtIn, factsFrom } from './profile.ts';

const read = { source: 'https://docs.acrity.io/en/console/webhooks', asOf: '2026-11-20' } as const;

/** Webhooks of Acrity: events of a workspace. */
export const acrity = builtIn('acrity', {
  name: 'Acrity',
  summary:
    'Events of a workspace, with an HMAC over the raw body that is optional for each webhook, and a body that may follow a template.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: { 'X-ACR-Event': '{{ type }}', 'X-ACR-Delivery': '{{ deliveryId | uuid }}' },
    signing: { scheme: 'acrity' },
    template: null,
  },
  facts: [
    ...factsFrom(
      { ...read, certainty: 'verified' },
      {
        request: [
          'Name, URL, method, content type, headers and secret headers are set for each webhook; X-ACR-Event names the event, and X-ACR-Delivery is unique to the delivery.',
          'The check of the TLS certificate can be turned off for a webhook.',
        ],
        signature: ['X-ACR-Signature-256 is sha256= and the hexadecimal HMAC-SHA256 of the raw body. Signing is optional.'],
        body: ['A template of the user may replace the body.'],
      },
    ),
    {
      about: 'delivery',
      text: 'How failed deliveries are repeated is not stated; the retry policy here is the one of a new endpoint.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'project.created',
      title: 'Project created',
      samples: [
        { name: 'default', data: { project: { id: 'prj_4821', name: 'Harbour bridge', ownerId: 'usr_17' }, workspaceId: 'wsp_9' } },
        { name: 'without owner', data: { project: { id: 'prj_4822', name: 'Archive', ownerId: null }, workspaceId: 'wsp_9' } },
      ],
    },
    {
      name: 'project.updated',
      title: 'Project updated',
      samples: [
        { name: 'default', data: { project: { id: 'prj_4821', name: 'Harbour bridge II' }, changed: ['name'], workspaceId: 'wsp_9' } },
        {
          name: 'several fields',
          data: { project: { id: 'prj_4821', name: 'Süd', ownerId: 'usr_3' }, changed: ['name', 'ownerId'], workspaceId: 'wsp_9' },
        },
      ],
    },
    {
      name: 'document.approved',
      title: 'Document approved',
      samples: [
        {
          name: 'default',
          data: { document: { id: 'doc_77', title: 'Inspection report', version: 3 }, approvedBy: 'usr_17', workspaceId: 'wsp_9' },
        },
        {
          name: 'first version',
          data: { document: { id: 'doc_78', title: 'Plan', version: 1 }, approvedBy: 'usr_3', workspaceId: 'wsp_9' },
        },
      ],
    },
    {
      name: 'member.added',
      title: 'Member added',
      samples: [
        { name: 'default', data: { member: { id: 'usr_21', email: 'noor@example.com', role: 'editor' }, workspaceId: 'wsp_9' } },
        { name: 'viewer', data: { member: { id: 'usr_22', email: 'ida@example.com', role: 'viewer' }, workspaceId: 'wsp_9' } },
      ],
    },
  ],
});
