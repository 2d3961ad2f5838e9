import { builtIn, factsFrom, type ProfileContent } from './profile.ts';

/** Events of a sender that follows the specification. */
export const standardEventTypes: ProfileContent['eventTypes'] = [
  {
    name: 'user.created',
    title: 'User created',
    samples: [
      { name: 'default', data: { id: '1f81eb52-5198-4599-803e-771906343485', type: 'user', first_name: 'John', last_name: 'Doe' } },
      { name: 'other script', data: { id: '5c3f9a1e-97f7-4a8e-a1f2-2f6b64a1a9d0', type: 'user', first_name: '明', last_name: '王' } },
    ],
  },
  {
    name: 'user.updated',
    title: 'User updated',
    samples: [
      { name: 'default', data: { id: '1f81eb52-5198-4599-803e-771906343485', changed: { first_name: 'Jon' } } },
      { name: 'removed value', data: { id: '1f81eb52-5198-4599-803e-771906343485', changed: { phone: null } } },
    ],
  },
  {
    name: 'user.deleted',
    title: 'User deleted',
    samples: [
      { name: 'default', data: { id: '1f81eb52-5198-4599-803e-771906343485' } },
      { name: 'with reason', data: { id: '5c3f9a1e-97f7-4a8e-a1f2-2f6b64a1a9d0', reason: 'requested' } },
    ],
  },
  {
    name: 'invoice.paid',
    title: 'Invoice paid',
    samples: [
      { name: 'default', data: { id: 'inv_301', amount: 1299, currency: 'EUR', paid_at: '2026-03-14T09:00:00Z' } },
      { name: 'zero', data: { id: 'inv_302', amount: 0, currency: 'USD', paid_at: '2026-03-14T09:00:01Z' } },
    ],
  },
  {
    name: 'invoice.payment_failed',
    title: 'Invoice payment failed',
    samples: [
      { name: 'default', data: { id: 'inv_303', amount: 4900, currency: 'EUR', reason: 'card_declined' } },
      { name: 'expired card', data: { id: 'inv_304', amount: 4900, currency: 'EUR', reason: 'expired_card' } },
    ],
  },
];

/** The Standard Webhooks specification. */
export const standardWebhooks = builtIn('standard-webhooks', {
  name: 'Standard Webhooks',
  summary: 'The envelope, headers and schedule of the Standard Webhooks specification, which many systems follow.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    signing: { scheme: 'standard-webhooks' },
    template: null,
    retryPolicy: 'standard-webhooks',
    successRule: '2xx',
    timeoutMs: 20_000,
    redirects: 'refuse',
    disableOn410: true,
  },
  facts: factsFrom(
    {
      source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
      asOf: '2026-08-17',
      certainty: 'verified',
    },
    {
      request: ['The headers are webhook-id, webhook-timestamp and webhook-signature. The id stays the same over retries.'],
      body: ['The recommended body has type, timestamp and data.'],
      delivery: [
        'Any 2xx is a success. The specification gives a schedule of ten attempts over 75 hours as an example, and 15 to 30 seconds as the time for an answer.',
        'An answer of 410 says that the receiver wants no more; the endpoint is disabled.',
      ],
    },
  ),
  eventTypes: standardEventTypes,
});
