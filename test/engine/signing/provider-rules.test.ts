import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { schemeOf } from '#engine/signing/registry.ts';
import type { VerifyInput } from '#engine/signing/scheme.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { signing, type SchemeId } from '#shared/contract/signing.ts';

const nowSeconds = 1_763_600_000;
const nowMs = nowSeconds * 1000;
const nowText = '2025-11-20T00:53:20.000Z';
const body = Buffer.from('{"a":1}');
const secret = 'a secret of some length';
const base64Key = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function mac(hash: string, encoding: 'hex' | 'base64', signed: string, key: string | Buffer = secret): string {
  return createHmac(hash, key).update(signed).digest(encoding);
}

function verify(scheme: SchemeId, headers: readonly HeaderField[], change: Partial<VerifyInput> = {}) {
  return schemeOf(scheme).verify({
    options: signing.parse({ scheme }),
    secrets: [secret],
    nowMs,
    method: 'POST',
    url: null,
    headers,
    body,
    ...change,
  });
}

const hex256 = mac('sha256', 'hex', '{"a":1}');
const hex1 = mac('sha1', 'hex', '{"a":1}');
const base64Of256 = mac('sha256', 'base64', '{"a":1}');
const svixMac = mac('sha256', 'base64', `msg_1.${nowSeconds}.{"a":1}`, Buffer.from(base64Key, 'base64'));
const svixHeaders = (prefix: string): readonly HeaderField[] => [
  [`${prefix}-id`, 'msg_1'],
  [`${prefix}-timestamp`, String(nowSeconds)],
  [`${prefix}-signature`, `v1,${svixMac}`],
];
const stamped = (separator: string) => mac('sha256', 'hex', `${nowSeconds}${separator}{"a":1}`);

/** The headers of each provider over the same body, put together from its documentation without the tables of the engine. */
const written: Readonly<Partial<Record<SchemeId, readonly HeaderField[]>>> = {
  'standard-webhooks': svixHeaders('webhook'),
  svix: svixHeaders('svix'),
  clerk: svixHeaders('svix'),
  resend: svixHeaders('svix'),
  'gitlab-signing': svixHeaders('webhook'),
  stripe: [['Stripe-Signature', `t=${nowSeconds},v1=${stamped('.')}`]],
  calendly: [['Calendly-Webhook-Signature', `t=${nowSeconds},v1=${stamped('.')}`]],
  paddle: [['Paddle-Signature', `ts=${nowSeconds};h1=${stamped(':')}`]],
  slack: [
    ['X-Slack-Request-Timestamp', String(nowSeconds)],
    ['X-Slack-Signature', `v0=${mac('sha256', 'hex', `v0:${nowSeconds}:{"a":1}`)}`],
  ],
  zoom: [
    ['x-zm-request-timestamp', String(nowSeconds)],
    ['x-zm-signature', `v0=${mac('sha256', 'hex', `v0:${nowSeconds}:{"a":1}`)}`],
  ],
  zendesk: [
    ['X-Zendesk-Webhook-Signature-Timestamp', nowText],
    ['X-Zendesk-Webhook-Signature', mac('sha256', 'base64', `${nowText}{"a":1}`)],
  ],
  twitch: [
    ['Twitch-Eventsub-Message-Id', 'msg_1'],
    ['Twitch-Eventsub-Message-Timestamp', nowText],
    ['Twitch-Eventsub-Message-Signature', `sha256=${mac('sha256', 'hex', `msg_1${nowText}{"a":1}`)}`],
  ],
  'github-sha256': [['X-Hub-Signature-256', `sha256=${hex256}`]],
  'github-sha1': [['X-Hub-Signature', `sha1=${hex1}`]],
  meta: [['X-Hub-Signature-256', `sha256=${hex256}`]],
  websub: [['X-Hub-Signature', `sha256=${hex256}`]],
  bitbucket: [['X-Hub-Signature', `sha256=${hex256}`]],
  intercom: [['X-Hub-Signature', `sha1=${hex1}`]],
  acturity: [['X-Acturity-Signature', `sha256=${hex256}`]],
  acrity: [['X-ACR-Signature-256', `sha256=${hex256}`]],
  pagerduty: [['X-PagerDuty-Signature', `v1=${hex256}`]],
  dropbox: [['X-Dropbox-Signature', hex256]],
  asana: [['X-Hook-Signature', hex256]],
  sentry: [['Sentry-Hook-Signature', hex256]],
  vercel: [['x-vercel-signature', hex1]],
  lemonsqueezy: [['X-Signature', hex256]],
  razorpay: [['X-Razorpay-Signature', hex256]],
  paystack: [['x-paystack-signature', mac('sha512', 'hex', '{"a":1}')]],
  'coinbase-commerce': [['X-CC-Webhook-Signature', hex256]],
  axcelerate: [
    ['Ax-Signature-Version', '1'],
    ['Ax-Signature', hex256],
  ],
  shopify: [['X-Shopify-Hmac-Sha256', base64Of256]],
  'shopify-events': [['shopify-hmac-sha256', base64Of256]],
  typeform: [['Typeform-Signature', `sha256=${base64Of256}`]],
  woocommerce: [['X-WC-Webhook-Signature', base64Of256]],
  line: [['x-line-signature', base64Of256]],
  'gitlab-token': [['X-Gitlab-Token', secret]],
  telegram: [['X-Telegram-Bot-Api-Secret-Token', 'secret-token_1']],
};
const secretFor = (scheme: SchemeId): string => {
  if (['standard-webhooks', 'svix', 'clerk', 'resend', 'gitlab-signing'].includes(scheme)) return `whsec_${base64Key}`;
  return scheme === 'telegram' ? 'secret-token_1' : secret;
};

