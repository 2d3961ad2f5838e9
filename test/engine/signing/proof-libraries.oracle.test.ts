import { createHash, createHmac, createPublicKey, verify as verifyBytes } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { verifyKey } from 'discord-interactions';
import fc from 'fast-check';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import { importJWK, importPKCS8, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { proofCases, readyCase, sentAtMs, type ReadyCase, type SentRequest } from '../../support/proof-cases.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: sentAtMs, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const texts = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.json(), fc.constantFrom('', '{"a":"\\u00e9\\/"}\r\n'))
  .map((text) => Buffer.from(text, 'utf8'));
const bytes = fc.oneof(fc.uint8Array({ maxLength: 500 }), texts);
const sentAtSeconds = sentAtMs / 1000;
const url = 'https://example.com/hooks?b=2&a=1';

function caseOf(name: string) {
  const one = proofCases.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`There is no case ${name}.`);
  return { ...one, ready: readyCase(one) };
}

function headerOf({ headers }: Pick<SentRequest, 'headers'>, name: string): string {
  return headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

function publicKeyOf({ scheme, secret, options }: ReadyCase): string {
  return scheme.publicKeyOf?.(secret, options) ?? '';
}

describe('the official discord-interactions', () => {
  const { ready } = caseOf('discord');

  it('accepts what we sign, over random bytes, and refuses it with a byte more', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const sent = ready.sign(body);
        const args = [headerOf(sent, 'X-Signature-Ed25519'), headerOf(sent, 'X-Signature-Timestamp'), publicKeyOf(ready)] as const;
        expect(await verifyKey(Buffer.from(body), ...args)).toBe(true);
        expect(await verifyKey(Buffer.concat([body, Buffer.of(10)]), ...args)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses with us another key and one changed byte, and with us checks no time', async () => {
    const body = Buffer.from('{"a":1}');
    const judge = async (sent: SentRequest, key = publicKeyOf(ready)) => [
      await verifyKey(Buffer.from(sent.body), headerOf(sent, 'X-Signature-Ed25519'), headerOf(sent, 'X-Signature-Timestamp'), key),
      ready.verify(sent, { secrets: [key] }).reason,
    ];
    const sent = ready.sign(body);
    expect(await judge(sent, publicKeyOf(readyCase(caseOf('discord'), 8)))).toEqual([false, 'signature_mismatch']);
    expect(await judge({ ...sent, body: Buffer.from('{"a":2}') })).toEqual([false, 'signature_mismatch']);
    for (const days of [-365, 365]) expect(await judge(ready.sign(body, { nowMs: sentAtMs + days * 86_400_000 }))).toEqual([true, 'ok']);
  });
});

describe('the official @sendgrid/eventwebhook (it verifies only, and turns bodies into text)', () => {
  const { ready } = caseOf('sendgrid');
  const library = new EventWebhook();

  it('accepts what we sign, and refuses it with a byte more', () => {
    const key = library.convertPublicKeyToECDSA(publicKeyOf(ready));
    fc.assert(
      fc.property(texts, (body) => {
        const sent = ready.sign(body);
        const signature = headerOf(sent, 'X-Twilio-Email-Event-Webhook-Signature');
        const timestamp = headerOf(sent, 'X-Twilio-Email-Event-Webhook-Timestamp');
        expect(library.verifySignature(key, body.toString('utf8'), signature, timestamp)).toBe(true);
        expect(library.verifySignature(key, `${body.toString('utf8')} `, signature, timestamp)).toBe(false);
      }),
      // Its elliptic curve is written in JavaScript and takes its time.
      { numRuns: 8 },
    );
  });

  it('refuses with us another key and one changed byte, and with us checks no time', () => {
    const body = Buffer.from('{"a":1}\r\n');
    const judge = (sent: SentRequest, key = publicKeyOf(ready)) => {
      const [signature = '', timestamp = ''] = ['Signature', 'Timestamp'].map((name) =>
        headerOf(sent, `X-Twilio-Email-Event-Webhook-${name}`),
      );
      const isAccepted = library.verifySignature(
        library.convertPublicKeyToECDSA(key),
        Buffer.from(sent.body).toString(),
        signature,
        timestamp,
      );
      return [isAccepted, ready.verify(sent, { secrets: [key] }).reason];
    };
    const sent = ready.sign(body);
    expect(judge(sent, publicKeyOf(readyCase(caseOf('sendgrid'), 8)))).toEqual([false, 'signature_mismatch']);
    expect(judge({ ...sent, body: Buffer.from('{"a":2}\r\n') })).toEqual([false, 'signature_mismatch']);
    for (const days of [-365, 365]) expect(judge(ready.sign(body, { nowMs: sentAtMs + days * 86_400_000 }))).toEqual([true, 'ok']);
  });

  it('refuses bytes that are no text, as our note says', () => {
    const body = Buffer.of(0x7b, 0xff, 0x7d);
    const sent = ready.sign(body);
    const [signature, timestamp] = ['Signature', 'Timestamp'].map((name) => headerOf(sent, `X-Twilio-Email-Event-Webhook-${name}`));
    const key = library.convertPublicKeyToECDSA(publicKeyOf(ready));
    expect(library.verifySignature(key, body, signature ?? '', timestamp ?? '')).toBe(false);
    expect(ready.verify(sent)).toMatchObject({ verdict: 'valid', libraryNote: expect.stringContaining('would refuse') as string });
  });
});

describe('jose, for the tokens of Plaid (it checks no hash of the body)', () => {
  const { ready } = caseOf('plaid');
  const hashOf = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');

  it('accepts what we sign, and finds the hash of the body in it', async () => {
    const key = await importJWK(JSON.parse(publicKeyOf(ready)) as Parameters<typeof importJWK>[0], 'ES256');
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const token = headerOf(ready.sign(body), 'Plaid-Verification');
        const { payload, protectedHeader } = await jwtVerify(token, key, { algorithms: ['ES256'], maxTokenAge: 300 });
        expect(payload).toEqual({ iat: sentAtSeconds, request_body_sha256: hashOf(body) });
        expect(protectedHeader.kid).toBe((JSON.parse(publicKeyOf(ready)) as { kid: string }).kid);
      }),
      { numRuns: 20 },
    );
  });

  it('signs what we accept, by a JWK and by PEM', async () => {
    const key = await importPKCS8(ready.secret, 'ES256');
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const claims = { request_body_sha256: hashOf(body) };
        const token = await new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'k1' })
          .setIssuedAt(sentAtSeconds)
          .sign(key);
        const request = {
          method: 'POST',
          url,
          headers: [['Plaid-Verification', token]] as HeaderField[],
          body,
          signed: { bytes: body, parts: [] },
        };
        expect(ready.verify(request, { secrets: [publicKeyOf(ready)] })).toMatchObject({ verdict: 'valid' });
        expect(ready.verify({ ...request, body: Buffer.concat([body, Buffer.of(10)]) })).toMatchObject({ reason: 'digest_mismatch' });
      }),
      { numRuns: 20 },
    );
  });
});

