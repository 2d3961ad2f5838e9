import { builtIn, factsFrom } from './profile.ts';

const minute = 60_000;

/** Webhooks of Acturity: clicks and changes of links. */
export const acturity = builtIn('acturity', {
  name: 'Acturity',
  summary: 'Events of links and campaigns in a flat body, signed over the raw body; how long deliveries are repeated depends on the plan.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    signing: { scheme: 'acturity' },
    template: '{"event":{{ type | json }}{% for field in data %},{{ field[0] | json }}:{{ field[1] | json }}{% endfor %}}',
    retryPolicy: { kind: 'exponential', baseMs: minute, factor: 2, maxDelayMs: 60 * minute, maxAttempts: 6 },
  },
  plans: [
    { name: 'Free', policy: { kind: 'exponential', baseMs: minute, factor: 2, maxDelayMs: 60 * minute, maxAttempts: 3 } },
    { name: 'Pro', policy: { kind: 'exponential', baseMs: minute, factor: 2, maxDelayMs: 240 * minute, maxAttempts: 8 } },
    { name: 'Business', policy: { kind: 'exponential', baseMs: minute, factor: 2, maxDelayMs: 720 * minute, maxAttempts: 14 } },
  ],
  facts: [
    ...factsFrom(
      { source: 'https://www.acturity.com/features/webhooks', asOf: '2026-11-20', certainty: 'verified' },
      {
        body: ['The event name and the fields of the event stand side by side in one flat object.'],
        signature: ['X-Acturity-Signature is sha256= and the hexadecimal HMAC-SHA256 of the payload; each endpoint has its own secret.'],
        delivery: ['Failed deliveries are repeated with exponential backoff whose length depends on the plan.'],
      },
    ),
    {
      about: 'delivery',
      text: 'The page gives no figures: the backoffs of the plans here are examples. Each plan is a named retry policy, which can be changed for all of its endpoints at once.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'link.clicked',
      title: 'Link clicked',
      samples: [
        { name: 'default', data: { link_id: 'lnk_abc', country: 'US' } },
        { name: 'with referrer', data: { link_id: 'lnk_abc', country: 'DE', referrer: 'https://example.com/', device: 'mobile' } },
      ],
    },
    {
      name: 'link.created',
      title: 'Link created',
      samples: [
        { name: 'default', data: { link_id: 'lnk_abd', url: 'https://example.com/spring', campaign_id: null } },
        { name: 'of a campaign', data: { link_id: 'lnk_abe', url: 'https://example.com/sale', campaign_id: 'cmp_12' } },
      ],
    },
    {
      name: 'link.updated',
      title: 'Link updated',
      samples: [
        { name: 'default', data: { link_id: 'lnk_abc', changed: ['url'], url: 'https://example.com/summer' } },
        { name: 'archived', data: { link_id: 'lnk_abc', changed: ['archived'], archived: true } },
      ],
    },
    {
      name: 'campaign.milestone_reached',
      title: 'Campaign milestone reached',
      samples: [
        { name: 'default', data: { campaign_id: 'cmp_12', milestone: 1000, clicks: 1003 } },
        { name: 'large', data: { campaign_id: 'cmp_12', milestone: 1_000_000, clicks: 1_000_001 } },
      ],
    },
    {
      name: 'alert.threshold_exceeded',
      title: 'Threshold exceeded',
      samples: [
        { name: 'default', data: { link_id: 'lnk_abc', metric: 'clicks_per_minute', threshold: 500, value: 612 } },
        { name: 'errors', data: { link_id: 'lnk_abc', metric: 'error_rate', threshold: 0.05, value: 0.11 } },
      ],
    },
  ],
});
