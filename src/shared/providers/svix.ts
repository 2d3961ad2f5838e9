import { svixLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';
import { standardWebhooksLibrary, verbatimPitfall, whsecHint } from './shapes/svix.ts';
import { hour, minute, second } from './shapes/time.ts';

/** What is known of Svix. */
export const svix = provider({
  name: 'Svix',
  schemes: {
    svix: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Svix',
      layouts: [svixLayout('svix'), svixLayout('webhook')],
      key: 'whsec',
      secretHint: whsecHint,
      replayKey: { name: 'svix-id', isSigned: true },
      source: 'https://github.com/svix/svix-webhooks',
      documentation: 'https://docs.svix.com/receiving/verifying-payloads/why',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: verbatimPitfall,
      library: { ...standardWebhooksLibrary, name: 'svix' },
      marks: [{ header: 'svix-signature', value: /(?:^|\s)v1a?,/, along: ['svix-id', 'svix-timestamp'], group: 'svix', standing: 'same' }],
      libraryCalls: {
        node: {
          dependency: 'svix',
          imports: [`import { Webhook } from 'svix';`],
          call: `new Webhook(secret).verify(body, headers)`,
          answers: 'throws',
          remark: 'The library takes bodies in UTF-8 only.',
        },
      },
    },
  },
  retryPresets: {
    svix: {
      title: 'Svix: 8 attempts over 27 h',
      source: 'https://docs.svix.com/retries',
      asOf: '2026-11-21',
      note: 'The page states no jitter; 20 % either way is what the open server does.',
      policy: {
        kind: 'schedule',
        delaysMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour],
        jitter: { kind: 'plusMinus', ratio: 0.2 },
      },
    },
  },
  outage: {
    comparedAt: 4,
    honoursRetryAfter: true,
    facts: [
      {
        text: 'The page states no jitter; 20 % either way is what the open server does.',
        certainty: 'second-hand',
        source: 'https://docs.svix.com/retries',
        asOf: '2026-11-21',
      },
      {
        text: 'Here the five days begin with the first failure; at Svix they begin once several attempts failed within 24 h, 12 h or more apart.',
        certainty: 'verified',
        source: 'https://docs.svix.com/retries',
        asOf: '2026-11-28',
      },
    ],
    recovery: 'Svix resends lost events by hand, or all of a time with "Recover failed".',
  },
});
