import { Buffer } from 'node:buffer';
import { createHash, createHmac, type BinaryToTextEncoding } from 'node:crypto';
import { verify as verifyAsGithub } from '@octokit/webhooks-methods';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { verifyRecognised } from '#engine/signing/verify-recognised.ts';

const secret = 's3cret-key-0123-long-enough';
const body = '{"id":1,"name":"Zoë","amount":10.50}';
const time = 1_760_000_000;
const url = 'https://shop.example.com/hook';

function mac(signed: string, hash = 'sha256', as: BinaryToTextEncoding = 'hex', key: string | Buffer = secret): string {
  return createHmac(hash, key).update(signed).digest(as);
}

const key = Buffer.alloc(32, 7);
const base64Secret = key.toString('base64');
const gitHub: readonly HeaderField[] = [
  ['X-GitHub-Event', 'push'],
  ['User-Agent', 'GitHub-Hookshot/044aadd'],
];

function ask(headers: readonly HeaderField[], change: { readonly secret?: string; readonly url?: string; readonly lateBy?: number } = {}) {
  const nowMs = (time + (change.lateBy ?? 0)) * 1000;
  const input = { method: 'POST', url: change.url ?? url, headers, body: Buffer.from(body), secrets: [change.secret ?? secret], nowMs };
  return verifyRecognised(input);
}

describe('a request of a known sender in a form that it does not write', () => {
  const event = (prefix: string): readonly HeaderField[] => [
    [`${prefix}-id`, 'm1'],
    [`${prefix}-timestamp`, String(time)],
  ];
  it.each<[string, string, readonly HeaderField[], string?]>([
    ['SHA-512 where GitHub has SHA-256', 'github-sha256', [...gitHub, ['X-Hub-Signature-256', `sha256=${mac(body, 'sha512')}`]]],
    ['base64 where GitHub has hex', 'github-sha256', [...gitHub, ['X-Hub-Signature-256', `sha256=${mac(body, 'sha256', 'base64')}`]]],
    ['SHA-1 where GitHub has SHA-256', 'github-sha256', [...gitHub, ['X-Hub-Signature-256', `sha256=${mac(body, 'sha1')}`]]],
    ['no prefix where GitHub has one', 'github-sha256', [...gitHub, ['X-Hub-Signature-256', mac(body)]]],
    ['SHA-256 in the header for SHA-1', 'github-sha1', [...gitHub, ['X-Hub-Signature', `sha256=${mac(body)}`]]],
    [
      'hex where Shopify has base64',
      'shopify',
      [
        ['X-Shopify-Topic', 'orders/create'],
        ['X-Shopify-Hmac-Sha256', mac(body)],
      ],
    ],
    [
      'the body alone for Slack',
      'slack',
      [
        ['X-Slack-Request-Timestamp', String(time)],
        ['X-Slack-Signature', mac(body)],
      ],
    ],
    [
      'the body alone, ten years old, for Slack',
      'slack',
      [
        ['X-Slack-Request-Timestamp', String(time - 3e8)],
        ['X-Slack-Signature', `sha256=${mac(body)}`],
      ],
    ],
    ['Slack without its timestamp', 'slack', [['X-Slack-Signature', mac(body)]]],
    ['bare hex for Stripe', 'stripe', [['Stripe-Signature', mac(body)]]],
    ['sha256= for Stripe', 'stripe', [['Stripe-Signature', `sha256=${mac(body)}`]]],
    ['hex for Standard Webhooks', 'standard-webhooks', [...event('webhook'), ['webhook-signature', mac(body)]]],
    ['hex for Svix', 'svix', [...event('svix'), ['svix-signature', mac(body)]]],
    [
      'base64 without v1 for Svix',
      'svix',
      [...event('svix'), ['svix-signature', mac(`m1.${time}.${body}`, 'sha256', 'base64', key)]],
      base64Secret,
    ],
    [
      'hex for Twitch',
      'twitch',
      [
        ['Twitch-Eventsub-Message-Id', 'x'],
        ['Twitch-Eventsub-Message-Timestamp', '2025-10-09T08:53:20Z'],
        ['Twitch-Eventsub-Message-Signature', mac(body)],
      ],
    ],
    ['the body alone for Paddle', 'paddle', [['Paddle-Signature', mac(body)]]],
    [
      'hex for Box',
      'box',
      [
        ['BOX-DELIVERY-TIMESTAMP', '2025-10-09T01:53:20-07:00'],
        ['BOX-SIGNATURE-PRIMARY', mac(body)],
      ],
    ],
    [
      'the body alone for Zoom',
      'zoom',
      [
        ['x-zm-request-timestamp', String(time)],
        ['x-zm-signature', mac(body)],
      ],
    ],
    [
      'hex for HubSpot v3',
      'hubspot-v3',
      [
        ['X-HubSpot-Request-Timestamp', String(time * 1000)],
        ['X-HubSpot-Signature-v3', mac(body)],
      ],
    ],
    ['base64 for Linear', 'linear', [['Linear-Signature', mac(body, 'sha256', 'base64')]]],
  ])('is not valid: %s', (_, scheme, headers, given) => {
    const answer = ask(headers, given === undefined ? {} : { secret: given });
    expect(answer).toMatchObject({ verdict: 'invalid', scheme, matchedSignature: null });
    expect(answer.message).toMatch(/The bytes are signed with your secret, as .+, but .+ writes .+; its receivers refuse this\./);
  });

  it('says what it is and what the sender writes', () => {
    expect(ask([...gitHub, ['X-Hub-Signature-256', `sha256=${mac(body, 'sha512')}`]]).message).toContain(
      'as X-Hub-Signature-256: sha256=<hex of HMAC-SHA512 over {body}>, but GitHub writes X-Hub-Signature-256: sha256=<hex of HMAC-SHA256 over {body}>; its',
    );
  });

  it('is of another sender where only the name is shared, as many write X-Hub-Signature-256', () => {
    expect(ask([['X-Hub-Signature-256', mac(body)]])).toMatchObject({ verdict: 'valid', scheme: 'custom' });
    expect(ask([['Webhook-Signature', mac(body)]])).toMatchObject({ verdict: 'valid', scheme: 'gocardless' });
  });
});

