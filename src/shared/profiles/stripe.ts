import { builtIn, factsFrom } from './profile.ts';

const address = { city: 'Berlin', country: 'DE', line1: 'Kastanienallee 7', line2: null, postal_code: '10435', state: null };

const card = { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2029, funding: 'credit', country: 'US' };

const paymentIntent = {
  id: 'pi_3PGx5L2eZvKYlo2C1XkDq0Rz',
  object: 'payment_intent',
  amount: 1999,
  amount_capturable: 0,
  amount_received: 1999,
  automatic_payment_methods: { enabled: true },
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  created: 1_716_216_720,
  currency: 'eur',
  customer: 'cus_Q6kq2TzB8Vx1nE',
  description: null,
  last_payment_error: null,
  latest_charge: 'ch_3PGx5L2eZvKYlo2C1oQbTn7W',
  livemode: false,
  metadata: {},
  next_action: null,
  payment_method: 'pm_1PGx5K2eZvKYlo2CRWhfBvzD',
  payment_method_types: ['card'],
  receipt_email: null,
  status: 'succeeded',
};

const charge = {
  id: 'ch_3PGx5L2eZvKYlo2C1oQbTn7W',
  object: 'charge',
  amount: 1999,
  amount_captured: 1999,
  amount_refunded: 0,
  balance_transaction: 'txn_3PGx5L2eZvKYlo2C1wHbq0dA',
  billing_details: { address, email: 'kim@example.com', name: 'Kim Weber', phone: null },
  captured: true,
  created: 1_716_216_721,
  currency: 'eur',
  customer: 'cus_Q6kq2TzB8Vx1nE',
  disputed: false,
  livemode: false,
  metadata: {},
  paid: true,
  payment_intent: 'pi_3PGx5L2eZvKYlo2C1XkDq0Rz',
  payment_method: 'pm_1PGx5K2eZvKYlo2CRWhfBvzD',
  payment_method_details: { card, type: 'card' },
  refunded: false,
  status: 'succeeded',
};

const checkoutSession = {
  id: 'cs_test_a1Zq9vR4XbT0mCkW2yNf8LsHgJ3dPeUoYi5tKxVrQ7wBzMnAcDlEhGj6S',
  object: 'checkout.session',
  amount_subtotal: 1999,
  amount_total: 1999,
  automatic_tax: { enabled: false, status: null },
  client_reference_id: null,
  created: 1_716_216_700,
  currency: 'eur',
  customer: 'cus_Q6kq2TzB8Vx1nE',
  customer_details: { address, email: 'kim@example.com', name: 'Kim Weber', phone: null, tax_exempt: 'none', tax_ids: [] },
  livemode: false,
  metadata: {},
  mode: 'payment',
  payment_intent: 'pi_3PGx5L2eZvKYlo2C1XkDq0Rz',
  payment_method_types: ['card'],
  payment_status: 'paid',
  status: 'complete',
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  url: null,
};

const price = {
  id: 'price_1PGwzQ2eZvKYlo2CpM3nT5bX',
  object: 'price',
  active: true,
  currency: 'eur',
  product: 'prod_Q6kmXb4vW8sLzD',
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
  type: 'recurring',
  unit_amount: 2900,
};

const subscription = {
  id: 'sub_1PGx7A2eZvKYlo2CdK9mN1vB',
  object: 'subscription',
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  collection_method: 'charge_automatically',
  created: 1_716_216_800,
  currency: 'eur',
  current_period_end: 1_718_895_200,
  current_period_start: 1_716_216_800,
  customer: 'cus_Q6kq2TzB8Vx1nE',
  items: {
    object: 'list',
    data: [{ id: 'si_Q6krT2yHq0WxVn', object: 'subscription_item', price, quantity: 1, subscription: 'sub_1PGx7A2eZvKYlo2CdK9mN1vB' }],
    has_more: false,
    total_count: 1,
  },
  latest_invoice: 'in_1PGx7A2eZvKYlo2CqS4rT6uV',
  livemode: false,
  metadata: {},
  status: 'active',
  trial_end: null,
};

const invoice = {
  id: 'in_1PGx7A2eZvKYlo2CqS4rT6uV',
  object: 'invoice',
  amount_due: 2900,
  amount_paid: 2900,
  amount_remaining: 0,
  attempt_count: 1,
  attempted: true,
  billing_reason: 'subscription_create',
  collection_method: 'charge_automatically',
  created: 1_716_216_800,
  currency: 'eur',
  customer: 'cus_Q6kq2TzB8Vx1nE',
  customer_email: 'kim@example.com',
  hosted_invoice_url: 'https://invoice.stripe.com/i/acct_test/test_hookyard',
  lines: {
    object: 'list',
    data: [
      {
        id: 'il_1PGx7A2eZvKYlo2CwX8yZ0aB',
        object: 'line_item',
        amount: 2900,
        currency: 'eur',
        description: '1 × Team (at €29.00 / month)',
        period: { end: 1_718_895_200, start: 1_716_216_800 },
        price,
        quantity: 1,
      },
    ],
    has_more: false,
    total_count: 1,
  },
  livemode: false,
  metadata: {},
  number: 'C0FFEE42-0001',
  paid: true,
  status: 'paid',
  subscription: 'sub_1PGx7A2eZvKYlo2CdK9mN1vB',
  subtotal: 2900,
  total: 2900,
};

const declined = {
  charge: 'ch_3PGx5L2eZvKYlo2C1oQbTn7W',
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  doc_url: 'https://docs.stripe.com/error-codes/card-declined',
  message: 'Your card has insufficient funds.',
  type: 'card_error',
};