describe('the headers that a provider documents', () => {
  const cases = Object.entries(written).map(([id, headers]) => [signing.parse({ scheme: id }).scheme, headers] as const);

  it.each(cases)('are what %s signs and what it takes', (scheme, headers) => {
    const own = secretFor(scheme);
    expect(verify(scheme, headers, { secrets: [own] })).toMatchObject({ verdict: 'valid' });
    const signed = schemeOf(scheme).sign({
      options: signing.parse({ scheme }),
      secrets: [own],
      id: 'msg_1',
      nowMs,
      method: 'POST',
      url: 'https://example.com/',
      body,
    });
    expect(signed.headers).toEqual(headers);
  });
});

describe('a header with the timestamp among its signatures', () => {
  const right = `v1=${stamped('.')}`;
  const wrong = `v1=${'0'.repeat(64)}`;

  it.each([
    [`t=${nowSeconds},${wrong},${right}`, 1],
    [`t=${nowSeconds},${right},${wrong}`, 0],
    [`t=${nowSeconds},v0=${'0'.repeat(64)},${right}`, 1],
    [`${right},t=${nowSeconds}`, 0],
  ])('may hold several signatures and other versions, in any order: %s', (value, matchedSignature) => {
    expect(verify('stripe', [['Stripe-Signature', value]])).toMatchObject({ verdict: 'valid', matchedSignature });
  });

  it.each([
    [right, 'there is no t in Stripe-Signature'],
    [`t=${nowSeconds}`, 'Stripe-Signature holds no signature'],
    [`t=${nowSeconds}, ${right}`, 'there is a space before v1'],
    [`t=${nowSeconds},v0=${'0'.repeat(64)}`, 'this scheme checks v1 signatures only'],
    [`t=${nowSeconds},v1=abc`, 'one is missing'],
    [`t=${nowSeconds},nonsense`, 'it is not a version, an equals sign and the signature'],
  ])('that cannot be read is told with the reason: %s', (value, why) => {
    const result = verify('stripe', [['Stripe-Signature', value]]);
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_malformed', matchedSignature: null });
    expect(result.message).toContain(why);
  });

  it('signs the timestamp as the text received, and refuses one that is no number', () => {
    const text = `0${nowSeconds}`;
    const value = `t=${text},v1=${mac('sha256', 'hex', `${text}.{"a":1}`)}`;
    expect(verify('stripe', [['Stripe-Signature', value]]).verdict).toBe('valid');
    const fraction = `t=${nowSeconds}.7,v1=${mac('sha256', 'hex', `${nowSeconds}.7.{"a":1}`)}`;
    const result = verify('stripe', [['Stripe-Signature', fraction]]);
    expect(result).toMatchObject({ reason: 'timestamp_malformed' });
    expect(result.message).toContain('t in Stripe-Signature is');
  });
});

