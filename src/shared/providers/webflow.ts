import { timedLayout } from './shapes/layout.ts';
import { hex64 } from './shapes/mark.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Webflow. */
export const webflow = provider({
  name: 'Webflow',
  schemes: {
    webflow: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Webflow',
      layouts: [
        timedLayout({
          signatureHeader: 'x-webflow-signature',
          timestamp: { header: 'x-webflow-timestamp', unit: 'ms', toleranceSeconds: 300 },
          pattern: '{timestamp}:{body}',
        }),
      ],
      key: 'text',
      secretHint: 'The client secret of the OAuth app, or the secret shown when a webhook was made by the API',
      replayKey: null,
      source: 'https://developers.webflow.com/data/v1.0.0/docs/verifying-webhook-signatures',
      documentation: 'https://developers.webflow.com/data/changelog/webhook-signatures',
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall:
        'Webhooks made in the dashboard of a site are not signed. The samples sign JSON.stringify of the parsed body: sign the bytes.',
      library: null,
      marks: [{ header: 'x-webflow-signature', value: hex64, along: ['x-webflow-timestamp'] }],
    },
  },
});
