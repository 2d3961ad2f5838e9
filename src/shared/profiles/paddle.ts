import { builtIn, factsFrom } from './profile.ts';

const price = {
  id: 'pri_01gsz8x8sawmvhz1pv30nge1ke',
  product_id: 'pro_01gsz4t5hdjse780zja8vvr7jg',
  description: 'Monthly',
  type: 'standard',
  name: 'Monthly (per seat)',
  billing_cycle: { interval: 'month', frequency: 1 },
  trial_period: null,
  tax_mode: 'account_setting',
  unit_price: { amount: '3000', currency_code: 'USD' },
  unit_price_overrides: [],
  quantity: { minimum: 1, maximum: 999 },
  status: 'active',
  custom_data: null,
  created_at: '2023-02-23T13:55:22.538367Z',
  updated_at: '2026-03-14T09:41:02.123894Z',
};

const totals = { subtotal: '30000', discount: '0', tax: '2663', total: '32663' };

const transaction = {
  id: 'txn_01hv8wptq8987qeep44cyrewp9',
  status: 'completed',
  customer_id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
  address_id: 'add_01hv8gq3318ktkfengj2r75gfx',
  business_id: null,
  custom_data: null,
  currency_code: 'USD',
  origin: 'web',
  subscription_id: 'sub_01hv8x29kz0t586xy6zn1a62ny',
  invoice_id: 'inv_01hv8wt98jahpbm1t1tzr06z6n',
  invoice_number: '325-10566',
  collection_mode: 'automatic',
  discount_id: null,
  billing_details: null,
  billing_period: { starts_at: '2026-03-14T10:18:47.635628Z', ends_at: '2026-04-14T10:18:47.635628Z' },
  items: [{ price_id: price.id, price, quantity: 10, proration: null }],
  details: {
    tax_rates_used: [{ tax_rate: '0.08875', totals }],
    totals: {
      ...totals,
      credit: '0',
      credit_to_balance: '0',
      balance: '0',
      grand_total: '32663',
      fee: '1683',
      earnings: '28317',
      currency_code: 'USD',
    },
    line_items: [
      {
        id: 'txnitm_01hv8wt98jahpbm1t1v1sd067y',
        price_id: price.id,
        quantity: 10,
        proration: null,
        tax_rate: '0.08875',
        unit_totals: { subtotal: '3000', discount: '0', tax: '266', total: '3266' },
        totals,
        product: {
          id: price.product_id,
          name: 'AeroEdit Pro',
          type: 'standard',
          tax_category: 'standard',
          description: null,
          image_url: null,
          custom_data: null,
          status: 'active',
        },
      },
    ],
  },
  payments: [
    {
      payment_attempt_id: '9dccbcc8-4d31-4b2e-9ebf-bd2b2aa5d5a0',
      amount: '32663',
      status: 'captured',
      error_code: null,
      created_at: '2026-03-14T10:18:33.579142Z',
      captured_at: '2026-03-14T10:18:47.635628Z',
      method_details: {
        type: 'card',
        card: { type: 'visa', last4: '3184', expiry_month: 1, expiry_year: 2029, cardholder_name: 'Jo Brown' },
      },
    },
  ],
  checkout: { url: null },
  created_at: '2026-03-14T10:18:33.579142Z',
  updated_at: '2026-03-14T10:18:49.565947359Z',
  billed_at: '2026-03-14T10:18:47.635628Z',
};

const failedPayment = (errorCode: string) => ({
  ...transaction,
  status: 'past_due',
  payments: [{ ...transaction.payments[0], status: 'error', error_code: errorCode, captured_at: null }],
});

const subscription = {
  id: 'sub_01hv8x29kz0t586xy6zn1a62ny',
  transaction_id: transaction.id,
  status: 'active',
  customer_id: transaction.customer_id,
  address_id: transaction.address_id,
  business_id: null,
  currency_code: 'USD',
  collection_mode: 'automatic',
  billing_details: null,
  billing_cycle: { interval: 'month', frequency: 1 },
  current_billing_period: transaction.billing_period,
  discount: null,
  scheduled_change: null,
  custom_data: null,
  items: [
    {
      status: 'active',
      quantity: 10,
      recurring: true,
      price,
      trial_dates: null,
      previously_billed_at: transaction.billed_at,
      next_billed_at: '2026-04-14T10:18:47.635628Z',
      created_at: transaction.created_at,
      updated_at: transaction.created_at,
    },
  ],
  started_at: transaction.billed_at,
  first_billed_at: transaction.billed_at,
  next_billed_at: '2026-04-14T10:18:47.635628Z',
  paused_at: null,
  canceled_at: null,
  created_at: transaction.created_at,
  updated_at: transaction.updated_at,
};

