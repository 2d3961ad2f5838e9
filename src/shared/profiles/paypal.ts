import { builtIn, factsFrom } from './profile.ts';

const amount = { currency_code: 'USD', value: '30.00' };

const capture = {
  id: '27M47624FP291604U',
  status: 'COMPLETED',
  amount,
  final_capture: true,
  seller_protection: { status: 'ELIGIBLE', dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'] },
  supplementary_data: { related_ids: { order_id: '5O190127TN364715T' } },
  create_time: '2026-03-14T09:00:00Z',
  update_time: '2026-03-14T09:00:00Z',
  links: [{ href: 'https://api.paypal.com/v2/payments/captures/27M47624FP291604U', rel: 'self', method: 'GET' }],
};

const order = {
  id: '5O190127TN364715T',
  intent: 'CAPTURE',
  status: 'APPROVED',
  purchase_units: [{ reference_id: 'default', amount }],
  payer: { name: { given_name: 'Jo', surname: 'Brown' }, email_address: 'jo@example.com', payer_id: 'QYR5Z8XDVJNXQ' },
  create_time: '2026-03-14T08:59:00Z',
};

const subscription = {
  id: 'I-BW452GLLEP1G',
  plan_id: 'P-5ML4271244454362WXNWU5NQ',
  status: 'ACTIVE',
  start_time: '2026-03-14T00:00:00Z',
  subscriber: { name: { given_name: 'Jo', surname: 'Brown' }, email_address: 'jo@example.com' },
};

const captured = (summary: string, change: object) => ({ resource_type: 'capture', summary, resource: { ...capture, ...change } });
const subscribed = (summary: string, change: object) => ({
  resource_type: 'subscription',
  summary,
  resource: { ...subscription, ...change },
});

const eventId = 'WH-{{ id | base32: 17 }}-{{ id | append: "event" | base32: 17 }}';
const eventUrl = `https://api.paypal.com/v1/notifications/webhooks-events/${eventId}`;

/** Webhooks of PayPal. */
export const paypal = builtIn('paypal', {
  name: 'PayPal',
  summary: 'Events of payments, orders and subscriptions. Data has resource_type, summary and resource, which the envelope takes apart.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      Accept: '*/*',
      'User-Agent': 'PayPal/AUHD-214.0-58031014',
      'PAYPAL-AUTH-VERSION': 'v2',
      'Correlation-Id': '{{ attemptId | hex: 13 }}',
    },
    signing: { scheme: 'paypal', webhookId: '0EH40505U7160970P', certUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-hookyard' },
    template: `{"id":"${eventId}","event_version":"1.0","create_time":{{ timestamp | json }},"resource_type":{{ data.resource_type | default: "capture" | json }},"resource_version":"2.0","event_type":{{ type | json }},"summary":{{ data.summary | default: "" | json }},"resource":{{ data.resource | default: data | json }},"links":[{"href":"${eventUrl}","rel":"self","method":"GET"},{"href":"${eventUrl}/resend","rel":"resend","method":"POST"}]}`,
    retryPolicy: { kind: 'exponential', baseMs: 60_000, factor: 1.5, maxDelayMs: 19_200_000, maxAttempts: 26, totalTimeMs: 259_200_000 },
    successRule: '2xx',
    httpsOnly: true,
  },
  facts: [
    ...factsFrom(
      { source: 'https://github.com/hookdeck/webhook-samples', asOf: '2025-04-04', certainty: 'verified' },
      {
        request: [
          'User agent, PAYPAL-AUTH-VERSION and the other PAYPAL- headers are those of captured requests; further internal headers are left out.',
        ],
        body: [
          'id, event_version, create_time, resource_type, event_type, summary, resource and links are the keys, compact; their order varies.',
        ],
      },
    ),
    {
      about: 'signature',
      text: 'PayPal signs with a key of its own, whose certificate stands behind PAYPAL-CERT-URL. A request from here is signed with the key of the endpoint: a receiver accepts it only if it loads the certificate of that key in its place. Receivers that ask PayPal (verify-webhook-signature) refuse it. Put the id of your own webhook into the scheme.',
      certainty: 'verified',
      source: 'https://developer.paypal.com/api/rest/webhooks/rest/',
      asOf: '2026-11-20',
    },
    ...factsFrom(
      { source: 'https://developer.paypal.com/api/rest/webhooks/rest/', asOf: '2026-11-28', certainty: 'second-hand' },
      {
        delivery: ['2xx counts. A failed delivery is repeated up to 25 times over three days.'],
        limits: ['HTTPS on port 443 is needed; here any port will do.'],
      },
    ),
    {
      about: 'delivery',
      text: 'The single delays and the time for an answer are assumed.',
      certainty: 'unverified',
    },
    {
      about: 'request',
      text: 'Each attempt of PayPal has a transmission id of its own; here it is the id of the message.',
      certainty: 'unverified',
    },
  ],
  eventTypes: [
    {
      name: 'PAYMENT.CAPTURE.COMPLETED',
      title: 'A payment was captured',
      samples: [
        { name: 'whole', data: captured('Payment completed for $ 30.0 USD', {}) },
        {
          name: 'in part',
          data: captured('Payment completed for $ 10.0 USD', { amount: { ...amount, value: '10.00' }, final_capture: false }),
        },
      ],
    },
    {
      name: 'PAYMENT.CAPTURE.DENIED',
      title: 'A payment was denied',
      samples: [
        { name: 'default', data: captured('A $ 30.0 USD capture payment was denied', { status: 'DECLINED' }) },
        {
          name: 'in euros',
          data: captured('A € 30.0 EUR capture payment was denied', { status: 'DECLINED', amount: { ...amount, currency_code: 'EUR' } }),
        },
      ],
    },
    {
      name: 'CHECKOUT.ORDER.APPROVED',
      title: 'A buyer approved an order',
      samples: [
        { name: 'default', data: { resource_type: 'checkout-order', summary: 'An order has been approved by buyer', resource: order } },
        {
          name: 'to be authorised',
          data: {
            resource_type: 'checkout-order',
            summary: 'An order has been approved by buyer',
            resource: { ...order, intent: 'AUTHORIZE' },
          },
        },
      ],
    },
    {
      name: 'BILLING.SUBSCRIPTION.ACTIVATED',
      title: 'A subscription began',
      samples: [
        { name: 'default', data: subscribed('Subscription activated', {}) },
        { name: 'with a number', data: subscribed('Subscription activated', { quantity: '20' }) },
      ],
    },
    {
      name: 'BILLING.SUBSCRIPTION.CANCELLED',
      title: 'A subscription was cancelled',
      samples: [
        { name: 'default', data: subscribed('Subscription cancelled', { status: 'CANCELLED' }) },
        { name: 'with a note', data: subscribed('Subscription cancelled', { status: 'CANCELLED', status_change_note: 'Too expensive' }) },
      ],
    },
  ],
});
