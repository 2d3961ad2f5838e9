/** Something in a request that gives a provider away: a header that is there (with such a value), or a pattern in its URL or body. */
export interface Tell {
  readonly header?: string;
  readonly url?: true;
  readonly value?: RegExp;
}

/** How a scheme shows in a request. */
export interface SchemeMark {
  readonly id: string;
  /** The header that carries the signature, in the case its provider uses. */
  readonly header: string;
  /** What its value looks like, without spaces around it. */
  readonly value: RegExp;
  /** Headers that come along. */
  readonly along?: readonly string[];
  /** What tells it from other schemes with the same header, or from strangers where the header's name is a common one. */
  readonly tells?: readonly Tell[];
  /** Schemes that share a header and the form of its value. */
  readonly group?: string;
  /** `same` verifies whatever others of its group sign; `usual` is the one to expect when nothing tells them apart. */
  readonly standing?: 'same' | 'usual';
  /** Whether unknown senders use this header too. */
  readonly isCommonName?: true;
}

const hex40 = /^[0-9a-f]{40}$/i;
const hex64 = /^[0-9a-f]{64}$/i;
const base64Of20 = /^[A-Za-z0-9+/]{27}=$/;
const base64Of32 = /^[A-Za-z0-9+/]{43}=$/;
const sha256Hex = /^sha256=[0-9a-f]{64}$/i;
const userAgent = (value: RegExp): Tell => ({ header: 'User-Agent', value });
const inBody = (value: RegExp): Tell => ({ value });

