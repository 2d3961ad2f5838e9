import { createHmac } from 'node:crypto';
import { validateSignature } from '@line/bot-sdk';
import { sign as signAsGithub, verify as verifyAsGithub } from '@octokit/webhooks-methods';
import { Paddle } from '@paddle/paddle-node-sdk';
import fc from 'fast-check';
import Razorpay from 'razorpay';
import { Resend } from 'resend';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import XHubSignature from 'x-hub-signature';
import { schemeOf } from '#engine/signing/registry.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { signing, type SchemeId } from '#shared/contract/signing.ts';
import { acceptsAsSlack } from '../../support/slack-library.ts';

interface Received {
  readonly secret: string;
  readonly body: Buffer;
  /** A header's value by its name in lower case. */
  readonly header: (name: string) => string;
}

interface Oracle {
  readonly library: string;
  readonly scheme: SchemeId;
  /** Whether the library accepts a request now; what it throws counts as no. */
  readonly accepts: (received: Received) => unknown;
  /** The headers that the library makes for a text, where it can sign. */
  readonly signs?: (text: string, secret: string, atSeconds: number) => readonly HeaderField[] | Promise<readonly HeaderField[]>;
}

const svixHeaders = (header: Received['header'], prefix: string) => ({
  [`${prefix}-id`]: header(`${prefix}-id`),
  [`${prefix}-timestamp`]: header(`${prefix}-timestamp`),
  [`${prefix}-signature`]: header(`${prefix}-signature`),
});
const stripe = new Stripe('sk_test_none');
const paddle = new Paddle('none');
const resend = new Resend('re_none');
const hub = (scheme: SchemeId, algorithm: string, name: string): Oracle => ({
  library: 'x-hub-signature',
  scheme,
  accepts: ({ secret, body, header }) => new XHubSignature(algorithm, secret).verify(header(name), body),
  signs: (text, secret) => [[name, new XHubSignature(algorithm, secret).sign(Buffer.from(text))]],
});

const oracles: readonly Oracle[] = [
  {
    library: 'standardwebhooks',
    scheme: 'standard-webhooks',
    accepts: ({ secret, body, header }) => {
      new StandardWebhook(secret).verify(body, svixHeaders(header, 'webhook'));
      return true;
    },
  },
  {
    library: 'standardwebhooks',
    scheme: 'gitlab-signing',
    accepts: ({ secret, body, header }) => {
      new StandardWebhook(secret).verify(body, svixHeaders(header, 'webhook'));
      return true;
    },
  },
  {
    library: 'svix',
    scheme: 'svix',
    accepts: ({ secret, body, header }) => {
      new SvixWebhook(secret).verify(body, svixHeaders(header, 'svix'));
      return true;
    },
    signs: (text, secret, atSeconds) => [
      ['svix-id', 'msg_1'],
      ['svix-timestamp', String(atSeconds)],
      ['svix-signature', new SvixWebhook(secret).sign('msg_1', new Date(atSeconds * 1000), text)],
    ],
  },
  {
    library: 'resend',
    scheme: 'resend',
    accepts: ({ secret, body, header }) => {
      const headers = { id: header('svix-id'), timestamp: header('svix-timestamp'), signature: header('svix-signature') };
      resend.webhooks.verify({ payload: body.toString(), headers, webhookSecret: secret });
      return true;
    },
  },
  {
    library: 'stripe',
    scheme: 'stripe',
    accepts: ({ secret, body, header }) => {
      stripe.webhooks.constructEvent(body, header('stripe-signature'), secret);
      return true;
    },
    signs: (payload, secret, timestamp) => [['Stripe-Signature', stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })]],
  },
  {
    library: '@slack/bolt',
    scheme: 'slack',
    accepts: ({ secret, body, header }) => acceptsAsSlack(body.toString(), secret, header),
  },
  {
    library: '@paddle/paddle-node-sdk',
    scheme: 'paddle',
    accepts: ({ secret, body, header }) => paddle.webhooks.isSignatureValid(body.toString(), secret, header('paddle-signature')),
  },
  {
    library: '@octokit/webhooks-methods',
    scheme: 'github-sha256',
    accepts: ({ secret, body, header }) => verifyAsGithub(secret, body.toString(), header('x-hub-signature-256')),
    signs: async (text, secret) => [['X-Hub-Signature-256', await signAsGithub(secret, text)]],
  },
  {
    library: 'razorpay',
    scheme: 'razorpay',
    accepts: ({ secret, body, header }) => Razorpay.validateWebhookSignature(body.toString(), header('x-razorpay-signature'), secret),
  },
  {
    library: '@line/bot-sdk',
    scheme: 'line',
    accepts: ({ secret, body, header }) => validateSignature(body, secret, header('x-line-signature')),
  },
  hub('meta', 'sha256', 'x-hub-signature-256'),
  hub('websub', 'sha256', 'x-hub-signature'),
  hub('bitbucket', 'sha256', 'x-hub-signature'),
  hub('intercom', 'sha1', 'x-hub-signature'),
];