/** Webhooks of Stripe: snapshot events. */
export const stripe = builtIn('stripe', {
  name: 'Stripe',
  summary: 'Snapshot events of a Stripe account: the whole resource in data.object, signed with the secret of the endpoint.',
  fields: {
    method: 'POST',
    contentType: 'application/json; charset=utf-8',
    headers: {
      'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      Accept: '*/*; q=0.5, application/xml',
      'Cache-Control': 'no-cache',
      'Accept-Encoding': 'gzip',
    },
    signing: { scheme: 'stripe' },
    template:
      '{"id":"evt_{{ id | base62: 24 }}","object":"event","api_version":"2024-04-10","created":{{ timestampUnix }},"data":{{ data | json }},"livemode":false,"pending_webhooks":1,"request":{"id":"req_{{ id | append: "request" | base62: 14 }}","idempotency_key":"{{ id | append: "key" | uuid }}"},"type":{{ type | json }}}',
    bodyStyle: 'ruby-pretty',
    retryPolicy: 'standard-webhooks',
    successRule: '2xx',
    redirects: 'refuse',
  },
  facts: [
    ...factsFrom(
      { source: 'https://github.com/hookdeck/webhook-samples', asOf: '2025-04-04', certainty: 'verified' },
      {
        request: ['The content type is application/json; charset=utf-8 and the user agent Stripe/1.0, as captured requests show.'],
        body: [
          'The keys are id, object, api_version, created, data, livemode, pending_webhooks, request and type, in this order.',
          'Two spaces for each level, an empty object over two lines and an empty array over three, no line break at the end.',
        ],
      },
    ),
    ...factsFrom(
      { source: 'https://docs.stripe.com/webhooks', asOf: '2026-09-27', certainty: 'second-hand' },
      {
        delivery: [
          'Any 2xx is a success. Live events are repeated for up to three days with exponential backoff; the intervals, the time for an answer and when an endpoint is disabled are not published.',
        ],
        events: ['Events may come twice and in any order: tell them apart by their id.'],
      },
    ),
    {
      about: 'delivery',
      text: 'The schedule here stands in for the one that Stripe does not publish: ten attempts over 75 hours.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'checkout.session.completed',
      title: 'A checkout session was completed',
      samples: [
        { name: 'paid', data: { object: checkoutSession } },
        { name: 'unpaid', data: { object: { ...checkoutSession, payment_status: 'unpaid' } } },
      ],
    },
    {
      name: 'payment_intent.succeeded',
      title: 'A payment succeeded',
      samples: [
        { name: 'default', data: { object: paymentIntent } },
        { name: 'without customer', data: { object: { ...paymentIntent, customer: null } } },
      ],
    },
    {
      name: 'payment_intent.payment_failed',
      title: 'A payment failed',
      samples: [
        {
          name: 'insufficient funds',
          data: { object: { ...paymentIntent, amount_received: 0, last_payment_error: declined, status: 'requires_payment_method' } },
        },
        {
          name: 'expired card',
          data: {
            object: {
              ...paymentIntent,
              amount_received: 0,
              last_payment_error: { ...declined, code: 'expired_card', decline_code: 'expired_card', message: 'Your card has expired.' },
              status: 'requires_payment_method',
            },
          },
        },
      ],
    },
    {
      name: 'charge.refunded',
      title: 'A charge was refunded',
      samples: [
        {
          name: 'whole',
          data: {
            object: { ...charge, amount_refunded: 1999, refunded: true },
            previous_attributes: { amount_refunded: 0, refunded: false },
          },
        },
        { name: 'in part', data: { object: { ...charge, amount_refunded: 500 }, previous_attributes: { amount_refunded: 0 } } },
      ],
    },
    {
      name: 'invoice.paid',
      title: 'An invoice was paid',
      samples: [
        { name: 'first of a subscription', data: { object: invoice } },
        { name: 'renewal', data: { object: { ...invoice, billing_reason: 'subscription_cycle', number: 'C0FFEE42-0002' } } },
      ],
    },
    {
      name: 'invoice.payment_failed',
      title: 'The payment of an invoice failed',
      samples: [
        {
          name: 'first attempt',
          data: {
            object: {
              ...invoice,
              amount_paid: 0,
              amount_remaining: 2900,
              billing_reason: 'subscription_cycle',
              paid: false,
              status: 'open',
            },
          },
        },
        {
          name: 'last attempt',
          data: {
            object: {
              ...invoice,
              amount_paid: 0,
              amount_remaining: 2900,
              attempt_count: 4,
              billing_reason: 'subscription_cycle',
              paid: false,
              status: 'open',
            },
          },
        },
      ],
    },
    {
      name: 'customer.subscription.updated',
      title: 'A subscription changed',
      samples: [
        {
          name: 'cancelled at period end',
          data: { object: { ...subscription, cancel_at_period_end: true }, previous_attributes: { cancel_at_period_end: false } },
        },
        { name: 'past due', data: { object: { ...subscription, status: 'past_due' }, previous_attributes: { status: 'active' } } },
      ],
    },
    {
      name: 'customer.subscription.deleted',
      title: 'A subscription ended',
      samples: [
        { name: 'default', data: { object: { ...subscription, canceled_at: 1_718_895_200, status: 'canceled' } } },
        { name: 'unpaid', data: { object: { ...subscription, canceled_at: 1_718_895_200, status: 'unpaid' } } },
      ],
    },
  ],
});