describe.each([
  ['rfc9421 with a shared key', 'hmac-sha256'],
  ['rfc9421 with Ed25519', 'ed25519'],
  ['rfc9421 with ECDSA', 'ecdsa-p256-sha256'],
] as const)('http-message-signatures (third party, it computes no Content-Digest): %s', (name, algorithm) => {
  const one = caseOf(name);
  const components = ['@method', '@target-uri', '@authority', '@path', '@query', '@scheme', '@query-param;name="a"', 'content-digest'];
  const ready = readyCase({ ...one, options: { ...one.options, components } });
  const isShared = algorithm === 'hmac-sha256';
  const secretKey = isShared ? Buffer.from(ready.secret, 'base64') : ready.secret;
  const checkingKey = isShared ? Buffer.from(ready.secret, 'base64') : publicKeyOf(ready);

  it('accepts what we sign', async () => {
    const verify = createVerifier(checkingKey, algorithm);
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const sent = ready.sign(body);
        const message = { method: 'POST', url, headers: Object.fromEntries(sent.headers) };
        const keyLookup = () => Promise.resolve({ id: 'k', algs: [algorithm], verify });
        expect(await httpbis.verifyMessage({ keyLookup, maxAge: 300 }, message)).toBe(true);
        const elsewhere = { ...message, url: `${url}&c=3` };
        await expect(
          httpbis.verifyMessage({ keyLookup }, elsewhere).then(
            (ok) => ok === true,
            () => false,
          ),
        ).resolves.toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  it('signs what we accept', async () => {
    const key = createSigner(secretKey, algorithm, 'k');
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
        const message = { method: 'POST', url, headers: { 'Content-Digest': digest, 'Content-Type': 'text/plain; charset=utf-8' } };
        const fields = ['@query-param;name="b"', 'content-type', '@request-target', 'content-digest', '@method'];
        const paramValues = { created: new Date(sentAtMs), expires: new Date(sentAtMs + 60_000), nonce: 'n"1' };
        const signed = await httpbis.signMessage(
          { key, name: 'lib', fields, params: ['nonce', 'created', 'expires', 'alg', 'keyid'], paramValues },
          message,
        );
        const headers = Object.entries(signed.headers).flatMap(([header, value]) =>
          [value].flat().map((text): HeaderField => [header, text]),
        );
        const request = { method: 'POST', url, headers, body, signed: { bytes: body, parts: [] } };
        const verdict = ready.verify(request);
        expect(verdict, verdict.message).toMatchObject({ verdict: 'valid' });
        expect(ready.verify(request, { nowMs: sentAtMs + 61_000 })).toMatchObject({ reason: 'expired' });
        expect(ready.verify({ ...request, body: Buffer.concat([body, Buffer.of(10)]) })).toMatchObject({ reason: 'digest_mismatch' });
      }),
      { numRuns: 15 },
    );
  });
});