const nowSeconds = 1_763_600_000;
const secretOf = (scheme: SchemeId, byte = 0x5a) => schemeOf(scheme).makeSecret(new Uint8Array(32).fill(byte), signing.parse({ scheme }));

function signed(scheme: SchemeId, body: Uint8Array, secrets: readonly string[]): readonly HeaderField[] {
  const input = { options: signing.parse({ scheme }), secrets, id: 'msg_1', nowMs: nowSeconds * 1000, method: 'POST', url: '', body };
  return schemeOf(scheme).sign(input).headers;
}

/** What the engine says and what the library does, at a receiver's clock. */
async function judgeBoth({ scheme, accepts }: Oracle, headers: readonly HeaderField[], body: Buffer, atSeconds = nowSeconds) {
  vi.setSystemTime(atSeconds * 1000);
  const secret = secretOf(scheme);
  const header = (name: string) => headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? '';
  const verdict = schemeOf(scheme).verify({
    options: signing.parse({ scheme }),
    secrets: [secret],
    nowMs: atSeconds * 1000,
    method: 'POST',
    url: null,
    headers,
    body,
  });
  let isAccepted: boolean;
  try {
    isAccepted = (await accepts({ secret, body, header })) === true;
  } catch {
    isAccepted = false;
  }
  // A note says that the library would judge otherwise; without one it judges the same.
  const isForeseen = isAccepted === ((verdict.verdict === 'valid') === (verdict.libraryNote === null));
  return { verdict, isAccepted, isForeseen };
}

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 80 }).map((text) => Buffer.from(text, 'utf8')),
  fc.json().map((text) => Buffer.from(text, 'utf8')),
  fc.json().map((text) => Buffer.from(`\ufeff${text}`, 'utf8')),
  fc.constant(Buffer.alloc(0)),
);

/** A request as it was signed, and with slips that some libraries let pass and others do not. */
const slips: Readonly<Record<string, (value: string) => string>> = {
  none: (value) => value,
  'upper-case hex': (value) => value.replace(/[0-9a-f]{40,}/g, (hex) => hex.toUpperCase()),
  'base64 without padding': (value) => value.replace(/=+$/, ''),
  base64url: (value) => value.replace(/[A-Za-z0-9+/]{43}=$/, (text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  'a character less': (value) => value.slice(0, -2),
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(oracles)('$library for $scheme', (oracle) => {
  const { scheme } = oracle;
  const signatureHeader = schemeOf(scheme).info.headers.at(-1);
  const toleranceSeconds = schemeOf(scheme).info.toleranceSeconds ?? 300;
  const isThirdParty = oracle.library === 'x-hub-signature';

  it('accepts what we sign, over any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        const body = Buffer.from(text);
        const { verdict, isAccepted } = await judgeBoth(oracle, signed(scheme, body, [secretOf(scheme)]), body);
        expect([verdict.verdict, verdict.libraryNote, isAccepted]).toEqual(['valid', null, true]);
      }),
      { numRuns: 50 },
    );
  });

  it('does what our note on it foresees, over any bytes, at any time, with slips in the header', async () => {
    const known = isThirdParty ? (['none', 'a character less'] as const) : Object.keys(slips);
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom(...known),
        fc.constantFrom(0, toleranceSeconds, toleranceSeconds + 1, -toleranceSeconds, -toleranceSeconds - 1, 86_400, -86_400),
        async (body, slip, offsetSeconds) => {
          const headers = signed(scheme, body, [secretOf(scheme)]).map(([name, value]): HeaderField => [
            name,
            name === signatureHeader ? (slips[slip] ?? String)(value) : value,
          ]);
          const { verdict, isForeseen } = await judgeBoth(oracle, headers, body, nowSeconds + offsetSeconds);
          expect(isForeseen, `${verdict.message} ${verdict.libraryNote ?? 'No note.'}`).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses with us a body that was changed and a signature of another secret', async () => {
    const body = Buffer.from('{"a":1}');
    const changed = await judgeBoth(oracle, signed(scheme, body, [secretOf(scheme)]), Buffer.from('{"a":2}'));
    const other = await judgeBoth(oracle, signed(scheme, body, [secretOf(scheme, 0x11)]), body);
    for (const { verdict, isAccepted } of [changed, other])
      expect([verdict.reason, verdict.libraryNote, isAccepted]).toEqual(['signature_mismatch', null, false]);
  });
});

