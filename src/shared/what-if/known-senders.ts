import type { AutoDisable } from '../contract/health.ts';
import type { ProfileFact } from '../contract/profiles.ts';

/** What a sender does about an outage beyond what an endpoint with its profile does here. */
interface KnownSender {
  /** When it gives a subscription up, where that is no setting of an endpoint with its profile. */
  readonly autoDisable?: AutoDisable;
  /** What the lane relies on, the least certain first. */
  readonly facts: readonly ProfileFact[];
  /** Whether it is known to wait as `Retry-After` says. */
  readonly honoursRetryAfter?: true;
  /** What can be done about lost events. */
  readonly recovery: string | null;
}

const known: Readonly<Record<string, KnownSender>> = {
  stripe: {
    facts: [
      {
        about: 'delivery',
        text: 'When Stripe switches an endpoint off is not published, so here it never does.',
        certainty: 'unverified',
        source: null,
        asOf: null,
      },
    ],
    recovery: 'Lost events can be listed for 30 days and resent by hand.',
  },
  shopify: {
    autoDisable: { onExhaustion: true, afterFailures: null, afterFailingMs: null },
    facts: [
      {
        about: 'delivery',
        text: 'Count, span and exponential growth are published, the single delays are not: these double and add up to 4 h.',
        certainty: 'unverified',
        source: 'https://shopify.dev/changelog/updates-to-webhook-retry-mechanism',
        asOf: '2026-11-21',
      },
      {
        about: 'delivery',
        text: 'A subscription made through the Admin API is removed after 8 failures in a row; read here as 8 failed retries of one event.',
        certainty: 'second-hand',
        source: 'https://shopify.dev/docs/apps/build/webhooks',
        asOf: '2026-11-28',
      },
    ],
    recovery: 'Shopify resends nothing: fetch what changed from its API, and subscribe again.',
  },
  github: {
    facts: [],
    recovery: 'GitHub never tries again by itself; its deliveries can be redelivered by hand or by API for three days.',
  },
  svix: {
    honoursRetryAfter: true,
    facts: [
      {
        about: 'delivery',
        text: 'The page states no jitter; 20 % either way is what the open server does.',
        certainty: 'second-hand',
        source: 'https://docs.svix.com/retries',
        asOf: '2026-11-21',
      },
      {
        about: 'delivery',
        text: 'Here the five days begin with the first failure; at Svix they begin once several attempts failed within 24 h, 12 h or more apart.',
        certainty: 'verified',
        source: 'https://docs.svix.com/retries',
        asOf: '2026-11-28',
      },
    ],
    recovery: 'Svix resends lost events by hand, or all of a time with "Recover failed".',
  },
};

/** What is known of the sender with this profile beyond the profile; undefined where that is nothing. */
export function knownOf(profileId: string): KnownSender | undefined {
  return Object.hasOwn(known, profileId) ? known[profileId] : undefined;
}
