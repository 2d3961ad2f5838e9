import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';
import { hour } from './shapes/time.ts';

/** What is known of Shopify. */
export const shopify = provider({
  name: 'Shopify',
  schemes: {
    shopify: {
      kind: 'mac',
      options: 'none',
      title: 'Shopify',
      layouts: [bodyLayout('X-Shopify-Hmac-Sha256', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The client secret of the app, as text',
      replayKey: { name: 'X-Shopify-Webhook-Id', isSigned: false },
      source: 'https://github.com/Shopify/shopify-app-js',
      documentation: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'For a while after the client secret was rotated, requests still carry the signature of the old one: try both.',
      library: {
        name: '@shopify/shopify-api',
        time: 'none',
        toleranceSeconds: null,
        body: 'text',
        refusesEmptyBody: true,
        also: 'also demands the headers for topic, shop domain, API version and webhook id',
      },
      marks: [{ header: 'X-Shopify-Hmac-Sha256', value: base64Of32 }],
    },
    'shopify-events': {
      kind: 'mac',
      options: 'none',
      title: 'Shopify Events',
      layouts: [bodyLayout('shopify-hmac-sha256', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'The client secret of the app, as text',
      replayKey: { name: 'shopify-webhook-id', isSigned: false },
      source: 'https://shopify.dev/docs/apps/build/events/verify-deliveries',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall: 'The headers have no X- before them; where both kinds are there, the library of Shopify takes these.',
      library: {
        name: '@shopify/shopify-api',
        time: 'none',
        toleranceSeconds: null,
        body: 'text',
        refusesEmptyBody: true,
        also: 'also demands the other headers of the delivery',
      },
      marks: [{ header: 'Shopify-Hmac-Sha256', value: base64Of32 }],
    },
  },
  retryPresets: {
    shopify: {
      title: 'Shopify: 8 retries within 4 h',
      source: 'https://shopify.dev/changelog/updates-to-webhook-retry-mechanism',
      asOf: '2026-11-21',
      note: 'Count, span and exponential backoff are published, the delays are not: these double and add up to 4 h.',
      policy: { kind: 'exponential', baseMs: 56_470, factor: 2, maxDelayMs: 4 * hour, maxAttempts: 9 },
    },
  },
  outage: {
    comparedAt: 2,
    removesOnExhaustion: true,
    facts: [
      {
        text: 'Count, span and exponential growth are published, the single delays are not: these double and add up to 4 h.',
        certainty: 'unverified',
        source: 'https://shopify.dev/changelog/updates-to-webhook-retry-mechanism',
        asOf: '2026-11-21',
      },
      {
        text: 'A subscription made through the Admin API is removed after 8 failures in a row; read here as 8 failed retries of one event.',
        certainty: 'second-hand',
        source: 'https://shopify.dev/docs/apps/build/webhooks',
        asOf: '2026-11-28',
      },
    ],
    recovery: 'Shopify resends nothing: fetch what changed from its API, and subscribe again.',
  },
});
