import { provider } from './shapes/provider.ts';

/** What is known of Netlify. */
export const netlify = provider({
  name: 'Netlify',
  schemes: {
    netlify: {
      kind: 'jwt',
      options: 'none',
      title: 'Netlify',
      header: 'X-Webhook-Signature',
      hash: 'sha256',
      digestClaim: 'sha256',
      issuer: 'netlify',
      secretHint: 'The JWS secret token of the notification',
      source: 'https://docs.netlify.com/site-deploys/deploy-notifications/',
      documentation: null,
      asOf: '2026-11-28',
      checked: 'two implementations',
      pitfall: 'The token covers the body only by its claim sha256: without comparing that, any body passes. The token carries no time.',
      marks: [
        // How a token looks whose first claim is the issuer; a token of another sender in this header does not look like this.
        { header: 'X-Webhook-Signature', value: /^eyJ[\w-]+\.eyJpc3MiOiJuZXRsaWZ5[\w-]*\.[\w-]+$/, isShared: true },
      ],
    },
  },
});