describe('Stripe', () => {
  it('takes the whole secret for its key, whsec_ included', () => {
    const key = `whsec_${base64Key}`;
    const header = (signature: string): readonly HeaderField[] => [['Stripe-Signature', `t=${nowSeconds},v1=${signature}`]];
    const asText = mac('sha256', 'hex', `${nowSeconds}.{"a":1}`, key);
    const decoded = mac('sha256', 'hex', `${nowSeconds}.{"a":1}`, Buffer.from(base64Key, 'base64'));
    expect(verify('stripe', header(asText), { secrets: [key] }).verdict).toBe('valid');
    expect(verify('stripe', header(decoded), { secrets: [key] }).reason).toBe('signature_mismatch');
  });

  it('remarks on a secret that does not begin as its secrets do, and on one with a space at its end', () => {
    const remarkOn = (given: string) =>
      verify('stripe', written.stripe ?? [], { secrets: [given] }).checks.find(({ name }) => name === 'secret')?.message;
    expect(remarkOn(secret)).toContain('does not begin with whsec_');
    expect(remarkOn('whsec_x ')).toContain('ends with a space');
  });
});

describe('a timestamp written as a date', () => {
  const twitch = (text: string): readonly HeaderField[] => [
    ['Twitch-Eventsub-Message-Id', 'm'],
    ['Twitch-Eventsub-Message-Timestamp', text],
    ['Twitch-Eventsub-Message-Signature', `sha256=${mac('sha256', 'hex', `m${text}{"a":1}`)}`],
  ];

  it.each(['2025-11-20T00:53:20.634234626Z', '2025-11-20T00:53:20Z', '2025-11-20T01:53:20+01:00'])('is signed as it stands: %s', (text) => {
    expect(verify('twitch', twitch(text))).toMatchObject({ verdict: 'valid' });
  });

  it.each(['1763600000', '2025-11-20 00:53:20', '20 Nov 2025', '2025-13-45T00:00:00Z'])('is refused in another form: %s', (text) => {
    expect(verify('twitch', twitch(text))).toMatchObject({ reason: 'timestamp_malformed' });
  });

  it('may be of any age where the provider sets no limit, and says so', () => {
    const result = verify('zendesk', written.zendesk ?? [], { nowMs: nowMs + 86_400_000 * 3 });
    expect(result).toMatchObject({ verdict: 'valid', timestampAgeSeconds: 259_200 });
    expect(result.message).toContain('3 days old, and this scheme sets no limit');
    expect(result.next.join(' ')).toContain('Decide how old');
  });
});

