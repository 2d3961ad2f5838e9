import { stampedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Stripe. */
export const stripe = provider({
  name: 'Stripe',
  schemes: {
    stripe: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Stripe',
      layouts: [
        stampedLayout('Stripe-Signature', {
          separator: ',',
          timestampLabel: 't',
          label: 'v1',
          pattern: '{timestamp}.{body}',
          toleranceSeconds: 300,
        }),
      ],
      key: 'text',
      secretHint: 'The whole endpoint secret, whsec_ included, as text; each endpoint, test mode and "stripe listen" have one of their own',
      secretPrefix: 'whsec_',
      replayKey: { name: 'id of the event in the body', path: 'id', isSigned: true },
      source: 'https://github.com/stripe/stripe-node',
      documentation: 'https://docs.stripe.com/webhooks/signature',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The key is the whole secret as text: unlike Standard Webhooks, what follows whsec_ is not decoded.',
      library: {
        name: 'stripe',
        time: 'past',
        toleranceSeconds: 300,
        body: 'text-without-mark',
        refusesEmptyBody: true,
        wantsJson: 'any',
        wantsLowerCase: true,
        parsesTimestamp: true,
      },
      marks: [{ header: 'Stripe-Signature', value: /(?:^|,)\s*t=\d+,.*v\d=[0-9a-f]{64}/i }],
      libraryCalls: {
        node: {
          dependency: 'stripe',
          imports: [`import Stripe from 'stripe';`],
          call: `Stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret, toleranceSeconds)`,
          answers: 'throws',
          remark: 'The library accepts any time in the future, and refuses an empty body.',
        },
        python: {
          dependency: 'stripe',
          imports: ['import stripe'],
          call: 'stripe.Webhook.construct_event(body, headers.get("Stripe-Signature"), secret, tolerance=TOLERANCE_SECONDS)',
          answers: 'throws',
          remark: 'The library accepts any time in the future.',
        },
        ruby: {
          dependency: 'stripe',
          imports: [`require 'stripe'`],
          call: `Stripe::Webhook.construct_event(body, headers.call('Stripe-Signature'), secret, tolerance: TOLERANCE_SECONDS)`,
          answers: 'throws',
          remark: null,
        },
        php: {
          dependency: 'stripe/stripe-php',
          imports: [],
          call: `\\Stripe\\Webhook::constructEvent($body, $headers('Stripe-Signature'), $secret, TOLERANCE_SECONDS)`,
          answers: 'throws',
          remark: null,
        },
      },
    },
  },
  outage: {
    comparedAt: 1,
    facts: [
      {
        text: 'When Stripe switches an endpoint off is not published, so here it never does.',
        certainty: 'unverified',
        source: null,
        asOf: null,
      },
    ],
    recovery: 'Lost events can be listed for 30 days and resent by hand.',
  },
});
