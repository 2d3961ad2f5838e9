import { timedLayout } from './shapes/layout.ts';
import { provider } from './shapes/provider.ts';

/** What is known of Zoom. */
export const zoom = provider({
  name: 'Zoom',
  schemes: {
    zoom: {
      kind: 'mac',
      options: 'tolerance',
      title: 'Zoom',
      layouts: [
        timedLayout({
          signatureHeader: 'x-zm-signature',
          form: { kind: 'single', prefix: 'v0=', encoding: 'hex' },
          timestamp: { header: 'x-zm-request-timestamp', unit: 's', toleranceSeconds: 300 },
          pattern: 'v0:{timestamp}:{body}',
        }),
      ],
      key: 'text',
      secretHint: 'The Secret Token of the app, as text',
      replayKey: { name: 'body', path: null, isSigned: true },
      source: 'https://developers.zoom.us/docs/api/webhooks',
      documentation: null,
      asOf: '2026-11-20',
      checked: 'vendor library',
      pitfall:
        'The event endpoint.url_validation wants an answer with the HMAC of its plainToken, in hex, beside the signature on the request.',
      library: {
        name: '@zoom/rivet',
        time: 'none',
        toleranceSeconds: null,
        body: 'text',
        wantsJson: 'event text',
        rewritesJson: true,
        wantsLowerCase: true,
        parsesTimestamp: true,
      },
      marks: [{ header: 'x-zm-signature', value: /^v0=[0-9a-f]{64}$/i, along: ['x-zm-request-timestamp'] }],
    },
  },
});
