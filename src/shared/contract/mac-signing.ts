/** Schemes that put an HMAC over headers and body into a header, and sign a timestamp; its tolerance is their only option. */
export const macTimedIds = [
  'standard-webhooks',
  'svix',
  'stripe',
  'slack',
  'zoom',
  'paddle',
  'calendly',
  'clerk',
  'resend',
  'gitlab-signing',
  'zendesk',
  'twitch',
] as const;

/** Schemes of that kind without a signed timestamp, and without options. */
export const macPlainIds = [
  'github-sha256',
  'github-sha1',
  'shopify',
  'shopify-events',
  'meta',
  'websub',
  'bitbucket',
  'intercom',
  'pagerduty',
  'typeform',
  'dropbox',
  'asana',
  'sentry',
  'vercel',
  'lemonsqueezy',
  'woocommerce',
  'razorpay',
  'paystack',
  'coinbase-commerce',
  'line',
  'axcelerate',
  'acturity',
  'acrity',
] as const;

/** Schemes whose header carries the secret itself. */
export const tokenIds = ['gitlab-token', 'telegram'] as const;

export type MacSchemeId = (typeof macTimedIds)[number] | (typeof macPlainIds)[number];
export type TokenSchemeId = (typeof tokenIds)[number];
