import { builtIn } from './profile.ts';
import { svixDelivery, svixFacts } from './svix.ts';

const email = {
  broadcast_id: '8b146471-e88e-4322-86af-016cd36fd216',
  created_at: '2026-03-14T10:00:00.894719+00:00',
  email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
  from: 'Acme <onboarding@example.com>',
  to: ['delivered@example.com'],
  subject: 'Sending this example',
  tags: { category: 'confirm_email' },
};

/** Webhooks of Resend, which are sent by Svix. */
export const resend = builtIn('resend', {
  name: 'Resend',
  summary: 'What became of emails, sent by Svix.',
  fields: {
    ...svixDelivery,
    signing: { scheme: 'resend' },
    template: '{"type":{{ type | json }},"created_at":{{ timestamp | json }},"data":{{ data | json }}}',
  },
  facts: [
    ...svixFacts,
    {
      about: 'body',
      text: 'type, created_at and data are the fields of the body.',
      certainty: 'verified',
      source: 'https://www.npmjs.com/package/resend',
      asOf: '2026-11-28',
    },
  ],
  eventTypes: [
    {
      name: 'email.sent',
      title: 'An email was sent',
      samples: [
        { name: 'default', data: email },
        { name: 'two recipients', data: { ...email, to: ['a@example.com', 'b@example.com'] } },
      ],
    },
    {
      name: 'email.delivered',
      title: 'An email was delivered',
      samples: [
        { name: 'default', data: email },
        { name: 'without tags', data: { ...email, tags: {} } },
      ],
    },
    {
      name: 'email.bounced',
      title: 'An email bounced',
      samples: [
        {
          name: 'permanent',
          data: {
            ...email,
            bounce: { message: 'The recipient’s address is on the suppression list.', subType: 'Suppressed', type: 'Permanent' },
          },
        },
        { name: 'transient', data: { ...email, bounce: { message: 'The mailbox is full.', subType: 'MailboxFull', type: 'Transient' } } },
      ],
    },
    {
      name: 'email.clicked',
      title: 'A link was clicked',
      samples: [
        {
          name: 'default',
          data: {
            ...email,
            click: { ipAddress: '192.0.2.7', link: 'https://example.com', timestamp: '2026-03-14T10:05:00.894Z', userAgent: 'Mozilla/5.0' },
          },
        },
        {
          name: 'with query',
          data: {
            ...email,
            click: {
              ipAddress: '192.0.2.8',
              link: 'https://example.com/?a=1&b=2',
              timestamp: '2026-03-14T10:06:00.894Z',
              userAgent: 'Mozilla/5.0',
            },
          },
        },
      ],
    },
    {
      name: 'email.complained',
      title: 'An email was marked as spam',
      samples: [
        { name: 'default', data: email },
        { name: 'without broadcast', data: { ...email, broadcast_id: null } },
      ],
    },
  ],
});
