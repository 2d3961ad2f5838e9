import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { custom } from '#engine/signing/custom/custom.ts';
import type { SignInput, VerifyInput } from '#engine/signing/scheme.ts';
import { customOptions, type CustomOptions } from '#shared/contract/signing.ts';
import { verification } from '#shared/contract/verifying.ts';

const hasPython = spawnSync('python3', ['-c', 'import hmac']).status === 0;

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
}

/** Providers whose way of signing can be written down as custom options. */
const described: Readonly<Record<string, CustomOptions>> = {
  'github-sha256': optionsOf({ header: 'X-Hub-Signature-256', prefix: 'sha256=' }),
  bitbucket: optionsOf({ header: 'X-Hub-Signature', prefix: 'sha256=' }),
  line: optionsOf({ header: 'x-line-signature', encoding: 'base64' }),
  slack: optionsOf({
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    signedContent: 'v0:{timestamp}:{body}',
    timestampHeader: 'X-Slack-Request-Timestamp',
  }),
};

const vectors = (JSON.parse(readFileSync(new URL('../../fixtures/vectors-published.json', import.meta.url), 'utf8')) as Vector[]).filter(
  (vector) => vector.scheme in described,
);

function optionsOf(options: Partial<CustomOptions> = {}): CustomOptions {
  return customOptions.parse({ scheme: 'custom', ...options });
}

const nowMs = 1_763_600_000_123;
const body = Uint8Array.from([0x7b, 0xff, 0x00, 0x0a, 0x7d]);

function sign(options: CustomOptions, secret: string, change: Partial<SignInput> = {}) {
  return custom.sign({ options, secrets: [secret], id: 'msg_1', nowMs, method: 'POST', url: 'https://a.test/x?y=1', body, ...change });
}

function verify(options: CustomOptions, secrets: readonly string[], headers: VerifyInput['headers'], change: Partial<VerifyInput> = {}) {
  return verification.parse(
    custom.verify({ options, secrets, nowMs, method: 'POST', url: 'https://a.test/x?y=1', headers, body, ...change }),
  );
}

