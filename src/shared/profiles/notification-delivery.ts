import { builtIn, factsFrom } from './profile.ts';

/** Webhooks of a service that delivers notifications. */
export const notificationDelivery = builtIn('notification-delivery', {
  name: 'Notification delivery',
  summary: 'One event for each webhook, JSON by POST over HTTPS, and nothing but the status 200 counts as delivered.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    httpsOnly: true,
    successRule: '200',
    signing: { scheme: 'standard-webhooks' },
    template: null,
  },
  constraints: { exactlyOneEvent: true },
  facts: factsFrom(
    { source: null, asOf: '2026-11-20', certainty: 'second-hand' },
    {
      request: ['POST with JSON over HTTPS. A webhook has exactly one event; an event may have many webhooks.'],
      signature: [
        'The authentication lets the receiver check sender, integrity and freshness: the signature here covers a timestamp and an id that is used once.',
        'Event, authentication and target URL are three separate things: one authentication serves many webhooks. Choose it under Authentication; its signature takes the place of the one here.',
      ],
      delivery: ['Only the status 200 counts as delivered.'],
      events: ['A notification is delivered at least once, so it may come twice.'],
    },
  ),
  eventTypes: [
    {
      name: 'notification.sent',
      title: 'Notification sent',
      samples: [
        {
          name: 'default',
          data: { notificationId: 'ntf_1001', channel: 'email', recipient: 'kim@example.com', sentAt: '2026-03-14T09:00:00Z' },
        },
        {
          name: 'text message',
          data: { notificationId: 'ntf_1002', channel: 'sms', recipient: '+4915112345678', sentAt: '2026-03-14T09:00:01Z' },
        },
      ],
    },
    {
      name: 'notification.delivered',
      title: 'Notification delivered',
      samples: [
        { name: 'default', data: { notificationId: 'ntf_1001', channel: 'email', deliveredAt: '2026-03-14T09:00:04Z' } },
        { name: 'push', data: { notificationId: 'ntf_1003', channel: 'push', deliveredAt: '2026-03-14T09:00:05Z' } },
      ],
    },
    {
      name: 'notification.failed',
      title: 'Notification failed',
      samples: [
        { name: 'default', data: { notificationId: 'ntf_1002', channel: 'sms', reason: 'unreachable', attempts: 3 } },
        { name: 'refused', data: { notificationId: 'ntf_1004', channel: 'email', reason: 'mailbox full', attempts: 1 } },
      ],
    },
    {
      name: 'subscriber.opted_out',
      title: 'Subscriber opted out',
      samples: [
        { name: 'default', data: { subscriberId: 'sub_77', channel: 'email', at: '2026-03-14T10:00:00Z' } },
        { name: 'all channels', data: { subscriberId: 'sub_78', channel: null, at: '2026-03-14T10:00:01Z' } },
      ],
    },
  ],
});
