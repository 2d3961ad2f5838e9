import { bodyLayout } from './shapes/layout.ts';
import { base64Of32 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of WooCommerce. */
export const woocommerce = provider({
  name: 'WooCommerce',
  schemes: {
    woocommerce: {
      kind: 'mac',
      options: 'none',
      title: 'WooCommerce',
      layouts: [bodyLayout('X-WC-Webhook-Signature', { encoding: 'base64' })],
      key: 'text',
      secretHint: 'Any text',
      replayKey: { name: 'X-WC-Webhook-Delivery-ID', isSigned: false },
      source: 'https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'two implementations',
      pitfall: 'The ping sent when a webhook is made is a form (webhook_id=…) and may have no signature.',
      library: null,
      marks: [{ header: 'X-WC-Webhook-Signature', value: base64Of32 }],
    },
  },
});