/** What a request is signed as by a recipe written out by hand from the provider's page and library. */
interface Recipe {
  readonly name: string;
  /** Library whose recipe this is. It is too big for a dev dependency: test/vendors runs it where it could be installed. */
  readonly standsFor: string;
  readonly sign: (request: { readonly secret: string; readonly body: Uint8Array }) => {
    readonly headers: readonly HeaderField[];
    readonly body?: Uint8Array;
    readonly url?: string;
  };
}

const hmac = (hash: string, key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac(hash, key)).digest();
const sha256 = (...parts: readonly (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const adyenNames =
  'pspReference originalReference merchantAccountCode merchantReference amount.value amount.currency eventCode success'.split(' ');

function adyenText(item: Readonly<Record<string, unknown>>): string {
  const flat: Record<string, unknown> = { ...item };
  for (const [name, value] of Object.entries((item['amount'] ?? {}) as Record<string, unknown>)) flat[`amount.${name}`] = value;
  return adyenNames.map((name) => flat[name]).join(':');
}

interface AdyenBody {
  readonly notificationItems: {
    readonly NotificationRequestItem: Record<string, unknown> & { additionalData?: Record<string, unknown> };
  }[];
}

const recipes: readonly Recipe[] = [
  {
    name: 'hubspot-v1',
    standsFor: '@hubspot/api-client',
    sign: ({ secret, body }) => ({ headers: [['X-HubSpot-Signature', sha256(secret, body)]] }),
  },
  {
    name: 'hubspot-v2',
    standsFor: '@hubspot/api-client',
    sign: ({ secret, body }) => ({ headers: [['X-HubSpot-Signature', sha256(secret, 'POST', url, body)]] }),
  },
  {
    name: 'hubspot-v3',
    standsFor: '@hubspot/api-client',
    sign: ({ secret, body }) => ({
      headers: [
        ['X-HubSpot-Request-Timestamp', String(sentAtMs)],
        ['X-HubSpot-Signature-v3', hmac('sha256', secret, 'POST', url, body, String(sentAtMs)).toString('base64')],
      ],
    }),
  },
  {
    name: 'square',
    standsFor: 'square',
    sign: ({ secret, body }) => ({ headers: [['x-square-hmacsha256-signature', hmac('sha256', secret, url, body).toString('base64')]] }),
  },
  {
    name: 'linear',
    standsFor: '@linear/sdk',
    sign: ({ secret, body }) => {
      const value = { ...(JSON.parse(Buffer.from(body).toString('utf8')) as object), webhookTimestamp: sentAtMs };
      const timed = Buffer.from(JSON.stringify(value), 'utf8');
      return { headers: [['linear-signature', hmac('sha256', secret, timed).toString('hex')]], body: timed };
    },
  },
  {
    name: 'box',
    standsFor: 'box-node-sdk',
    sign: ({ secret, body }) => {
      const timestamp = '2025-11-20T01:53:20+01:00';
      return {
        headers: [
          ['box-delivery-timestamp', timestamp],
          ['box-signature-version', '1'],
          ['box-signature-algorithm', 'HmacSHA256'],
          ['box-signature-primary', hmac('sha256', secret, body, timestamp).toString('base64')],
        ],
      };
    },
  },
  {
    name: 'contentful',
    standsFor: '@contentful/node-apps-toolkit',
    sign: ({ secret, body }) => {
      const names = 'content-type,x-contentful-signed-headers,x-contentful-timestamp';
      const lines = `content-type:application/json;x-contentful-signed-headers:${names};x-contentful-timestamp:${sentAtMs}`;
      return {
        headers: [
          ['Content-Type', ' application/json '],
          ['X-Contentful-Signed-Headers', names],
          ['X-Contentful-Timestamp', String(sentAtMs)],
          ['X-Contentful-Signature', hmac('sha256', secret, `POST\n/hooks?b%253D2%2526a%253D1\n${lines}\n`, body).toString('hex')],
        ],
      };
    },
  },
  {
    name: 'coinbase-cdp',
    standsFor: 'no library',
    sign: ({ secret, body }) => {
      const mac = hmac('sha256', secret, `${sentAtSeconds}.content-type x-event-id.application/json.e1.`, body).toString('hex');
      return {
        headers: [
          ['Content-Type', 'application/json'],
          ['X-Event-Id', 'e1'],
          ['X-Hook0-Signature', `t=${sentAtSeconds},v0=00,h=content-type x-event-id,v1=${mac}`],
        ],
      };
    },
  },
  {
    name: 'twilio-form',
    standsFor: 'twilio',
    sign: ({ secret, body }) => {
      const fields = new URLSearchParams(Buffer.from(body).toString('utf8'));
      const names = [...new Set(fields.keys())].toSorted();
      const text = names
        .map((name) =>
          [...new Set(fields.getAll(name))]
            .toSorted()
            .map((value) => name + value)
            .join(''),
        )
        .join('');
      return { headers: [['X-Twilio-Signature', hmac('sha1', secret, url, text).toString('base64')]] };
    },
  },
  {
    name: 'twilio-json',
    standsFor: 'twilio',
    sign: ({ secret, body }) => {
      const signedUrl = `${url}&bodySHA256=${sha256(body)}`;
      return { headers: [['X-Twilio-Signature', hmac('sha1', secret, signedUrl).toString('base64')]], url: signedUrl };
    },
  },
  {
    name: 'adyen-header',
    standsFor: '@adyen/api-library',
    sign: ({ secret, body }) => ({ headers: [['HmacSignature', hmac('sha256', Buffer.from(secret, 'hex'), body).toString('base64')]] }),
  },
  {
    name: 'adyen-payments',
    standsFor: '@adyen/api-library',
    sign: ({ secret, body }) => {
      const value = JSON.parse(Buffer.from(body).toString('utf8')) as AdyenBody;
      for (const { NotificationRequestItem: item } of value.notificationItems) {
        item.additionalData = {
          ...item.additionalData,
          hmacSignature: hmac('sha256', Buffer.from(secret, 'hex'), adyenText(item)).toString('base64'),
        };
      }
      return { headers: [], body: Buffer.from(JSON.stringify(value, null, 1), 'utf8') };
    },
  },
  {
    name: 'mailgun',
    standsFor: 'no library',
    sign: ({ secret, body }) => {
      const value = {
        ...(JSON.parse(Buffer.from(body).toString('utf8')) as object),
        signature: {
          timestamp: sentAtSeconds,
          token: 'tok',
          signature: hmac('sha256', secret, String(sentAtSeconds), 'tok').toString('hex'),
        },
      };
      return { headers: [], body: Buffer.from(JSON.stringify(value), 'utf8') };
    },
  },
];

describe.each(recipes)('$name by its recipe written out by hand (in place of $standsFor)', ({ name, sign }) => {
  const { ready, body: bodies } = caseOf(name);

  it('is accepted over random bodies', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const theirs = sign({ secret: ready.secret, body });
        const request = { method: 'POST', url, body, signed: { bytes: body, parts: [] }, ...theirs };
        const verdict = ready.verify(request);
        expect(verdict, verdict.message).toMatchObject({ verdict: 'valid', reason: 'ok' });
      }),
      { numRuns: 40 },
    );
  });
});

describe('PayPal by its recipe written out by hand (no library of PayPal verifies offline)', () => {
  const { ready } = caseOf('paypal');

  it('finds our signature over id, time, webhook id and the CRC32 of the body, by the certificate that we make', () => {
    const certificate = createPublicKey(publicKeyOf(ready));
    // CRC32 bit by bit, in place of the one of zlib that signing uses.
    const crc32 = (body: Uint8Array) => {
      let crc = 0xffffffff;
      for (const byte of body) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
      }
      return (crc ^ 0xffffffff) >>> 0;
    };
    fc.assert(
      fc.property(bytes, (body) => {
        const sent = ready.sign(body);
        const text = [headerOf(sent, 'PAYPAL-TRANSMISSION-ID'), headerOf(sent, 'PAYPAL-TRANSMISSION-TIME'), 'WH-1', crc32(body)].join('|');
        const signature = Buffer.from(headerOf(sent, 'PAYPAL-TRANSMISSION-SIG'), 'base64');
        expect(verifyBytes('RSA-SHA256', Buffer.from(text), certificate, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
