import { describe, expect, it } from 'vitest';
import { schemes } from '../../../src/main/engine/signing/registry.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { guessMac } from '#shared/recognise/signature-value.ts';
import { recogniseScheme } from '#shared/recognise/recognise-scheme.ts';
import { bodyMarks, schemeMarks } from '#shared/recognise/scheme-marks.ts';
import { readFileSync } from 'node:fs';

const hex40 = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const hex64 = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const hex128 = hex64 + hex64;
const base64Of32 = 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=';
const base64Of20 = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const v1 = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const v1a = 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==';
const jwt = 'eyJhbGciOiJFUzI1NiIsImtpZCI6IjZjNTUxNmUxIn0.eyJpYXQiOjE1OTA4ODcwMDF9.OOKvIihgqCj7Qrb2bmz7T3t7uK-0Jyji';

interface Sample {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly url?: string;
}

/** One request of each scheme, in the form that its provider documents. */
const samples: Readonly<Record<string, Sample>> = {
  'standard-webhooks': { headers: { 'webhook-id': id, 'webhook-timestamp': '1614265330', 'webhook-signature': v1 } },
  'standard-webhooks-v1a': { headers: { 'webhook-id': id, 'webhook-timestamp': '1614265330', 'webhook-signature': v1a } },
  svix: { headers: { 'svix-id': id, 'svix-timestamp': '1614265330', 'svix-signature': v1 } },
  clerk: {
    headers: { 'svix-id': id, 'svix-timestamp': '1614265330', 'svix-signature': v1 },
    body: '{"data":{"id":"user_29w83sxmDNGwOuEthce5gg56FcC"},"object":"event","type":"user.created"}',
  },
  resend: {
    headers: { 'svix-id': id, 'svix-timestamp': '1614265330', 'svix-signature': v1 },
    body: '{"type":"email.sent","created_at":"2023-02-22T23:41:12.126Z","data":{"email_id":"56761188"}}',
  },
  stripe: { headers: { 'Stripe-Signature': `t=1492774577,v1=${hex64},v0=${hex64}` } },
  'github-sha256': { headers: { 'X-GitHub-Event': 'push', 'X-Hub-Signature': `sha1=${hex40}`, 'X-Hub-Signature-256': `sha256=${hex64}` } },
  'github-sha1': { headers: { 'X-GitHub-Event': 'push', 'X-Hub-Signature': `sha1=${hex40}` } },
  meta: { headers: { 'X-Hub-Signature-256': `sha256=${hex64}` }, body: '{"object":"page","entry":[{"id":"1","time":1}]}' },
  websub: {
    headers: { 'X-Hub-Signature': `sha512=${hex128}`, Link: '<https://hub.example/>; rel="hub", <https://a.example/feed>; rel="self"' },
  },
  'gitlab-token': { headers: { 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': 'a-secret' } },
  'gitlab-signing': {
    headers: { 'X-Gitlab-Event': 'Push Hook', 'webhook-id': id, 'webhook-timestamp': '1614265330', 'webhook-signature': v1 },
  },
  bitbucket: { headers: { 'X-Event-Key': 'repo:push', 'X-Hub-Signature': `sha256=${hex64}` } },
  slack: { headers: { 'X-Slack-Request-Timestamp': '1531420618', 'X-Slack-Signature': `v0=${hex64}` }, body: 'token=xyz&team_id=T1' },
  shopify: { headers: { 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Hmac-Sha256': base64Of32 } },
  'shopify-events': { headers: { 'shopify-hmac-sha256': base64Of32, 'shopify-webhook-id': '1' } },
  'twilio-form': {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': base64Of20 },
    body: 'CallSid=CA1',
  },
  'twilio-json': {
    headers: { 'Content-Type': 'application/json', 'X-Twilio-Signature': base64Of20 },
    url: `https://mycompany.com/myapp.php?bodySHA256=${hex64}`,
  },
  sendgrid: {
    headers: {
      'X-Twilio-Email-Event-Webhook-Signature':
        'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
      'X-Twilio-Email-Event-Webhook-Timestamp': '1600112502',
    },
  },
  mailgun: {
    headers: { 'Content-Type': 'application/json' },
    body: `{"signature":{"timestamp":"1529006854","token":"a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0","signature":"${hex64}"},"event-data":{}}`,
  },
  discord: { headers: { 'X-Signature-Ed25519': hex128, 'X-Signature-Timestamp': '1614265330' } },
  zoom: { headers: { 'x-zm-request-timestamp': '1614265330', 'x-zm-signature': `v0=${hex64}` } },
  'hubspot-v1': { headers: { 'X-HubSpot-Signature': hex64, 'X-HubSpot-Signature-Version': 'v1' } },
  'hubspot-v2': { headers: { 'X-HubSpot-Signature': hex64, 'X-HubSpot-Signature-Version': 'v2' } },
  'hubspot-v3': { headers: { 'X-HubSpot-Signature-v3': base64Of32, 'X-HubSpot-Request-Timestamp': '1693657560000' } },
  square: { headers: { 'x-square-hmacsha256-signature': base64Of32 } },
  paddle: { headers: { 'Paddle-Signature': `ts=1710929255;h1=${hex64}` } },
  paypal: {
    headers: {
      'PAYPAL-TRANSMISSION-ID': '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
      'PAYPAL-TRANSMISSION-TIME': '2016-02-18T20:01:35Z',
      'PAYPAL-TRANSMISSION-SIG':
        'lmI95Jx3Y9nhR5SJWlHVIWpg4AgFk7n9bCHSRxbrd8A9zrhdu2rMyFrmz+Zjh3s3boXB07VXCXUZy/UFzUlnGJn0wDugt7FlSvdKeIJenLRemUxYCPVoEZzg9VFNqOa48gMk',
      'PAYPAL-CERT-URL': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42',
      'PAYPAL-AUTH-ALGO': 'SHA256withRSA',
    },
  },
  plaid: { headers: { 'Plaid-Verification': jwt } },
  'adyen-payments': {
    headers: { 'Content-Type': 'application/json' },
    body: `{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"${base64Of32}"}}}]}`,
  },
  'adyen-header': { headers: { HmacSignature: base64Of32, Protocol: 'HmacSHA256' } },
  linear: { headers: { 'Linear-Delivery': '1', 'Linear-Signature': hex64 } },
  intercom: { headers: { 'X-Hub-Signature': `sha1=${hex40}` }, body: '{"type":"notification_event","app_id":"a"}' },
  zendesk: { headers: { 'X-Zendesk-Webhook-Signature': base64Of32, 'X-Zendesk-Webhook-Signature-Timestamp': '2021-03-25T05:09:27Z' } },
  pagerduty: { headers: { 'X-PagerDuty-Signature': `v1=${hex64},v1=${hex64}` } },
  box: {
    headers: {
      'BOX-DELIVERY-TIMESTAMP': '2020-01-01T00:00:00-07:00',
      'BOX-SIGNATURE-PRIMARY': base64Of32,
      'BOX-SIGNATURE-SECONDARY': base64Of32,
    },
  },
  typeform: { headers: { 'Typeform-Signature': `sha256=${base64Of32}` } },
  calendly: { headers: { 'Calendly-Webhook-Signature': `t=1492774577,v1=${hex64}` } },
  twitch: {
    headers: {
      'Twitch-Eventsub-Message-Id': 'befa7b53-d79d-478f-86b9-120f112b044e',
      'Twitch-Eventsub-Message-Timestamp': '2022-10-26T23:25:13.123456789Z',
      'Twitch-Eventsub-Message-Signature': `sha256=${hex64}`,
    },
  },
  dropbox: { headers: { 'X-Dropbox-Signature': hex64 } },
  asana: { headers: { 'X-Hook-Signature': hex64 }, body: '{"events":[]}' },
  contentful: {
    headers: {
      'x-contentful-signature': hex64,
      'x-contentful-signed-headers': 'x-contentful-signed-headers,x-contentful-timestamp',
      'x-contentful-timestamp': '1693657560000',
    },
  },
  sentry: { headers: { 'Sentry-Hook-Signature': hex64, 'Sentry-Hook-Timestamp': '1614265330' } },
  vercel: { headers: { 'x-vercel-signature': hex40 } },
  lemonsqueezy: { headers: { 'X-Event-Name': 'order_created', 'X-Signature': hex64 } },
  woocommerce: { headers: { 'X-WC-Webhook-Signature': base64Of32 } },
  razorpay: { headers: { 'X-Razorpay-Signature': hex64 } },
  paystack: { headers: { 'x-paystack-signature': hex128 } },
  'coinbase-commerce': { headers: { 'X-CC-Webhook-Signature': hex64 } },
  'coinbase-cdp': { headers: { 'X-Hook0-Signature': `t=1614265330,v0=${hex64},h=x-event-id content-type,v1=${hex64}` } },
  line: { headers: { 'x-line-signature': base64Of32 } },
  telegram: { headers: { 'X-Telegram-Bot-Api-Secret-Token': 'my_secret-token' } },
  rfc9421: {
    headers: {
      'Signature-Input': 'sig-b21=("@method" "content-digest");created=1618884473;keyid="test"',
      Signature: `sig-b21=:${base64Of32}:`,
    },
  },
  axcelerate: { headers: { 'Ax-Signature-Version': '1', 'Ax-Signature': hex64 } },
  acturity: { headers: { 'X-Acturity-Signature': `sha256=${hex64}` } },
  acrity: { headers: { 'X-ACR-Event': 'e', 'X-ACR-Delivery': '1', 'X-ACR-Signature-256': `sha256=${hex64}` } },
};

/** Schemes whose requests are in a fixture, which a test of their verdicts recognises too. */
const made = JSON.parse(readFileSync(new URL('../../fixtures/vectors-made.json', import.meta.url), 'utf8')) as readonly Vector[];
const madeSchemes = new Set(made.map(({ scheme }) => scheme));

function recognise({ headers, body = '{}', url }: Sample) {
  return recogniseScheme({ url: url ?? null, headers: Object.entries(headers), body: new TextEncoder().encode(body) });
}

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyEncoding?: 'base64';
}

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors-published.json', import.meta.url), 'utf8')) as readonly Vector[];

describe('recognising a scheme', () => {
  it.each(Object.entries(samples))('names %s for a request of its provider, and is certain', (scheme, sample) => {
    expect(recognise(sample)[0]).toMatchObject({ scheme, confidence: 'certain' });
  });

  it('has a mark and a sample for every scheme that can be checked', () => {
    const marked = new Set([...schemeMarks, ...bodyMarks].map((mark) => mark.id));
    const ids = schemes.map((scheme) => scheme.id).filter((scheme) => scheme !== 'custom');
    expect(ids.filter((scheme) => !marked.has(scheme))).toEqual([]);
    expect([...marked].filter((scheme) => samples[scheme] === undefined && !madeSchemes.has(scheme))).toEqual([]);
    expect(marked.size).toBe(ids.length);
  });

  it.each(vectors.filter(({ id: name }) => /published/.test(name) && !/neg/.test(name)).map((vector) => [vector.id, vector] as const))(
    'names the scheme of the published vector %s among those that fit',
    (_, { scheme, url, headers, body, bodyEncoding }) => {
      const bytes = bodyEncoding === 'base64' ? Buffer.from(body, 'base64') : Buffer.from(body);
      const recognised = recogniseScheme({ url: url ?? null, headers: Object.entries(headers), body: bytes });
      expect(recognised.map((one) => one.scheme)).toContain(scheme);
    },
  );

  it.each([
    ['no headers at all', {}],
    [
      'the headers of any client',
      { Host: 'a.example', 'Content-Type': 'application/json', 'User-Agent': 'curl/8', Accept: '*/*', 'X-Request-Id': hex64 },
    ],
    [
      'a digest, which is no signature',
      { 'Content-Digest': `sha-256=:${base64Of32}:`, Digest: `SHA-256=${base64Of32}`, ETag: `"${hex64}"` },
    ],
    ['an empty signature', { 'X-Hub-Signature-256': '' }],
    ['credentials, which sign nothing', { Authorization: `Bearer ${hex64}`, Cookie: `session=${hex64}`, 'X-Api-Key': hex64 }],
    ['headers about a signature, without one', { 'X-Signature-Version': '1', 'X-Signature-Timestamp': '1614265330' }],
    ['the ids and names of an event', { 'X-Webhook-Id': hex64, 'X-Webhook-Event': 'push', 'X-Webhook-Delivery': id }],
  ])('names nothing for %s', (_, headers) => {
    expect(recognise({ headers, body: '{"signature":"mine","events":[1]}' })).toEqual([]);
  });

  it('names each of several that cannot be distinguished, the usual one first and none as certain', () => {
    const recognised = recognise({ headers: { 'X-Hub-Signature-256': `sha256=${hex64}` } });
    expect(recognised.map(({ scheme, confidence }) => [scheme, confidence])).toEqual([
      ['github-sha256', 'likely'],
      ['meta', 'possible'],
    ]);
    expect(recognise({ headers: { 'X-Hub-Signature': `sha1=${hex40}` } }).map(({ scheme }) => scheme)).toEqual([
      'github-sha1',
      'intercom',
      'websub',
    ]);
  });

  it('names both signatures of a request that carries two', () => {
    const recognised = recognise({ headers: { 'webhook-id': id, 'webhook-timestamp': '1', 'webhook-signature': `${v1a} ${v1}` } });
    expect(recognised.filter(({ confidence }) => confidence === 'certain').map(({ scheme }) => scheme)).toEqual([
      'standard-webhooks',
      'standard-webhooks-v1a',
    ]);
  });

  it('is less sure when a header of the scheme is missing, and says which', () => {
    expect(recognise({ headers: { 'webhook-signature': v1, 'webhook-id': id } })[0]).toEqual({
      scheme: 'standard-webhooks',
      confidence: 'likely',
      because: expect.stringContaining('webhook-timestamp is missing'),
    });
  });

  it('is not sure of a value that does not have the form of the scheme', () => {
    expect(recognise({ headers: { 'Stripe-Signature': 'redacted' } })).toEqual([
      { scheme: 'stripe', confidence: 'possible', because: expect.stringContaining('form'), isOwner: true },
    ]);
  });

  it('names a scheme whose header carries other things too by the form of its value only', () => {
    expect(recognise({ headers: { Authorization: `HMAC ${base64Of32}` } })).toMatchObject([
      { scheme: 'microsoft-teams', confidence: 'likely', because: expect.stringContaining('other senders use that name too') },
    ]);
    const body = '{"type":"message","channelId":"msteams"}';
    expect(recognise({ headers: { Authorization: `HMAC ${base64Of32}` }, body })).toMatchObject([
      { scheme: 'microsoft-teams', confidence: 'certain', because: 'It carries Authorization, and the body fits.' },
    ]);
    expect(recognise({ headers: { Authorization: 'HMAC redacted' } })).toMatchObject([{ scheme: 'unknown' }]);
    expect(recognise({ headers: { 'Webhook-Signature': hex64 } })).toMatchObject([{ scheme: 'gocardless', confidence: 'likely' }]);
    expect(recognise({ headers: { Signature: `sha256 ${hex64}` } })).toMatchObject([{ scheme: 'greenhouse', confidence: 'likely' }]);
  });

  it('is certain of no scheme by a header alone that any sender may send', () => {
    const shared = /^(?:Authorization|Digest|Content-Digest|Signature|Cookie|User-Agent)$/i;
    const certain = schemeMarks.filter(
      ({ header, along, isCommonName }) => shared.test(header) && along === undefined && isCommonName !== true,
    );
    expect(certain.map((mark) => mark.id)).toEqual([]);
  });

  it('reads the fields of a form for a signature in the body', () => {
    const body = `timestamp=1529006854&token=a8ce0edb2dd8301dee6c2405235584e45aa91d1e&signature=${hex64}&event=delivered`;
    expect(recognise({ headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body })[0]).toMatchObject({ scheme: 'mailgun' });
  });

  it('guesses a custom HMAC from a header of an unknown sender', () => {
    const headers: HeaderField[] = [
      ['X-Acme-Signature', `sha256=${hex64}`],
      ['X-Acme-Timestamp', '1761955200000'],
    ];
    expect(recogniseScheme({ url: null, headers, body: null })).toEqual([
      {
        scheme: 'custom',
        confidence: 'possible',
        because:
          'X-Acme-Signature looks like an HMAC-SHA256 in hex, with "sha256=" before it. Its sender is not known to Hookyard, so what it signs is a guess.',
        options: {
          header: 'X-Acme-Signature',
          prefix: 'sha256=',
          encoding: 'hex',
          algorithm: 'sha256',
          timestampHeader: 'X-Acme-Timestamp',
          timestampUnit: 'ms',
          signedContent: '{timestamp}.{body}',
        },
        others: expect.arrayContaining([expect.objectContaining({ signedContent: '{timestamp}{body}' })]),
      },
    ]);
  });

  it('reads ten thousand headers and a large body', () => {
    const headers = Array.from({ length: 10_000 }, (_, at): HeaderField => [`X-Signature-${at}`, 'a='.repeat(2000)]);
    expect(recogniseScheme({ url: 'x'.repeat(1_000_000), headers, body: new Uint8Array(16_777_216).fill(0x22) })).toEqual([
      { scheme: 'unknown', confidence: 'possible', because: expect.stringContaining('X-Signature-0 is named like a signature') },
    ]);
  });
});

describe('reading a MAC', () => {
  it.each([
    ['a'.repeat(40), '', 'hex', 'sha1'],
    [`sha512=${'A'.repeat(128)}`, 'sha512=', 'hex', 'sha512'],
    [`${'Z'.repeat(43)}=`, '', 'base64', 'sha256'],
    [`v1,${'-Z'.repeat(21)}z`, 'v1,', 'base64url', 'sha256'],
  ])('reads %s', (value, prefix, encoding, algorithm) => {
    expect(guessMac(value)).toEqual({ prefix, encoding, algorithm });
  });

  it.each(['t=1,v1=abc', 'hello', ''])('leaves %j alone, which is no MAC', (value) => {
    expect(guessMac(value)).toBeNull();
  });
});
