import { handshakes } from '../handshakes/common.ts';
import { builtIn, factsFrom } from './profile.ts';

const address = {
  first_name: 'John',
  last_name: 'Doe',
  address_1: '969 Market',
  address_2: '',
  city: 'San Francisco',
  state: 'CA',
  postcode: '94103',
  country: 'US',
};

const order = {
  id: 727,
  parent_id: 0,
  status: 'processing',
  currency: 'USD',
  version: '9.4.0',
  prices_include_tax: false,
  date_created: '2026-03-14T10:00:00',
  date_created_gmt: '2026-03-14T09:00:00',
  total: '29.35',
  customer_id: 0,
  order_key: 'wc_order_58d2d042d1d',
  billing: { ...address, email: 'john.doe@example.com', phone: '(555) 555-5555' },
  shipping: address,
  payment_method: 'bacs',
  line_items: [{ id: 315, name: 'Woo Single #1', product_id: 93, quantity: 2, subtotal: '6.00', total: '6.00', sku: '', price: 3 }],
  tax_lines: [],
  shipping_lines: [{ id: 317, method_title: 'Flat Rate', method_id: 'flat_rate', total: '10.00' }],
  fee_lines: [],
  coupon_lines: [],
  refunds: [],
  meta_data: [],
};

const product = {
  id: 794,
  name: 'Premium Quality',
  slug: 'premium-quality',
  permalink: 'https://example.com/product/premium-quality/',
  status: 'publish',
  sku: '',
  price: '21.99',
  regular_price: '21.99',
  stock_status: 'instock',
  categories: [{ id: 9, name: 'Clothing', slug: 'clothing' }],
};

const customer = {
  id: 25,
  email: 'john.doe@example.com',
  first_name: 'John',
  last_name: 'Doe',
  role: 'customer',
  username: 'john.doe',
  billing: address,
  shipping: address,
};

/** Webhooks of a WooCommerce shop. */
export const woocommerce = builtIn('woocommerce', {
  name: 'WooCommerce',
  summary: 'The resource as the body, topic and ids in headers. Nothing is repeated, and any status from 200 to 302 is a success.',
  fields: {
    method: 'POST',
    contentType: 'application/json',
    headers: {
      'User-Agent': 'WooCommerce/9.4.0 Hookshot (WordPress/6.7)',
      'X-WC-Webhook-Source': 'https://shop.example.com/',
      'X-WC-Webhook-Topic': '{{ type }}',
      'X-WC-Webhook-Resource': "{{ type | split: '.' | first }}",
      'X-WC-Webhook-Event': "{{ type | split: '.' | last }}",
      'X-WC-Webhook-ID': '7',
      'X-WC-Webhook-Delivery-ID': '{{ deliveryId | hex: 32 }}',
    },
    signing: { scheme: 'woocommerce' },
    template: '{{ data | json }}',
    bodyStyle: 'php',
    retryPolicy: 'none',
    successRule: '200-302',
    timeoutMs: 60_000,
    redirects: 'refuse',
    autoDisable: { onExhaustion: false, afterFailures: 6, afterFailingMs: null },
  },
  handshakes: [handshakes['webhook-id-ping']],
  facts: factsFrom(
    {
      source: 'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
      asOf: '2026-11-28',
      certainty: 'verified',
    },
    {
      request: [
        'Source, topic, resource, event, id and delivery id are headers. WooCommerce sends over HTTP/1.0, and a Referer; here it is HTTP/1.1 without one.',
      ],
      body: ['The body is the resource, compact, with / as \\/.'],
      delivery: [
        'A status from 200 to 302 counts, a redirect is not followed. Nothing is repeated; after more than five failures in a row the webhook is disabled.',
      ],
    },
  ),
  eventTypes: [
    {
      name: 'order.created',
      title: 'An order was made',
      samples: [
        { name: 'default', data: order },
        { name: 'pending', data: { ...order, status: 'pending' } },
      ],
    },
    {
      name: 'order.updated',
      title: 'An order changed',
      samples: [
        { name: 'completed', data: { ...order, status: 'completed' } },
        { name: 'refunded', data: { ...order, status: 'refunded', refunds: [{ id: 726, reason: '', total: '-29.35' }] } },
      ],
    },
    {
      name: 'order.deleted',
      title: 'An order was deleted',
      samples: [
        { name: 'default', data: { id: 727 } },
        { name: 'other order', data: { id: 728 } },
      ],
    },
    {
      name: 'product.updated',
      title: 'A product changed',
      samples: [
        { name: 'default', data: product },
        { name: 'out of stock', data: { ...product, stock_status: 'outofstock' } },
      ],
    },
    {
      name: 'customer.created',
      title: 'A customer was added',
      samples: [
        { name: 'default', data: customer },
        { name: 'without name', data: { ...customer, first_name: '', last_name: '' } },
      ],
    },
  ],
});
