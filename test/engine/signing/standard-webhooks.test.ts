import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#engine/base/refusal.ts';
import type { VerifyInput } from '#engine/signing/scheme.ts';
import { fingerprintOf, whsecSizeWarning } from '#engine/signing/secret.ts';
import { schemeOf } from '#engine/signing/registry.ts';
import { verification } from '#shared/contract/verifying.ts';

const standardWebhooks = schemeOf('standard-webhooks');

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
}

const vectors = (JSON.parse(readFileSync(new URL('../../fixtures/vectors-published.json', import.meta.url), 'utf8')) as Vector[]).filter(
  (vector) => vector.scheme === 'standard-webhooks',
);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherSecret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const sentAtSeconds = 1_614_265_330;
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const body = Buffer.from('{"test": 2432232314}');

const published: VerifyInput = {
  options: { scheme: 'standard-webhooks' },
  secrets: [secret],
  nowMs: sentAtSeconds * 1000,
  method: 'POST',
  url: null,
  headers: [
    ['webhook-id', id],
    ['webhook-timestamp', String(sentAtSeconds)],
    ['webhook-signature', signature],
  ],
  body,
};

function verify(change: Partial<VerifyInput>) {
  const input = { ...published, ...change };
  const result = verification.parse(standardWebhooks.verify(input));
  for (const used of input.secrets) expect(JSON.stringify(result)).not.toContain(used.replace('whsec_', ''));
  return result;
}

function withHeader(name: string, value: string | null): VerifyInput['headers'] {
  return published.headers.flatMap((field): VerifyInput['headers'] => {
    if (field[0] !== name) return [field];
    return value === null ? [] : [[name, value]];
  });
}

function signAt(seconds: number, secrets: readonly string[], bytes: Uint8Array = body) {
  return standardWebhooks.sign({
    options: published.options,
    secrets,
    id,
    nowMs: seconds * 1000 + 999,
    method: 'POST',
    url: 'http://localhost/',
    body: bytes,
  });
}

describe('the published vectors of Standard Webhooks', () => {
  it('are all in the fixtures', () => {
    expect(vectors.map((vector) => vector.id)).toEqual([
      'standard-webhooks/published',
      'standard-webhooks/published-unprefixed-secret',
      'standard-webhooks/published-neg-body',
    ]);
  });

  it.each(vectors)('give the published verdict: $id', (vector) => {
    const result = verify({
      secrets: [vector.secret],
      nowMs: vector.now * 1000,
      headers: Object.entries(vector.headers),
      body: Buffer.from(vector.body),
    });
    expect(result.verdict).toBe(vector.expect);
  });

  it('are signed to the same signature, with headers in the specified order', () => {
    expect(signAt(sentAtSeconds, [secret]).headers).toEqual(published.headers);
  });
});

