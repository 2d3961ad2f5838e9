import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { schemeOf } from '#engine/signing/registry.ts';

const standardWebhooks = schemeOf('standard-webhooks');
const options = { scheme: 'standard-webhooks' } as const;
const nowMs = 1_763_600_000_000;
const hasPython = spawnSync('python3', ['-c', 'import hmac']).status === 0;

const messageIds = fc.stringMatching(/^[A-Za-z0-9_\-:]{1,40}$/);
const keys = fc.uint8Array({ minLength: 24, maxLength: 64 });
const secretOf = (key: Uint8Array, hasPrefix: boolean) => `${hasPrefix ? 'whsec_' : ''}${Buffer.from(key).toString('base64')}`;

function sign(secrets: readonly string[], id: string, body: Uint8Array) {
  return standardWebhooks.sign({ options, secrets, id, nowMs, method: 'POST', url: 'http://localhost/', body });
}

describe('the official standardwebhooks package (its limit: it turns bodies into UTF-8 text, so only text is compared)', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.json(),
    fc.constantFrom('', '\ufeff{}', '{"a":"\\u00e9\\/"}\r\n', 'é\u0000😀'),
  );

  it('accepts what we sign, with one secret or several', () => {
    fc.assert(
      fc.property(
        fc.array(keys, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        messageIds,
        texts,
        fc.nat(),
        (allKeys, hasPrefix, id, text, pick) => {
          const secrets = allKeys.map((key) => secretOf(key, hasPrefix));
          const headers = Object.fromEntries(sign(secrets, id, Buffer.from(text)).headers);
          const oracle = new Webhook(secrets[pick % secrets.length] ?? '');
          expect(() => oracle.verify(text, headers, { jsonParse: false })).not.toThrow();
          expect(() => oracle.verify(`${text} `, headers, { jsonParse: false })).toThrow('No matching signature');
        },
      ),
    );
  });

  it('signs what we accept, and gives the same signature', () => {
    fc.assert(
      fc.property(keys, messageIds, texts, (key, id, text) => {
        const secret = secretOf(key, true);
        const signature = new Webhook(secret).sign(id, new Date(nowMs), text);
        const headers: [string, string][] = [
          ['webhook-id', id],
          ['webhook-timestamp', String(nowMs / 1000)],
          ['webhook-signature', signature],
        ];
        const result = standardWebhooks.verify({
          options,
          secrets: [secret],
          nowMs,
          method: null,
          url: null,
          headers,
          body: Buffer.from(text),
        });
        expect(result).toMatchObject({ verdict: 'valid', expectedSignatures: [signature] });
      }),
    );
  });

  it('agrees on every age around the tolerance', () => {
    const secret = secretOf(Buffer.alloc(32, 1), true);
    const oracle = new Webhook(secret);
    const verdicts = [-302, -301, -300, -299, 0, 299, 300, 301, 302].map((ageSeconds) => {
      const seconds = nowMs / 1000 - ageSeconds;
      const headers: [string, string][] = [
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', String(seconds)],
        ['webhook-signature', oracle.sign('msg_1', new Date(seconds * 1000), '{}')],
      ];
      const ours = standardWebhooks.verify({
        options,
        secrets: [secret],
        nowMs,
        method: null,
        url: null,
        headers,
        body: Buffer.from('{}'),
      }).verdict;
      let theirs = 'valid';
      try {
        oracle.verify('{}', Object.fromEntries(headers));
      } catch {
        theirs = 'invalid';
      }
      expect(ours).toBe(theirs);
      return ours;
    });
    expect(verdicts).toEqual(['invalid', 'invalid', 'valid', 'valid', 'valid', 'valid', 'valid', 'invalid', 'invalid']);
  });
});

const pythonSigner = `
import base64, hashlib, hmac, json, sys
for line in sys.stdin:
    case = json.loads(line)
    key = base64.b64decode(case["key"])
    signed = case["id"].encode() + b"." + case["timestamp"].encode() + b"." + base64.b64decode(case["body"])
    print("v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode())
`;

describe.skipIf(!hasPython)("Python's hmac, for bodies that are not UTF-8 (skipped where there is no python3)", () => {
  it('gives the same signatures over random bytes, and we accept them', () => {
    const cases = fc.sample(fc.record({ key: keys, id: messageIds, body: fc.uint8Array({ maxLength: 2000 }) }), {
      numRuns: 200,
      seed: 20_261_120,
    });
    const notText = { key: Buffer.alloc(32, 9), id: 'msg_bytes', body: Uint8Array.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0d, 0x0a]) };
    const large = { key: Buffer.alloc(24, 3), id: 'msg_large', body: Buffer.alloc(1_048_576, 0xe9) };
    const all = [...cases, notText, large];
    const timestamp = String(nowMs / 1000);
    const input = all
      .map(({ key, id, body }) =>
        JSON.stringify({ key: Buffer.from(key).toString('base64'), id, timestamp, body: Buffer.from(body).toString('base64') }),
      )
      .join('\n');
    const signatures = execFileSync('python3', ['-c', pythonSigner], { input, encoding: 'utf8' }).trim().split('\n');
    expect(signatures).toHaveLength(all.length);
    for (const [index, { key, id, body }] of all.entries()) {
      const secret = secretOf(key, true);
      const { headers } = sign([secret], id, body);
      expect(headers[2]).toEqual(['webhook-signature', signatures[index]]);
      expect(standardWebhooks.verify({ options, secrets: [secret], nowMs, method: null, url: null, headers, body }).verdict).toBe('valid');
    }
  });
});