describe('a request with two signatures', () => {
  const v1: HeaderField = [
    'X-HubSpot-Signature',
    createHash('sha256')
      .update(secret + body)
      .digest('hex'),
  ];
  const v3 = mac(`POST${url}${body}${time * 1000}`, 'sha256', 'base64');
  const hubSpot: readonly HeaderField[] = [
    v1,
    ['X-HubSpot-Signature-Version', 'v1'],
    ['X-HubSpot-Signature-v3', v3],
    ['X-HubSpot-Request-Timestamp', String(time * 1000)],
  ];
  const wrong: HeaderField = ['X-Hub-Signature-256', `sha256=${mac('another')}`];
  const right: HeaderField = ['X-Hub-Signature-256', `sha256=${mac(body)}`];

  it('is judged by the newer of a provider', () => {
    expect(ask(hubSpot)).toMatchObject({ verdict: 'valid', scheme: 'hubspot-v3' });
    expect(ask(hubSpot, { lateBy: 10_000 })).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale', scheme: 'hubspot-v3' });
    expect(ask(hubSpot, { url: 'http://10.0.0.5/hook' })).toMatchObject({ verdict: 'invalid', scheme: 'hubspot-v3' });
    expect(ask([...gitHub, wrong, ['X-Hub-Signature', `sha1=${mac(body, 'sha1')}`]])).toMatchObject({
      verdict: 'invalid',
      scheme: 'github-sha256',
    });
  });

  it('is valid where only an older one fails, and says so', () => {
    const answer = ask([...gitHub, right, ['X-Hub-Signature', `sha1=${mac('another', 'sha1')}`]]);
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'github-sha256' });
    expect(answer.message).toContain('X-Hub-Signature does not pass by github-sha1');
  });

  it.each<[string, readonly HeaderField[], string]>([
    ['that of another header', [['X-Signature', mac(body)]], 'X-Signature matches by lemonsqueezy'],
    ['a token', [['X-Gitlab-Token', secret]], 'X-Gitlab-Token matches by gitlab-token'],
    ['a token of Telegram', [['X-Telegram-Bot-Api-Secret-Token', secret]], 'X-Telegram-Bot-Api-Secret-Token matches by telegram'],
  ])('is not valid by %s where one as sure fails, and names both', (_, beside, words) => {
    const answer = ask([...gitHub, wrong, ...beside]);
    expect(answer).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch', scheme: 'github-sha256' });
    expect(answer.message).toContain(`${words}. X-Hub-Signature-256 counts at least as much`);
    expect(answer.checks.at(-1)).toMatchObject({ result: 'skipped', message: expect.stringContaining('which does not count here: Valid') });
  });

  it('is valid by the surer one where a less sure one fails', () => {
    const answer = ask([...gitHub, right, ['X-Signature', mac('another')]]);
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'github-sha256' });
    expect(answer.message).toContain('X-Signature does not pass by lemonsqueezy');
  });

  it('is valid by the first line of a header that comes twice, and says that another receiver may refuse it', () => {
    const answer = ask([...gitHub, right, wrong]);
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'github-sha256' });
    expect(answer.message).toContain('X-Hub-Signature-256 occurs more than once with different values');
    expect(ask([...gitHub, right]).message).not.toContain('more than once');
  });

  it('says that a receiver may refuse a header that comes twice with the same value, as the library of GitHub does where Node joins the lines', async () => {
    const value = `sha256=${mac(body)}`;
    expect(await verifyAsGithub(secret, body, `${value}, ${value}`)).toBe(false);
    const answer = ask([...gitHub, ['X-Hub-Signature-256', value], ['x-hub-signature-256', value]]);
    expect(answer.verdict).toBe('valid');
    expect(answer.message).toContain('X-Hub-Signature-256 occurs more than once with the same value');
  });

  it('is valid where the secret given is no key of the other one', () => {
    const sent: readonly HeaderField[] = [
      ...gitHub,
      right,
      ['X-Signature-Ed25519', 'ab'.repeat(64)],
      ['X-Signature-Timestamp', String(time)],
    ];
    expect(ask(sent)).toMatchObject({ verdict: 'valid', scheme: 'github-sha256' });
  });
});