describe('a valid request', () => {
  it('is told with all four checks passed, its age and what the receiver must still do', () => {
    const result = verify({ nowMs: (sentAtSeconds + 3) * 1000 });
    expect(result).toMatchObject({
      verdict: 'valid',
      reason: 'ok',
      message: 'Valid: the signature matches the secret, and the timestamp is 3 seconds old, within the 5 minutes allowed.',
      scheme: 'standard-webhooks',
      timestampAgeSeconds: 3,
      matchedSecret: 0,
      matchedSignature: 0,
      receivedSignatures: [signature],
      expectedSignatures: [signature],
    });
    expect(result.checks.map((check) => [check.name, check.result])).toEqual([
      ['headers', 'passed'],
      ['secret', 'passed'],
      ['timestamp', 'passed'],
      ['signature', 'passed'],
    ]);
    expect(result.next.join(' ')).toContain('webhook-id');
  });

  it('shows the signed bytes and which run of them came from where', () => {
    const { signedBase64, parts } = verify({});
    const bytes = Buffer.from(signedBase64 ?? '', 'base64');
    expect(parts.map((part) => [part.name, bytes.subarray(part.start, part.end).toString()])).toEqual([
      ['id', id],
      ['separator', '.'],
      ['timestamp', '1614265330'],
      ['separator', '.'],
      ['body', body.toString()],
    ]);
  });

  it('may write its header names in any case and have spaces around values', () => {
    const headers = published.headers.map(([name, value]): [string, string] => [name.toUpperCase(), ` ${value}\t`]);
    expect(verify({ headers }).verdict).toBe('valid');
  });

  it('counts the first of repeated headers and says so', () => {
    const result = verify({ headers: [...published.headers, ['Webhook-Id', 'msg_other']] });
    expect(result.verdict).toBe('valid');
    expect(result.checks[0]?.message).toContain('webhook-id occurs more than once');
  });

  it('may be up to 300 seconds old or ahead, both ends included', () => {
    expect(verify({ nowMs: (sentAtSeconds + 300) * 1000 + 999 }).verdict).toBe('valid');
    expect(verify({ nowMs: (sentAtSeconds - 300) * 1000 }).verdict).toBe('valid');
  });

  it('may have an empty body', () => {
    const { headers } = signAt(sentAtSeconds, [secret], new Uint8Array());
    expect(verify({ headers, body: new Uint8Array() }).verdict).toBe('valid');
  });

  it('is signed over the timestamp as received, leading zeros and all', () => {
    const timestamp = `000${sentAtSeconds}`;
    const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${id}.${timestamp}.`)
      .update(body)
      .digest('base64');
    const headers: VerifyInput['headers'] = [
      ['webhook-id', id],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', `v1,${mac}`],
    ];
    expect(verify({ headers }).verdict).toBe('valid');
  });
});

describe('a request that is not whole', () => {
  it('without any of the headers is unsigned, not invalid', () => {
    const result = verify({ headers: [['content-type', 'application/json']] });
    expect(result).toMatchObject({ verdict: 'unsigned', reason: 'header_missing', signedBase64: null, parts: [], receivedSignatures: [] });
    expect(result.message).toContain('webhook-id, webhook-timestamp or webhook-signature');
    expect(result.checks.map((check) => check.result)).toEqual(['failed', 'passed', 'skipped', 'skipped']);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is invalid and names it', (name) => {
    const result = verify({ headers: withHeader(name, null) });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_missing' });
    expect(result.message).toContain(`has no ${name} header`);
    expect(result.checks[0]?.message).toBe(`${name} is missing.`);
  });

  it('with an empty header says that it is empty', () => {
    const result = verify({ headers: withHeader('webhook-id', ' ') });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_missing' });
    expect(result.message).toContain('has an empty webhook-id header');
  });
});

describe('time', () => {
  it('that is too old is stale, with the age in words and what the signature says', () => {
    const result = verify({ nowMs: (sentAtSeconds + 400) * 1000 });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale', timestampAgeSeconds: 400, matchedSecret: 0 });
    expect(result.message).toContain('6 minutes 40 seconds old, more than the 5 minutes allowed. The signature itself matches');
    expect(result.checks.map((check) => check.result)).toEqual(['passed', 'passed', 'failed', 'passed']);
  });

  it('that is ahead is future, with the distance in words', () => {
    const result = verify({ nowMs: (sentAtSeconds - 301) * 1000 });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp_future', timestampAgeSeconds: -301 });
    expect(result.message).toContain('5 minutes 1 second in the future');
  });

  it('that is stale beside a wrong signature gives both in one message', () => {
    const result = verify({ nowMs: (sentAtSeconds + 86_400 * 3) * 1000, body: Buffer.from('{}') });
    expect(result.reason).toBe('signature_mismatch');
    expect(result.message).toContain('Also, the timestamp is 3 days old');
  });

  it.each(['2021-02-25T15:02:10Z', '1614265330.5', '-1614265330', '0x6037', '1'.repeat(400)])(
    'that is no whole number is malformed: %s',
    (text) => {
      const result = verify({ headers: withHeader('webhook-timestamp', text) });
      expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp_malformed', timestampAgeSeconds: null });
      expect(result.message).toContain('whole number of seconds');
    },
  );

  it('in milliseconds by mistake is told as such', () => {
    const result = verify({ headers: withHeader('webhook-timestamp', `${sentAtSeconds}000`) });
    expect(result.reason).toBe('timestamp_malformed');
    expect(result.message).toContain('which looks like milliseconds since 1970, but must be a whole number of seconds');
    expect(result.message).toContain('The signature does not match either.');
  });
});

describe('the signature', () => {
  it.each([
    ['g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', 'a version, a comma'],
    ['v1,not base64!', 'not standard base64'],
    ['v1,', 'it is empty'],
    ['v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE', 'lacks the padding'],
    ['v1,g0hM9SsE', '6 bytes long'],
    ['v1a,hnO3f9T8Ytu9', 'checked with a public key'],
    ['v9,abc v8,def', 'v1 signatures only'],
  ])('%s is malformed and says how', (text, why) => {
    const result = verify({ headers: withHeader('webhook-signature', text) });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_malformed', expectedSignatures: [signature] });
    expect(result.message).toContain(why);
  });

  it('matches anywhere in a list, past other versions and malformed entries, and tells its place', () => {
    const result = verify({ headers: withHeader('webhook-signature', `v1a,AAAA v1,!! ${signature}`) });
    expect(result).toMatchObject({ verdict: 'valid', matchedSignature: 2, receivedSignatures: ['v1a,AAAA', 'v1,!!', signature] });
  });

  it('matches when a proxy joined two header lines with a comma', () => {
    expect(verify({ headers: withHeader('webhook-signature', `${signature}, v1,AAAA`) }).verdict).toBe('valid');
  });

  it('no longer matches when any one byte of the body, id, timestamp or signature is changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (what, at, flip) => {
          const header = Buffer.from(published.headers.find(([name]) => name === what)?.[1] ?? '', 'latin1');
          const original = what === 'body' ? body : header;
          const changed = Buffer.from(original);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ flip;
          // Spaces around a value are no part of it, and a space or comma inside the list only separates.
          fc.pre(what === 'body' || !/^[ \t]|[ \t]$/.test(changed.toString('latin1')));
          const change = what === 'body' ? { body: changed } : { headers: withHeader(what, changed.toString('latin1')) };
          expect(verify(change).verdict).toBe('invalid');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('never makes the verifier throw, whatever the headers hold', () => {
    const value = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('v1,', ',', 'v1,=', '9'.repeat(30)));
    fc.assert(
      fc.property(value, value, value, fc.uint8Array(), (first, second, third, bytes) => {
        const headers: VerifyInput['headers'] = [
          ['webhook-id', first],
          ['webhook-timestamp', second],
          ['webhook-signature', third],
        ];
        expect(verify({ headers, body: bytes }).verdict).not.toBe('valid');
      }),
    );
  });
});

describe('secrets', () => {
  it('that do not match are told apart from a malformed header, with what they would have given', () => {
    const result = verify({ secrets: [otherSecret] });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch', matchedSecret: null, matchedSignature: null });
    expect(result.expectedSignatures).toHaveLength(1);
    expect(result.message).toContain('secret belongs to this endpoint');
  });

  it('sign one signature each while one is being rotated, newest first, and either verifies', () => {
    const { headers } = signAt(sentAtSeconds, [otherSecret, secret]);
    expect(headers[2]?.[1].split(' ')[1]).toBe(signature);
    expect(verify({ headers, secrets: [secret] })).toMatchObject({ verdict: 'valid', matchedSecret: 0, matchedSignature: 1 });
    expect(verify({ headers, secrets: [otherSecret] })).toMatchObject({ verdict: 'valid', matchedSecret: 0, matchedSignature: 0 });
  });

  it('are tried in turn, and the one that matched is told', () => {
    const result = verify({ secrets: ['whsec_!', otherSecret, secret] });
    expect(result).toMatchObject({ verdict: 'valid', matchedSecret: 2 });
    expect(result.message).toContain('matches secret 3 of 3');
    expect(result.checks[1]?.message).toContain('Secret 1 of 3: The secret is not whsec_ with base64');
  });

  it('must be given', () => {
    const result = verify({ secrets: [] });
    expect(result).toMatchObject({ verdict: 'unchecked', reason: 'secret_missing', expectedSignatures: [] });
    expect(result.signedBase64).not.toBeNull();
  });

  it.each([
    ['whsec_MfKQ9r8GKYqr$', 'characters that are not base64'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS-', 'base64url'],
    ['whsec_', 'nothing is left'],
    ['whsec_MfKQ9', 'length'],
    [' whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'space or line break'],
    ['whsk_6Xb/dCcHpPea21PS1N9VY', 'asymmetric'],
  ])('that cannot be a key are refused with a sentence: %s', (wrong, why) => {
    expect(standardWebhooks.checkSecret(wrong, published.options)).toContain(why);
    const result = standardWebhooks.verify({ ...published, secrets: [wrong] });
    expect(result).toMatchObject({ verdict: 'unchecked', reason: 'secret_malformed' });
    expect(result.message).toContain(why);
    expect(() => signAt(sentAtSeconds, [secret, wrong])).toThrow(Refusal);
  });

  it('name their place when signing is refused', () => {
    try {
      signAt(sentAtSeconds, [secret, 'whsec_!']);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'secrets.1' }] } });
    }
  });

  it('outside 24 to 64 bytes work with a warning', () => {
    const short = `whsec_${Buffer.alloc(8, 7).toString('base64')}`;
    expect(standardWebhooks.checkSecret(short, published.options)).toBeNull();
    expect(whsecSizeWarning(short)).toContain('8 bytes');
    expect(whsecSizeWarning(secret)).toBeNull();
    const result = standardWebhooks.verify({ ...published, secrets: [short], headers: signAt(sentAtSeconds, [short]).headers });
    expect(result.verdict).toBe('valid');
    expect(result.checks[1]?.message).toContain('24 to 64');
  });

  it('are made as whsec_ with the base64 of the given bytes', () => {
    const random = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(standardWebhooks.makeSecret(random, published.options)).toBe('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=');
  });

  it('have a fingerprint of the first 8 hex digits of their SHA-256', () => {
    expect(fingerprintOf('abc')).toBe('ba7816bf');
    expect(fingerprintOf(secret)).toBe(createHash('sha256').update(secret).digest('hex').slice(0, 8));
  });
});