describe('the published vectors of providers that custom options can describe', () => {
  it('cover all four of them', () => {
    expect(new Set(vectors.map((vector) => vector.scheme))).toEqual(new Set(Object.keys(described)));
  });

  it.each(vectors)('give the published verdict: $id', (vector) => {
    const options = described[vector.scheme] ?? optionsOf();
    const change = { body: Buffer.from(vector.body), nowMs: vector.now * 1000, method: null, url: null };
    expect(verify(options, [vector.secret], Object.entries(vector.headers), change).verdict).toBe(vector.expect);
  });

  it('are signed to the same header', () => {
    const vector = vectors.find((candidate) => candidate.id === 'slack/published');
    const options = described['slack'] ?? optionsOf();
    const { headers } = sign(options, vector?.secret ?? '', { body: Buffer.from(vector?.body ?? ''), nowMs: (vector?.now ?? 0) * 1000 });
    expect(headers).toEqual([
      ['X-Slack-Request-Timestamp', '1531420618'],
      ['X-Slack-Signature', 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'],
    ]);
  });
});

const pythonSigner = `
import base64, hmac, json, sys
for line in sys.stdin:
    case = json.loads(line)
    text = case["secret"]
    key = {"utf8": lambda: text.encode(), "base64": lambda: base64.b64decode(text), "hex": lambda: bytes.fromhex(text)}[case["secretEncoding"]]()
    values = {"id": case["id"].encode(), "timestamp": case["timestamp"].encode(), "body": base64.b64decode(case["body"])}
    signed = b"v0:" + values["id"] + b"/" + values["timestamp"] + b"\\n" + values["body"] + "é".encode()
    mac = hmac.new(key, signed, case["algorithm"]).digest()
    print({"hex": lambda: mac.hex(), "base64": lambda: base64.b64encode(mac).decode(), "base64url": lambda: base64.urlsafe_b64encode(mac).decode()}[case["encoding"]]())
`;

describe.skipIf(!hasPython)("Python's hmac (skipped where there is no python3)", () => {
  it('gives the same signature in every algorithm, encoding, unit and form of the secret, over bytes that are not text', () => {
    const every = (['sha1', 'sha256', 'sha384', 'sha512'] as const).flatMap((algorithm) =>
      (['hex', 'base64', 'base64url'] as const).flatMap((encoding) =>
        (['utf8', 'base64', 'hex'] as const).flatMap((secretEncoding) =>
          (['s', 'ms'] as const).map((timestampUnit) => ({ algorithm, encoding, secretEncoding, timestampUnit })),
        ),
      ),
    );
    const bodies = fc.sample(fc.uint8Array({ maxLength: 500 }), { numRuns: every.length, seed: 20_261_120 });
    const cases = every.map((variant, index) => ({
      variant,
      options: optionsOf({
        ...variant,
        prefix: 'p=',
        signedContent: 'v0:{id}/{timestamp}\n{body}é',
        timestampHeader: 'X-Time',
        idHeader: 'X-Id',
      }),
      secret: { utf8: 'schlüssel 🔑', base64: 'c2VjcmV0IGtleSBieXRlcw==', hex: '00ff10ABcd' }[variant.secretEncoding],
      timestamp: variant.timestampUnit === 's' ? '1763600000' : '1763600000123',
      bytes: bodies[index] ?? body,
    }));
    const input = cases
      .map(({ variant, secret, timestamp, bytes }) =>
        JSON.stringify({ ...variant, secret, timestamp, id: 'msg_1', body: Buffer.from(bytes).toString('base64') }),
      )
      .join('\n');
    const macs = execFileSync('python3', ['-c', pythonSigner], {
      input,
      encoding: 'utf8',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
    });
    const expected = macs.trim().split('\n');
    expect(expected).toHaveLength(72);
    for (const [index, { options, secret, timestamp, bytes }] of cases.entries()) {
      const theirs = `p=${expected[index] ?? ''}`;
      const { headers } = sign(options, secret, { body: bytes });
      // Python pads base64url and Node does not; both are read.
      const ours: VerifyInput['headers'] = [
        ['X-Id', 'msg_1'],
        ['X-Time', timestamp],
        ['X-Signature', options.encoding === 'base64url' ? theirs.replace(/=+$/, '') : theirs],
      ];
      expect(headers).toEqual(ours);
      expect(
        verify(
          options,
          [secret],
          [
            ['x-id', 'msg_1'],
            ['x-time', timestamp],
            ['x-signature', theirs],
          ],
          { body: bytes },
        ).verdict,
      ).toBe('valid');
    }
  });
});

describe('a custom scheme', () => {
  it('signs the body into X-Signature as hex when nothing else is said, and warns that it can be replayed', () => {
    const { headers, signed } = sign(optionsOf(), 'secret');
    expect(headers).toEqual([['X-Signature', expect.stringMatching(/^[0-9a-f]{64}$/)]]);
    expect(signed.parts).toEqual([{ name: 'body', start: 0, end: 5 }]);
    const result = verify(optionsOf(), ['secret'], headers);
    expect(result).toMatchObject({ verdict: 'valid', timestampAgeSeconds: null, message: 'Valid: the signature matches the secret.' });
    expect(result.checks[2]).toMatchObject({ name: 'timestamp', result: 'skipped' });
    expect(result.next.join(' ')).toContain('replayed');
  });

  it('names every run of what is signed, method and URL included', () => {
    const options = optionsOf({ signedContent: '{method}\n{url}\n{body}' });
    const { signed, headers } = sign(options, 'secret');
    const text = Buffer.from(signed.bytes);
    expect(signed.parts.map((part) => [part.name, text.subarray(part.start, part.end).toString('latin1')])).toEqual([
      ['method', 'POST'],
      ['separator', '\n'],
      ['url', 'https://a.test/x?y=1'],
      ['separator', '\n'],
      ['body', Buffer.from(body).toString('latin1')],
    ]);
    expect(verify(options, ['secret'], headers).verdict).toBe('valid');
    expect(verify(options, ['secret'], headers, { url: 'http://a.test/x?y=1' })).toMatchObject({
      verdict: 'invalid',
      reason: 'signature_mismatch',
    });
    const incomplete = verify(options, ['secret'], headers, { url: null });
    expect(incomplete).toMatchObject({ verdict: 'unchecked', reason: 'request_incomplete', signedBase64: null });
    expect(incomplete.message).toContain('Give the URL');
    expect(() => sign(options, 'secret', { url: '' })).toThrow('Give the method and the URL');
  });

  it('accepts hex of either case', () => {
    const { headers } = sign(optionsOf({ prefix: 'sha256=' }), 'secret');
    const upper = (headers[0]?.[1] ?? '').slice(7).toUpperCase();
    expect(verify(optionsOf({ prefix: 'sha256=' }), ['secret'], [['x-signature', `sha256=${upper}`]]).verdict).toBe('valid');
  });

  it('signs with the newest secret only and verifies with any', () => {
    const { headers } = sign(optionsOf(), 'new', { secrets: ['new', 'old'] });
    expect(headers).toEqual(sign(optionsOf(), 'new').headers);
    expect(verify(optionsOf(), ['other', 'new'], headers)).toMatchObject({ verdict: 'valid', matchedSecret: 1 });
  });

  it.each([
    [{ prefix: 'sha256=' }, 'sha1=abc', 'does not begin with sha256='],
    [{}, 'xyz', 'other than 0-9 and a-f'],
    [{}, 'abc', 'odd number of hex digits'],
    [{}, 'ab'.repeat(20), '20 bytes long, but sha256 gives 32; sha1 would fit'],
    [{ prefix: 'sha256=' }, 'sha256=', 'it is empty'],
    [{ encoding: 'base64' as const }, '_-_-', 'not standard base64'],
    [{ encoding: 'base64url' as const }, '+/+/', 'not base64url'],
  ])('with %j says what is malformed about %s', (options, text, why) => {
    const result = verify(optionsOf(options), ['secret'], [['X-Signature', text]]);
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_malformed', receivedSignatures: [text] });
    expect(result.message).toContain(why);
  });

  it('tells unsigned, missing, stale, future and a wrong secret apart', () => {
    const options = optionsOf({
      signedContent: '{timestamp}.{body}',
      timestampHeader: 'X-Time',
      timestampUnit: 'ms',
      toleranceSeconds: 30,
    });
    const { headers } = sign(options, 'secret');
    expect(verify(options, ['secret'], headers)).toMatchObject({ verdict: 'valid', timestampAgeSeconds: 0 });
    expect(verify(options, ['secret'], []).verdict).toBe('unsigned');
    expect(verify(options, ['secret'], headers.slice(0, 1))).toMatchObject({ verdict: 'invalid', reason: 'header_missing' });
    expect(verify(options, ['secret'], headers, { nowMs: nowMs + 30_000 }).verdict).toBe('valid');
    const stale = verify(options, ['secret'], headers, { nowMs: nowMs + 30_500 });
    expect(stale).toMatchObject({ reason: 'timestamp_stale', timestampAgeSeconds: 30.5 });
    expect(stale.message).toContain('just over 30 seconds old, more than the 30 seconds allowed');
    expect(verify(options, ['secret'], headers, { nowMs: nowMs - 31_000 }).reason).toBe('timestamp_future');
    expect(verify(options, ['Secret'], headers).reason).toBe('signature_mismatch');
  });

  it('hints at seconds where milliseconds are counted', () => {
    const options = optionsOf({ timestampHeader: 'X-Time', timestampUnit: 'ms' });
    const { headers } = sign(options, 'secret');
    const result = verify(
      options,
      ['secret'],
      headers.map(([name, value]) => [name, name === 'X-Time' ? '1763600000' : value]),
    );
    expect(result.reason).toBe('timestamp_malformed');
    expect(result.message).toContain('looks like seconds');
    const fresh = verify(options, ['secret'], headers);
    expect(fresh.next.join(' ')).toContain('Do not rely on X-Time');
  });

  it('refuses a secret that is not what secretEncoding says, and makes fitting ones', () => {
    expect(custom.checkSecret('zz', optionsOf({ secretEncoding: 'hex' }))).toContain('not hex');
    expect(custom.checkSecret('a b', optionsOf({ secretEncoding: 'base64' }))).toContain('not base64');
    expect(custom.checkSecret('anything at all', optionsOf())).toBeNull();
    for (const secretEncoding of ['utf8', 'base64', 'hex'] as const) {
      const options = optionsOf({ secretEncoding });
      const made = custom.makeSecret(
        Uint8Array.from({ length: 32 }, (_, index) => index),
        options,
      );
      expect(custom.checkSecret(made, options)).toBeNull();
      expect(verify(options, [made], sign(options, made).headers).verdict).toBe('valid');
    }
  });
});
