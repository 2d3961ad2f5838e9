import { builtIn, factsFrom } from './profile.ts';

const money = (amount: string) => ({ shop_money: { amount, currency_code: 'EUR' }, presentment_money: { amount, currency_code: 'EUR' } });

const order = {
  id: 5_678_901_234_567,
  admin_graphql_api_id: 'gid://shopify/Order/5678901234567',
  confirmed: true,
  contact_email: 'jon@example.com',
  created_at: '2026-03-14T10:00:00+01:00',
  currency: 'EUR',
  current_total_price: '398.00',
  current_total_price_set: money('398.00'),
  email: 'jon@example.com',
  financial_status: 'paid',
  fulfillment_status: null,
  name: '#9999',
  note_attributes: [],
  order_number: 1234,
  tags: 'tag1, tag2',
  test: true,
  total_price: '398.00',
  line_items: [
    {
      id: 13_455_031_176_643,
      admin_graphql_api_id: 'gid://shopify/LineItem/13455031176643',
      name: 'IPod Nano - 8GB',
      price: '199.00',
      quantity: 2,
      sku: 'IPOD2008PINK',
      title: 'IPod Nano - 8GB',
      properties: [],
      tax_lines: [],
      discount_allocations: [],
      variant_id: 808_950_810,
    },
  ],
  refunds: [],
  shipping_lines: [],
};

const product = {
  id: 7_880_321_196_742,
  admin_graphql_api_id: 'gid://shopify/Product/7880321196742',
  title: 'Example T-Shirt',
  body_html: '<strong>Good & cheap</strong>',
  handle: 'example-t-shirt',
  product_type: 'Shirts',
  status: 'active',
  tags: 'example, mens, t-shirt',
  vendor: 'Acme',
  options: [],
  images: [],
  variants: [{ id: 42_667_041_472_713, price: '19.99', sku: 'example-shirt-s', title: 'Small', inventory_quantity: 75 }],
};

const customer = {
  id: 7_064_055_069_303,
  admin_graphql_api_id: 'gid://shopify/Customer/7064055069303',
  email: 'bob@example.com',
  first_name: 'Bob',
  last_name: 'Biller',
  orders_count: 0,
  state: 'disabled',
  tags: '',
  total_spent: '0.00',
  verified_email: true,
};

const shop = { shop_id: 954_889, shop_domain: 'example.myshopify.com' };

/** Webhooks of a Shopify shop. */
export const shopify = builtIn('shopify', {
  name: 'Shopify',
  summary: 'The resource as the body; topic, shop, version and ids stand in headers.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      'User-Agent': 'Shopify-Captain-Hook',
      'X-Shopify-Topic': '{{ type }}',
      'X-Shopify-Shop-Domain': 'example.myshopify.com',
      'X-Shopify-API-Version': '2024-10',
      'X-Shopify-Webhook-Id': '{{ deliveryId | uuid }}',
      'X-Shopify-Event-Id': '{{ id | uuid }}',
      'X-Shopify-Triggered-At': '{{ firstAttemptTimestamp | replace: "Z", "000000Z" }}',
    },
    signing: { scheme: 'shopify' },
    template: '{{ data | json }}',
    bodyStyle: 'rails-html-escape',
    retryPolicy: 'shopify',
    successRule: '2xx',
    timeoutMs: 5000,
    redirects: 'refuse',
  },
  facts: [
    ...factsFrom(
      { source: 'https://github.com/hookdeck/webhook-samples', asOf: '2025-04-04', certainty: 'verified' },
      {
        request: ['Topic, shop, API version, webhook id and time of the event are headers, as captured requests show.'],
        body: [
          'The body is the resource, without an envelope. In real events / is written as \\/, and <, > and & as \\u003c, \\u003e and \\u0026.',
        ],
      },
    ),
    ...factsFrom(
      { source: 'https://shopify.dev/docs/apps/build/webhooks', asOf: '2026-11-28', certainty: 'second-hand' },
      {
        delivery: [
          'Only the 200 range counts; a redirect is an error. The whole answer must come within 5 seconds.',
          'Since September 2024 a failed delivery is repeated 8 times over 4 hours.',
        ],
      },
    ),
    {
      about: 'request',
      text: 'X-Shopify-Triggered-At has nanoseconds and stays the same over retries, which keep the body as well; here it is the time of the first attempt, in milliseconds with zeros behind them.',
      certainty: 'verified',
      source: 'https://github.com/hookdeck/webhook-samples',
      asOf: '2025-04-04',
    },
  ],
  eventTypes: [
    {
      name: 'orders/create',
      title: 'An order was made',
      samples: [
        { name: 'paid', data: order },
        { name: 'pending', data: { ...order, financial_status: 'pending' } },
      ],
    },
    {
      name: 'orders/cancelled',
      title: 'An order was cancelled',
      samples: [
        { name: 'by the customer', data: { ...order, cancel_reason: 'customer', cancelled_at: '2026-03-14T11:00:00+01:00' } },
        {
          name: 'refunded',
          data: { ...order, cancel_reason: 'other', cancelled_at: '2026-03-14T11:00:00+01:00', financial_status: 'refunded' },
        },
      ],
    },
    {
      name: 'products/update',
      title: 'A product changed',
      samples: [
        { name: 'default', data: product },
        { name: 'archived', data: { ...product, status: 'archived' } },
      ],
    },
    {
      name: 'customers/create',
      title: 'A customer was added',
      samples: [
        { name: 'default', data: customer },
        { name: 'without name', data: { ...customer, first_name: null, last_name: null } },
      ],
    },
    {
      name: 'customers/redact',
      title: 'Data of a customer must be deleted',
      samples: [
        {
          name: 'default',
          data: {
            ...shop,
            customer: { id: 191_167, email: 'bob@example.com', phone: '555-625-1199' },
            orders_to_redact: [299_938, 280_263],
          },
        },
        {
          name: 'without orders',
          data: { ...shop, customer: { id: 191_168, email: 'eve@example.com', phone: null }, orders_to_redact: [] },
        },
      ],
    },
    {
      name: 'app/uninstalled',
      title: 'The app was removed',
      samples: [
        {
          name: 'default',
          data: { id: 548_380_009, name: 'Super Toys', email: 'super@example.com', domain: null, plan_name: 'enterprise' },
        },
        {
          name: 'with domain',
          data: { id: 548_380_010, name: 'Kraut', email: 'hallo@example.com', domain: 'kraut.example.com', plan_name: 'basic' },
        },
      ],
    },
  ],
});