const timed = oracles.filter(({ scheme }) => schemeOf(scheme).info.toleranceSeconds !== null);
describe.each(timed)('$library for $scheme, with a time outside of the limit,', (oracle) => {
  const limit = schemeOf(oracle.scheme).info.toleranceSeconds ?? 0;
  const body = Buffer.from('{"a":1}');
  const isOneSided = ['stripe', 'slack', 'paddle'].includes(oracle.scheme);

  it('refuses with us one that is stale', async () => {
    const { verdict, isAccepted } = await judgeBoth(
      oracle,
      signed(oracle.scheme, body, [secretOf(oracle.scheme)]),
      body,
      nowSeconds + limit + 1,
    );
    expect([verdict.reason, verdict.libraryNote, isAccepted]).toEqual(['timestamp_stale', null, false]);
  });

  it(`${isOneSided ? 'accepts, unlike us,' : 'refuses with us'} one in the future`, async () => {
    const { verdict, isAccepted } = await judgeBoth(
      oracle,
      signed(oracle.scheme, body, [secretOf(oracle.scheme)]),
      body,
      nowSeconds - limit - 1,
    );
    expect([verdict.reason, isAccepted]).toEqual(['timestamp_future', isOneSided]);
    expect(verdict.libraryNote === null).toBe(!isOneSided);
  });
});

describe.each(oracles.filter(({ signs }) => signs !== undefined))('what $library signs for $scheme', (oracle) => {
  it('is what we accept, and what we would have signed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), async (text) => {
        const secret = secretOf(oracle.scheme);
        const headers = (await oracle.signs?.(text, secret, nowSeconds)) ?? [];
        const { verdict } = await judgeBoth(oracle, headers, Buffer.from(text));
        expect(verdict.verdict).toBe('valid');
        const ours = signed(oracle.scheme, Buffer.from(text), [secret]);
        expect(headers.map(([, value]) => value)).toEqual(ours.map(([, value]) => value));
      }),
      { numRuns: 50 },
    );
  });
});

describe('several signatures in one header', () => {
  const body = Buffer.from('{"a":1}');
  const oracleOf = (scheme: SchemeId) => oracles.find((oracle) => oracle.scheme === scheme) ?? expect.unreachable();

  it.each(['stripe', 'svix', 'paddle'] as const)('are foreseen for %s, wherever the one that matches stands', async (scheme) => {
    const [own, other] = [secretOf(scheme), secretOf(scheme, 0x11)];
    for (const secrets of [
      [own, other],
      [other, own],
      [other, own, other],
    ]) {
      const { verdict, isForeseen } = await judgeBoth(oracleOf(scheme), signed(scheme, body, secrets), body);
      expect([verdict.verdict, isForeseen]).toEqual(['valid', true]);
    }
  });

  it('are valid for Paddle with the right one first, though its library looks at the last', async () => {
    const headers = signed('paddle', body, [secretOf('paddle'), secretOf('paddle', 0x11)]);
    const { verdict, isAccepted } = await judgeBoth(oracleOf('paddle'), headers, body);
    expect([verdict.verdict, isAccepted]).toEqual(['valid', false]);
    expect(verdict.libraryNote).toBe(
      'The library @paddle/paddle-node-sdk would refuse this request: it looks at the last signature only, and another one matches.',
    );
  });
});

describe('a timestamp with a zero before it, signed as it stands', () => {
  const text = `0${nowSeconds}`;
  const body = Buffer.from('{"a":1}');
  const hexOf = (scheme: SchemeId, content: string) => createHmac('sha256', secretOf(scheme)).update(content).digest('hex');
  const svixKey = Buffer.from(secretOf('svix').slice('whsec_'.length), 'base64');
  const cases: readonly (readonly [SchemeId, readonly HeaderField[]])[] = [
    ['stripe', [['Stripe-Signature', `t=${text},v1=${hexOf('stripe', `${text}.{"a":1}`)}`]]],
    ['paddle', [['Paddle-Signature', `ts=${text};h1=${hexOf('paddle', `${text}:{"a":1}`)}`]]],
    [
      'slack',
      [
        ['X-Slack-Request-Timestamp', text],
        ['X-Slack-Signature', `v0=${hexOf('slack', `v0:${text}:{"a":1}`)}`],
      ],
    ],
    [
      'svix',
      [
        ['svix-id', 'm'],
        ['svix-timestamp', text],
        ['svix-signature', `v1,${createHmac('sha256', svixKey).update(`m.${text}.{"a":1}`).digest('base64')}`],
      ],
    ],
  ];

  it.each(cases)('is valid for %s, and the note says that the library takes the zero away', async (scheme, headers) => {
    const oracle = oracles.find((candidate) => candidate.scheme === scheme) ?? expect.unreachable();
    const { verdict, isAccepted } = await judgeBoth(oracle, headers, body);
    expect([verdict.verdict, isAccepted]).toEqual(['valid', false]);
    expect(verdict.libraryNote).toContain('without its leading zeros');
  });
});