const github: readonly Tell[] = [{ header: 'X-GitHub-Event' }, { header: 'X-GitHub-Delivery' }, userAgent(/^GitHub-Hookshot/)];
const gitlab: readonly Tell[] = [
  { header: 'X-Gitlab-Event' },
  { header: 'X-Gitlab-Event-UUID' },
  { header: 'X-Gitlab-Instance' },
  userAgent(/^GitLab/),
];
const hub: readonly Tell[] = [{ header: 'Link', value: /rel="?(?:hub|self)\b/i }];

/** What each scheme looks for, in the order in which they are named where confidence is equal. Sources: the schemes' own. */
export const schemeMarks: readonly SchemeMark[] = [
  {
    id: 'gitlab-signing',
    header: 'webhook-signature',
    value: /(?:^|\s)v1,/,
    along: ['webhook-id', 'webhook-timestamp'],
    tells: gitlab,
    group: 'webhook v1',
  },
  {
    id: 'standard-webhooks',
    header: 'webhook-signature',
    value: /(?:^|\s)v1,/,
    along: ['webhook-id', 'webhook-timestamp'],
    group: 'webhook v1',
    standing: 'same',
  },
  {
    id: 'standard-webhooks-v1a',
    header: 'webhook-signature',
    value: /(?:^|\s)v1a,/,
    along: ['webhook-id', 'webhook-timestamp'],
    group: 'webhook v1a',
  },
  {
    id: 'clerk',
    header: 'svix-signature',
    value: /(?:^|\s)v1a?,/,
    along: ['svix-id', 'svix-timestamp'],
    tells: [inBody(/"object"\s{0,9}:\s{0,9}"event"/)],
    group: 'svix',
  },
  {
    id: 'resend',
    header: 'svix-signature',
    value: /(?:^|\s)v1a?,/,
    along: ['svix-id', 'svix-timestamp'],
    tells: [inBody(/"type"\s{0,9}:\s{0,9}"(?:email|contact|domain)\.[a-z_]+"/)],
    group: 'svix',
  },
  { id: 'svix', header: 'svix-signature', value: /(?:^|\s)v1a?,/, along: ['svix-id', 'svix-timestamp'], group: 'svix', standing: 'same' },
  { id: 'stripe', header: 'Stripe-Signature', value: /(?:^|,)\s*t=\d+,.*v\d=[0-9a-f]{64}/i },
  { id: 'github-sha256', header: 'X-Hub-Signature-256', value: sha256Hex, tells: github, group: 'hub 256', standing: 'usual' },
  {
    id: 'meta',
    header: 'X-Hub-Signature-256',
    value: sha256Hex,
    tells: [
      userAgent(/facebook/i),
      inBody(/"object"\s{0,9}:\s{0,9}"(?:page|instagram|whatsapp_business_account|user|permissions|application|ad_account)"/),
    ],
    group: 'hub 256',
  },
  { id: 'github-sha1', header: 'X-Hub-Signature', value: /^sha1=[0-9a-f]{40}$/i, tells: github, group: 'hub sha1' },
  {
    id: 'intercom',
    header: 'X-Hub-Signature',
    value: /^sha1=[0-9a-f]{40}$/i,
    tells: [inBody(/"type"\s{0,9}:\s{0,9}"notification_event"/), userAgent(/intercom/i)],
    group: 'hub sha1',
  },
  { id: 'websub', header: 'X-Hub-Signature', value: /^sha1=[0-9a-f]{40}$/i, tells: hub, group: 'hub sha1' },
  {
    id: 'bitbucket',
    header: 'X-Hub-Signature',
    value: sha256Hex,
    tells: [{ header: 'X-Event-Key' }, { header: 'X-Hook-UUID' }, { header: 'X-Request-UUID' }, userAgent(/^Bitbucket/i)],
    group: 'hub sha2',
    standing: 'usual',
  },
  { id: 'websub', header: 'X-Hub-Signature', value: /^sha(?:256|384|512)=[0-9a-f]{64,128}$/i, tells: hub, group: 'hub sha2' },
  { id: 'gitlab-token', header: 'X-Gitlab-Token', value: /^\S+$/ },
  { id: 'slack', header: 'X-Slack-Signature', value: /^v0=[0-9a-f]{64}$/i, along: ['X-Slack-Request-Timestamp'] },
  { id: 'shopify', header: 'X-Shopify-Hmac-Sha256', value: base64Of32 },
  { id: 'shopify-events', header: 'Shopify-Hmac-Sha256', value: base64Of32 },
  {
    id: 'twilio-json',
    header: 'X-Twilio-Signature',
    value: base64Of20,
    tells: [
      { url: true, value: /[?&]bodySHA256=/ },
      { header: 'Content-Type', value: /json/i },
    ],
    group: 'twilio',
  },
  {
    id: 'twilio-form',
    header: 'X-Twilio-Signature',
    value: base64Of20,
    tells: [{ header: 'Content-Type', value: /x-www-form-urlencoded/i }],
    group: 'twilio',
    standing: 'usual',
  },
  {
    id: 'sendgrid',
    header: 'X-Twilio-Email-Event-Webhook-Signature',
    value: /^ME[A-Za-z0-9+/]{60,110}={0,2}$/,
    along: ['X-Twilio-Email-Event-Webhook-Timestamp'],
  },
  { id: 'discord', header: 'X-Signature-Ed25519', value: /^[0-9a-f]{128}$/i, along: ['X-Signature-Timestamp'] },
  { id: 'zoom', header: 'x-zm-signature', value: /^v0=[0-9a-f]{64}$/i, along: ['x-zm-request-timestamp'] },
  { id: 'hubspot-v3', header: 'X-HubSpot-Signature-v3', value: base64Of32, along: ['X-HubSpot-Request-Timestamp'] },
  {
    id: 'hubspot-v1',
    header: 'X-HubSpot-Signature',
    value: hex64,
    tells: [{ header: 'X-HubSpot-Signature-Version', value: /^v1$/i }],
    group: 'hubspot',
    standing: 'usual',
  },
  {
    id: 'hubspot-v2',
    header: 'X-HubSpot-Signature',
    value: hex64,
    tells: [{ header: 'X-HubSpot-Signature-Version', value: /^v2$/i }],
    group: 'hubspot',
  },
  { id: 'square', header: 'x-square-hmacsha256-signature', value: base64Of32 },
  { id: 'paddle', header: 'Paddle-Signature', value: /^ts=\d+;\s*h1=[0-9a-f]{64}/i },
  {
    id: 'paypal',
    header: 'PAYPAL-TRANSMISSION-SIG',
    value: /^[A-Za-z0-9+/]{100,}={0,2}$/,
    along: ['PAYPAL-TRANSMISSION-ID', 'PAYPAL-TRANSMISSION-TIME', 'PAYPAL-CERT-URL', 'PAYPAL-AUTH-ALGO'],
  },
  { id: 'plaid', header: 'Plaid-Verification', value: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ },
  { id: 'adyen-header', header: 'HmacSignature', value: base64Of32 },
  { id: 'linear', header: 'Linear-Signature', value: hex64 },
  { id: 'zendesk', header: 'X-Zendesk-Webhook-Signature', value: base64Of32, along: ['X-Zendesk-Webhook-Signature-Timestamp'] },
  { id: 'pagerduty', header: 'X-PagerDuty-Signature', value: /(?:^|,)\s*v1=[0-9a-f]{64}/i },
  { id: 'box', header: 'BOX-SIGNATURE-PRIMARY', value: base64Of32, along: ['BOX-DELIVERY-TIMESTAMP'] },
  { id: 'box', header: 'BOX-SIGNATURE-SECONDARY', value: base64Of32, along: ['BOX-DELIVERY-TIMESTAMP'] },
  { id: 'typeform', header: 'Typeform-Signature', value: /^sha256=[A-Za-z0-9+/]{43}=$/ },
  { id: 'calendly', header: 'Calendly-Webhook-Signature', value: /^t=\d+,\s*v1=[0-9a-f]{64}/i },
  {
    id: 'twitch',
    header: 'Twitch-Eventsub-Message-Signature',
    value: sha256Hex,
    along: ['Twitch-Eventsub-Message-Id', 'Twitch-Eventsub-Message-Timestamp'],
  },
  { id: 'dropbox', header: 'X-Dropbox-Signature', value: hex64 },
  { id: 'asana', header: 'X-Hook-Signature', value: hex64, tells: [inBody(/^\s{0,99}\{\s{0,9}"events"\s{0,9}:/)], isCommonName: true },
  { id: 'contentful', header: 'x-contentful-signature', value: hex64, along: ['x-contentful-signed-headers', 'x-contentful-timestamp'] },
  { id: 'sentry', header: 'Sentry-Hook-Signature', value: hex64 },
  { id: 'vercel', header: 'x-vercel-signature', value: hex40 },
  { id: 'woocommerce', header: 'X-WC-Webhook-Signature', value: base64Of32 },
  { id: 'razorpay', header: 'X-Razorpay-Signature', value: hex64 },
  { id: 'paystack', header: 'x-paystack-signature', value: /^[0-9a-f]{128}$/i },
  { id: 'coinbase-commerce', header: 'X-CC-Webhook-Signature', value: hex64 },
  { id: 'coinbase-cdp', header: 'X-Hook0-Signature', value: /^t=\d+,.*v[01]=[0-9a-f]{64}/i },
  { id: 'line', header: 'x-line-signature', value: base64Of32 },
  { id: 'telegram', header: 'X-Telegram-Bot-Api-Secret-Token', value: /^[\w-]{1,256}$/ },
  { id: 'rfc9421', header: 'Signature-Input', value: /^[a-z*][\w.*-]*=\(/, along: ['Signature'] },
  { id: 'axcelerate', header: 'Ax-Signature-Version', value: /^[01]$/, along: ['Ax-Signature'] },
  { id: 'acturity', header: 'X-Acturity-Signature', value: sha256Hex },
  { id: 'acrity', header: 'X-ACR-Signature-256', value: sha256Hex },
  {
    id: 'lemonsqueezy',
    header: 'X-Signature',
    value: hex64,
    tells: [{ header: 'X-Event-Name' }, inBody(/"meta"\s{0,9}:\s{0,9}\{[^}]{0,500}"event_name"/)],
    isCommonName: true,
  },
];

/** A scheme that carries its signature in the body: the sentence that says so, or null. */
export interface BodyMark {
  readonly id: string;
  /** A quick look, so that few bodies are parsed. */
  readonly hint: RegExp;
  /** Whether the body, as JSON or else as the fields of a form, holds the signature. */
  readonly holds: (body: Readonly<Record<string, unknown>>) => boolean;
  readonly because: string;
}

/** Schemes whose signature is in the body. */
export const bodyMarks: readonly BodyMark[] = [
  {
    id: 'mailgun',
    hint: /signature/,
    holds: (body) => isMailgun(body['signature']) || isMailgun(body),
    because: 'The body holds timestamp, token and signature, as Mailgun sends them.',
  },
  {
    id: 'adyen-payments',
    hint: /"hmacSignature"/,
    holds: (body) => Array.isArray(body['notificationItems']),
    because: 'The body holds notificationItems with an hmacSignature, as Adyen sends them.',
  },
];

/** Senders that sign in the body, and whose signature cannot be checked here. */
export const uncheckedBodyMarks: readonly BodyMark[] = [
  {
    id: 'aws-sns',
    hint: /"SigningCertURL"/i,
    holds: (body) => ['Signature', 'SignatureVersion'].every((name) => typeof body[name] === 'string'),
    because:
      'The body holds Signature, SignatureVersion and SigningCertURL, as Amazon SNS sends them: an RSA signature over fields of the body, to be checked with the certificate at that URL, which must be one of amazonaws.com.',
  },
];

function isMailgun(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { timestamp, token, signature } = value as Readonly<Record<string, unknown>>;
  return /^\d{9,11}$/.test(String(timestamp)) && typeof token === 'string' && typeof signature === 'string' && hex64.test(signature);
}