const customer = {
  id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
  status: 'active',
  name: 'Jo Brown',
  email: 'jo@example.com',
  locale: 'en',
  marketing_consent: false,
  custom_data: null,
  import_meta: null,
  created_at: '2026-03-14T10:00:00.000000Z',
  updated_at: '2026-03-14T10:00:00.000000Z',
};

/** Notifications of Paddle Billing. */
export const paddle = builtIn('paddle', {
  name: 'Paddle Billing',
  summary: 'Notifications with data first, an event id and a notification id.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: { 'User-Agent': 'Paddle', Accept: 'application/json', 'Accept-Encoding': 'gzip', 'Paddle-Version': '1' },
    signing: { scheme: 'paddle' },
    template:
      '{"data":{{ data | json }},"event_id":"evt_{{ id | base32: 26 | downcase }}","event_type":{{ type | json }},"occurred_at":"{{ timestamp | replace: "Z", "000Z" }}","notification_id":"ntf_{{ id | append: "notification" | append: redelivery | base32: 26 | downcase }}"}',
    bodyPerAttempt: true,
    successRule: '200',
    timeoutMs: 5000,
    retryPolicy: { kind: 'exponential', baseMs: 60_000, factor: 1.1, maxDelayMs: 7_200_000, maxAttempts: 61, totalTimeMs: 259_200_000 },
  },
  facts: [
    ...factsFrom(
      { source: 'https://github.com/hookdeck/webhook-samples', asOf: '2025-04-04', certainty: 'verified' },
      {
        request: ['User-Agent is Paddle and Paddle-Version 1, as captured requests show.'],
        body: ['The keys are data, event_id, event_type, occurred_at and notification_id, in this order, compact.'],
      },
    ),
    ...factsFrom(
      { source: 'https://developer.paddle.com/webhooks/about/respond-to-webhooks', asOf: '2026-11-28', certainty: 'verified' },
      {
        delivery: [
          'Only 200 within five seconds counts. In live use there are up to 60 retries over three days, with exponential backoff.',
        ],
      },
    ),
    {
      about: 'body',
      text: 'A replay has a new notification_id and the event_id of before; a retry has both of before.',
      certainty: 'unverified',
    },
    {
      about: 'delivery',
      text: 'The single delays are not published; the ones here fit the number and the three days.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'transaction.completed',
      title: 'A transaction was completed',
      samples: [
        { name: 'subscription', data: transaction },
        { name: 'one-off', data: { ...transaction, subscription_id: null } },
      ],
    },
    {
      name: 'transaction.payment_failed',
      title: 'A payment failed',
      samples: [
        {
          name: 'declined',
          data: failedPayment('declined'),
        },
        {
          name: 'expired card',
          data: failedPayment('expired_card'),
        },
      ],
    },
    {
      name: 'subscription.created',
      title: 'A subscription began',
      samples: [
        { name: 'active', data: subscription },
        { name: 'trialing', data: { ...subscription, status: 'trialing' } },
      ],
    },
    {
      name: 'subscription.canceled',
      title: 'A subscription ended',
      samples: [
        { name: 'default', data: { ...subscription, status: 'canceled', canceled_at: '2026-04-01T00:00:00Z', next_billed_at: null } },
        {
          name: 'past due',
          data: { ...subscription, status: 'canceled', canceled_at: '2026-05-01T00:00:00Z', next_billed_at: null, items: [] },
        },
      ],
    },
    {
      name: 'customer.updated',
      title: 'A customer changed',
      samples: [
        { name: 'default', data: customer },
        { name: 'archived', data: { ...customer, status: 'archived' } },
      ],
    },
  ],
});