describe('a provider with several layouts', () => {
  it.each(['sha1', 'sha256', 'sha384', 'sha512'])('WebSub takes the hash that the header names: %s', (hash) => {
    const headers: readonly HeaderField[] = [['X-Hub-Signature', `${hash}=${mac(hash, 'hex', '{"a":1}')}`]];
    expect(verify('websub', headers)).toMatchObject({ verdict: 'valid' });
    expect(verify('websub', headers, { secrets: ['other'] })).toMatchObject({ reason: 'signature_mismatch' });
  });

  it('WebSub does not know other hashes', () => {
    expect(verify('websub', [['X-Hub-Signature', 'md5=00']])).toMatchObject({ reason: 'header_malformed' });
  });

  it('Meta is judged by SHA-256 where both headers are there, and by SHA-1 where only that is', () => {
    const old: HeaderField = ['X-Hub-Signature', `sha1=${hex1}`];
    expect(verify('meta', [old])).toMatchObject({ verdict: 'valid' });
    expect(verify('meta', [old, ['X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`]])).toMatchObject({ reason: 'signature_mismatch' });
  });

  it('Svix takes the header names of Standard Webhooks, Clerk does not', () => {
    const secrets = [`whsec_${base64Key}`];
    expect(verify('svix', svixHeaders('webhook'), { secrets }).verdict).toBe('valid');
    expect(verify('clerk', svixHeaders('webhook'), { secrets }).verdict).toBe('unsigned');
  });
});

describe('GitLab', () => {
  const both: readonly HeaderField[] = [['X-Gitlab-Token', secret], ...svixHeaders('webhook')];

  it('may send the token and the signature together, each judged by its own scheme', () => {
    expect(verify('gitlab-token', both).verdict).toBe('valid');
    expect(verify('gitlab-signing', both, { secrets: [`whsec_${base64Key}`] }).verdict).toBe('valid');
  });

  it('remarks on a signing token of another size than 32 bytes', () => {
    const check = verify('gitlab-signing', both, { secrets: [`whsec_${base64Key}`] }).checks.find(({ name }) => name === 'secret');
    expect(check?.message).toContain('24 bytes long once decoded; GitLab signing token takes exactly 32');
  });
});

describe('the note on a library', () => {
  const zoom = (bytes: string, change: Partial<VerifyInput> = {}) => {
    const value = `v0=${mac('sha256', 'hex', `v0:${nowSeconds}:${bytes}`)}`;
    const headers: readonly HeaderField[] = [
      ['x-zm-request-timestamp', String(nowSeconds)],
      ['x-zm-signature', value],
    ];
    return verify('zoom', headers, { body: Buffer.from(bytes), ...change });
  };

  it.each([
    ['{"event":"e"}', null],
    ['{ "event": "e" }', 'it signs the JSON written again, which differs from these bytes'],
    ['{"event":"e","a":1.0}', 'it signs the JSON written again, which differs from these bytes'],
    ['{"a":1}', 'it wants JSON with the name of an event in the body'],
    ['{"event":1}', 'it wants JSON with the name of an event in the body'],
    ['no JSON', 'it wants JSON with the name of an event in the body and it signs the JSON written again, which differs from these bytes'],
  ])('of Zoom tells the bodies that it would refuse or write otherwise: %s', (bytes, why) => {
    const { verdict, libraryNote } = zoom(bytes);
    expect([verdict, libraryNote]).toEqual(['valid', why === null ? null : `The library @zoom/rivet would refuse this request: ${why}.`]);
  });

  it.each([
    [{ nowMs: nowMs + 301_000 }, 'timestamp_stale', 'it checks no timestamp'],
    [{ nowMs: nowMs - 301_000 }, 'timestamp_future', 'it checks no timestamp'],
  ])('of Zoom tells the requests that it would accept at any time: %j', (change, reason, why) => {
    expect(zoom('{"event":"e"}', change)).toMatchObject({
      verdict: 'invalid',
      reason,
      libraryNote: `The library @zoom/rivet would accept this request: ${why}.`,
    });
  });

  it('of Zoom does not fail on JSON that is nested too deep to be written again', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(zoom(deep).libraryNote).toContain('it signs the JSON written again');
  });

  it('is not held up by a huge body, of which it says nothing', () => {
    expect(zoom(' '.repeat(9 * 1024 * 1024))).toMatchObject({ verdict: 'valid', libraryNote: null });
  });

  it('is silent on a late request that the library refuses for another reason', () => {
    expect(zoom('{ "event": "e" }', { nowMs: nowMs + 301_000 })).toMatchObject({ reason: 'timestamp_stale', libraryNote: null });
  });

  it('is silent where a signature does not match', () => {
    expect(zoom('{"event":"e"}', { secrets: ['other'] })).toMatchObject({ reason: 'signature_mismatch', libraryNote: null });
  });

  it('stands with the scheme, too, in one sentence', () => {
    expect(schemeOf('stripe').info.libraryNote).toBe(
      'The library stripe accepts any timestamp in the future, reads the body as UTF-8 text, and refuses a body that is not UTF-8, drops a byte order mark and refuses the body then, refuses an empty body, throws where the body is no JSON, refuses upper-case hex and signs the timestamp as a number, not as the text received.',
    );
    expect(schemeOf('calendly').info.libraryNote).toBeNull();
  });
});

describe('a plain token', () => {
  const headers: readonly HeaderField[] = [['X-Gitlab-Token', secret]];

  it('is valid over any body, and says that it does not cover it', () => {
    const result = verify('gitlab-token', headers, { body: Buffer.from('something else') });
    expect(result).toMatchObject({ verdict: 'valid', signedBase64: null, parts: [] });
    expect(result.message).toContain('It does not cover the body');
  });

  it('is shown by its fingerprint, so that two can be compared and none can be read', () => {
    const result = verify('gitlab-token', headers, { secrets: ['another secret'] });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
    const [received] = result.receivedSignatures;
    expect(received).toBe(`token with fingerprint ${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`);
    expect(result.expectedSignatures).not.toContain(received);
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it.each(['with space', 'ü', '', 'x'.repeat(257)])('of Telegram is refused where setWebhook would refuse it: %j', (token) => {
    expect(schemeOf('telegram').checkSecret(token, signing.parse({ scheme: 'telegram' }))).toContain('1 to 256');
  });
});

describe('aXcelerate', () => {
  const sent = (version: string, signature: string): readonly HeaderField[] => [
    ['Ax-Signature-Version', version],
    ['Ax-Signature', signature],
  ];

  it('is unsigned, and never valid, where version 0 comes with an empty signature', () => {
    for (const headers of [sent('0', ''), [['Ax-Signature-Version', '0']] as readonly HeaderField[]]) {
      const result = verify('axcelerate', headers);
      expect(result).toMatchObject({ verdict: 'unsigned', reason: 'header_missing' });
      expect(result.message).toContain('Ax-Signature-Version is 0');
    }
    expect(verify('axcelerate', []).verdict).toBe('unsigned');
  });

  it.each([
    ['0', hex256, 'header_malformed'],
    ['2', hex256, 'header_malformed'],
    ['1', '', 'header_missing'],
    ['', hex256, 'header_missing'],
  ])('is invalid with version %j and signature %j', (version, signature, reason) => {
    expect(verify('axcelerate', sent(version, signature))).toMatchObject({ verdict: 'invalid', reason });
  });

  const digest = (encoding: 'hex' | 'base64', ...parts: readonly string[]) => createHash('sha256').update(parts.join('')).digest(encoding);
  it.each([
    [base64Of256, 'the base64 of the HMAC-SHA256'],
    [digest('hex', '{"a":1}', secret), 'the hex of SHA-256 over body and key'],
    [digest('hex', secret, '{"a":1}'), 'the hex of SHA-256 over key and body'],
    [digest('base64', '{"a":1}', secret), 'the base64 of SHA-256 over body and key'],
  ])('names the other recipe that fits a signature which does not match: %s', (signature, name) => {
    const result = verify('axcelerate', sent('1', signature));
    expect(result.verdict).toBe('invalid');
    expect(result.message).toContain(`It does match ${name}`);
  });

  it('names none where none fits', () => {
    expect(verify('axcelerate', sent('1', '0'.repeat(64))).message).not.toContain('It does match');
  });
});
