import type { ProfileInput } from '../contract/profiles.ts';
import { standardEventTypes } from './standard-webhooks.ts';
import { builtIn, factsFrom } from './profile.ts';

/** How Svix delivers, which senders on it have in common. */
export const svixDelivery = {
  method: 'POST',
  contentType: 'application/json',
  headers: { Accept: '*/*', 'User-Agent': 'Svix-Webhooks/1.96.1' },
  retryPolicy: 'svix',
  successRule: '2xx',
  timeoutMs: 15_000,
  redirects: 'refuse',
  autoDisable: { onExhaustion: false, afterFailures: null, afterFailingMs: 432_000_000 },
  stopAnswers: [
    { statuses: null, header: 'webhook-delivery', value: 'abort-message', action: 'end' },
    { statuses: null, header: 'webhook-delivery', value: 'disable', action: 'disable' },
  ],
} satisfies ProfileInput['fields'];

export const svixFacts = factsFrom(
  { source: 'https://docs.svix.com/retries', asOf: '2026-11-28', certainty: 'verified' },
  {
    request: [
      'svix-id stays the same over retries, timestamp and signature are new at each attempt. The user agent begins with Svix-Webhooks/.',
    ],
    delivery: [
      '2xx within 15 seconds counts, a redirect is a failure. There are eight attempts: at once, then after 5 s, 5 m, 30 m, 2 h, 5 h, 10 h and 10 h.',
      'An endpoint is disabled after five days of failures only.',
      'An answer with the header webhook-delivery: abort-message ends the retries of a message, and with webhook-delivery: disable the endpoint is disabled.',
    ],
  },
);

/** A sender on Svix. */
export const svix = builtIn('svix', {
  name: 'Svix',
  summary: 'What a sender on Svix sends: headers that begin with svix-, and the body as the sender made it.',
  fields: { ...svixDelivery, signing: { scheme: 'svix' }, template: null },
  facts: svixFacts,
  eventTypes: standardEventTypes,
});
