import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { schemeIds, type SchemeId } from '#shared/contract/signing.ts';
import { explainFindings } from '#engine/signing/verification/explain.ts';
import type { Findings } from '#engine/signing/verification/findings.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import { weaknessOf, wrapperOf } from '#engine/signing/secret-wrapper.ts';
import { aroundNow, judgeTime } from '#engine/signing/verification/time-window.ts';
import { verifyRequest } from '#engine/signing/verify.ts';

const nowMs = 1_760_000_000_000;
const body = Buffer.from('{"a":1}');
const whsec = 'whsec_KpdRbDVLaISM29j1SiJqClWyHtE44getbFy7nACqWuo=';

describe('a time', () => {
  it.each([
    ['s', '1760000000', 'fresh', 'less than a second from now'],
    ['s', '1759999000', 'stale', '16 minutes 40 seconds old'],
    ['s', '1760001000', 'future', '16 minutes 40 seconds in the future'],
    ['s', '0', 'stale', 'old'],
    ['s', '1760000000000', 'malformed', 'looks like milliseconds since 1970'],
    ['s', '1760000000000000', 'malformed', 'looks like microseconds since 1970'],
    ['s', '1760000000000000000', 'malformed', 'looks like nanoseconds since 1970'],
    ['s', '1760000000.25', 'malformed', 'looks like seconds since 1970 with a fraction'],
    ['s', '1760000000000.5', 'malformed', 'looks like milliseconds since 1970 with a fraction'],
    ['s', '1.76e9', 'malformed', 'looks like seconds since 1970 with a fraction'],
    ['s', '-1760000000', 'malformed', 'looks like a negative number'],
    ['s', '1,760,000,000', 'malformed', 'looks like a number with marks between its digits'],
    ['s', '"1760000000"', 'malformed', 'looks like a time in quotes'],
    ['s', '2025-10-09T08:53:20Z', 'malformed', 'looks like a date and time in another form'],
    ['s', 'Thu, 09 Oct 2025 08:53:20 GMT', 'malformed', 'looks like a date and time in another form'],
    ['s', 'yesterday', 'malformed', 'is "yesterday", but must be'],
    ['s', '', 'malformed', 'is empty, but must be'],
    ['s', '9'.repeat(25), 'malformed', 'but must be'],
    ['ms', '1760000000000', 'fresh', 'less than a second from now'],
    ['ms', '1760000000', 'malformed', 'looks like seconds since 1970'],
    ['ms', '1760000000000000', 'malformed', 'looks like microseconds since 1970'],
    ['rfc3339', '2025-10-09T08:53:20.123456789Z', 'fresh', 'less than a second'],
    ['rfc3339', '1760000000', 'malformed', 'looks like seconds since 1970'],
    ['rfc3339', '2025-10-09 08:53:20', 'malformed', 'looks like a date and time in another form'],
    ['rfc3339', '2025-13-40T08:53:20Z', 'malformed', 'but must be a date and time such as'],
  ] as const)('in %s that reads %j is %s', (unit, text, kind, words) => {
    const state = judgeTime({ name: 'X-Time', text, unit }, aroundNow(300), nowMs);
    expect(state).toMatchObject({ kind, message: expect.stringContaining(words) as string });
    // Nobody's clock is set by a number in another unit.
    expect(state.message).not.toMatch(/\d,\d{3} years/);
  });

  it('in another unit is said to be that, and let pass, where the scheme sets no limit', () => {
    const state = judgeTime({ name: 'X-Time', text: '1760000000000', unit: 's' }, aroundNow(null), nowMs);
    expect(state).toMatchObject({ kind: 'fresh', message: expect.stringContaining('looks like milliseconds') as string });
  });

  it('that is too long ago is named as the reason, with its age, in every scheme that judges one', () => {
    const told: string[] = [];
    for (const id of schemeIds) {
      const { info, makeSecret, sign } = schemeOf(id);
      if (info.toleranceSeconds === null || info.keyKind !== 'shared') continue;
      const options = parseOptions(id);
      const secret = makeSecret(Buffer.from('0123456789abcdefghijklmnopqrstuv'), options);
      const request = { method: 'POST', url: 'https://a.test/hook', body };
      const signed = sign({ options, secrets: [secret], id: 'msg_1', nowMs, ...request });
      const given = { ...request, ...('url' in signed && signed.url != null ? { url: signed.url } : {}), headers: signed.headers };
      const verdict = verifyRequest({ options, secrets: [secret], nowMs: nowMs + (info.toleranceSeconds + 7_200) * 1000, ...given });
      // Some carry their time in the body, which is the sender's own here.
      if (verdict.timestampAgeSeconds === null) continue;
      expect(verdict, id).toMatchObject({ verdict: 'invalid', reason: 'timestamp_stale', matchedSecret: 0 });
      expect(verdict.message, id).toMatch(/ hours .*old.*The signature itself matches, so it is genuine but late, or a replay\./);
      told.push(id);
    }
    expect(told.length).toBeGreaterThan(8);
  });

  it.each([
    ['s', '1760000000', 1_760_000_000],
    ['ms', '1760000000000', 1_760_000_000],
    ['s', '1760000000', 0],
    ['s', '1760000000', Date.parse('2060-01-01T00:00:00Z')],
    ['rfc3339', '2025-10-09T08:53:20Z', Date.parse('2060-01-01T00:00:00Z')],
    ['s', '1760000000', Number.MAX_SAFE_INTEGER],
  ] as const)('in %s is not called another unit for a clock that is far off: %s by %s', (unit, text, clock) => {
    const { kind, message } = judgeTime({ name: 'X-Time', text, unit }, aroundNow(300), clock);
    expect(kind).toBe(clock < 1_760_000_000_000 ? 'future' : 'stale');
    expect(message).not.toContain('looks like');
    expect(message).toMatch(/; the clock that it is checked against is at (?:\d{4}-\d\d-\d\dT|9007199254740991 ms)/);
  });

  it('in another unit never leads to advice about clocks', () => {
    const options = parseOptions('slack');
    const headers = schemeOf('slack').sign({ options, secrets: [whsec], id: '', nowMs: nowMs * 1000, method: '', url: '', body }).headers;
    const verdict = verifyRequest({ options, secrets: [whsec], nowMs, method: null, url: null, headers, body });
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'timestamp_malformed', matchedSignature: 0, timestampAgeSeconds: null });
    expect(verdict.message).toMatch(/looks like milliseconds since 1970.* The signature itself matches\.$/);
    expect(verdict.message).not.toContain('clock');
  });
});

describe('a secret', () => {
  const [, second] = ['', 'whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE='];
  it.each([
    [`v1,${whsec}`, 'the version of its signatures', [whsec]],
    [`v1,${whsec}|v1,${second}`, '2 secrets joined', [whsec, second]],
    [`${whsec} ${second}`, '2 secrets joined', [whsec, second]],
    [`"${whsec}"`, 'stands in quotes', [whsec]],
    [`'${whsec}'`, 'stands in quotes', [whsec]],
    [`\u201c${whsec}\u201d`, 'stands in quotes', [whsec]],
    [`Bearer ${whsec}`, 'a word for a header', [whsec]],
    [`export WEBHOOK_SECRET=${whsec}`, 'the command of a shell', [whsec]],
    [`export WEBHOOK_SECRET="${whsec}"`, 'the command of a shell before it and stands in quotes', [whsec]],
    [`$env:SECRET = '${whsec}'`, 'the name of a variable', [whsec]],
    [`WEBHOOK_SECRET=${whsec}`, 'the name of a variable', [whsec]],
    [`"secret": "${whsec}",`, 'behind it', [whsec]],
    [`secret: ${whsec}`, 'a name and a colon', [whsec]],
    [`<${whsec}>`, 'angle brackets', [whsec]],
    [`${whsec}\\n`, 'a line break that is written out', [whsec]],
    ['sk_test_4eC39HqLyjWDarjtT1zdp7dc', 'keys of an API', []],
  ] as const)('%s is told by what is around it', (secret, words, inner) => {
    expect(wrapperOf(secret)).toEqual({ message: expect.stringContaining(words) as string, inner });
    for (const one of inner) expect(wrapperOf(secret)?.message).not.toContain(one);
    const verdict = signedWith('standard-webhooks', whsec, [secret]);
    expect(verdict).toMatchObject({ verdict: 'unchecked', reason: 'secret_malformed', message: wrapperOf(secret)?.message });
    expect(verdict.message).not.toContain('base64url');
    // Where every text is a key, it is named beside the mismatch that it causes.
    expect(signedWith('github-sha256', whsec, [secret]).message).toContain(wrapperOf(secret)?.message);
  });

  it.each([
    whsec,
    'abcDEF12345M=',
    "It's a Secret to Everybody",
    'a+b/c==',
    'pdl_ntfset_01hxyz',
    'A_B_C==',
    'v1 of our secret',
    'x: y'.slice(0, 1),
  ])('%s stands by itself', (secret) => {
    expect(wrapperOf(secret)).toBeNull();
  });

  it('that is weak is warned about in every scheme with a shared secret, and one that is made here is not', () => {
    for (const id of schemeIds) {
      const options = parseOptions(id, id === 'paypal' ? { webhookId: 'WH-1' } : {});
      const { info, makeSecret, checkSecret, remarksOn } = schemeOf(id);
      if (info.keyKind === 'pair') continue;
      const weak = [
        'whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
        'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
        '01'.repeat(32),
        'changeme',
        "It's a secret to everybody",
        'correct horse battery staple',
        'whsec_test',
        'Password-123',
        // The same as bytes.
        Buffer.from('its-a-secret-to-everybody').toString('base64'),
        Buffer.from('0123456789abcdef0123456789abcdef').toString('hex'),
      ].filter((secret) => checkSecret(secret, options) === null && weaknessOf(secret, keyOfText(id, secret)) !== null);
      expect(weak.length, id).toBeGreaterThan(0);
      for (const secret of weak) {
        // Where a request is judged, and where an endpoint is saved.
        for (const remark of [secretRemark(id, secret), remarksOn?.(secret, options).join(' ')])
          expect(remark, `${id} ${secret}`).toMatch(
            /can be found by trying|which can be guessed|reads like a placeholder|first that anyone would guess/,
          );
      }
      const strong = makeSecret(
        Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256),
        options,
      );
      expect(secretRemark(id, strong), id).not.toMatch(/by trying|guess/);
      expect(remarksOn?.(strong, options) ?? [], id).toEqual([]);
    }
  });
});

describe('a secret that is', () => {
  it.each([
    'secret',
    'changeme',
    'TEST',
    'whsec_test',
    'password',
    '123456',
    "It's a secret to everybody",
    'keyboard cat',
    'my-super-secret-key',
  ])('%j is common, and said to be guessed first', (secret) =>
    expect(weaknessOf(secret, Buffer.from(secret))).toMatch(/one of the first that anyone would guess/),
  );

  it.each(['a secret of some length', 'secret-of-the-shop-in-zurich', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'testing-the-new-orders-hook'])(
    '%j is not common',
    (secret) => expect(weaknessOf(secret, Buffer.from(secret))).toBeNull(),
  );
});

/** How a text becomes a key, roughly: enough to tell which of the weak texts are weak in a scheme. */
function keyOfText(id: SchemeId, secret: string): Uint8Array {
  if (id.startsWith('adyen')) return Buffer.from(secret, 'hex');
  const isBase64 = /^(?:standard-webhooks|svix|clerk|resend|gitlab-signing|rfc9421)$/.test(id);
  return Buffer.from(secret.replace(/^whsec_/, ''), isBase64 ? 'base64' : 'utf8');
}

function secretRemark(id: SchemeId, secret: string): string {
  const options = parseOptions(id, id === 'paypal' ? { webhookId: 'WH-1' } : {});
  const verdict = verifyRequest({ options, secrets: [secret], nowMs, method: 'POST', url: 'https://a.test/', headers: [], body });
  return verdict.checks.find(({ name }) => name === 'secret')?.message ?? '';
}

function signedWith(id: SchemeId, key: string, secrets: readonly string[]) {
  const options = parseOptions(id);
  const input = { options, nowMs, method: 'POST', url: 'https://a.test/', body };
  const { headers } = schemeOf(id).sign({ ...input, secrets: [key], id: 'msg_1' });
  return verifyRequest({ ...input, secrets, headers });
}

describe('a URL whose protocol a proxy changed', () => {
  it.each(['twilio-form', 'twilio-json', 'hubspot-v2', 'hubspot-v3', 'square', 'rfc9421', 'custom'] as const)('is told in %s', (id) => {
    const options = parseOptions(
      id,
      id === 'custom' ? { signedContent: '{url}{body}' } : id === 'rfc9421' ? { components: ['@target-uri'] } : {},
    );
    const { sign, makeSecret, verify } = schemeOf(id);
    const secret = makeSecret(
      Uint8Array.from({ length: 32 }, (_, at) => at),
      options,
    );
    const given = { options, secrets: [secret], nowMs, method: 'POST', url: 'https://a.test/hook', body };
    const signed = sign({ ...given, id: 'msg_1' });
    const url = signed.url ?? given.url;
    const input = { ...given, headers: signed.headers, body: signed.body ?? body };
    expect(verify({ ...input, url }).verdict).toBe('valid');
    const verdict = verifyRequest({ ...input, url: url.replace('https://', 'http://') });
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
    expect(verdict.message).toContain('does not match for http://, but does for https://');
    const other = verifyRequest({ ...input, url: url.replace('https://a.test', 'http://b.test') });
    expect(other.message).not.toContain('but does for');
  });
});

describe('the sentences of a verdict', () => {
  const found: Findings = {
    words: { key: 'secret', signed: ['X-Time', 'the body'], timestamp: 'X-Time' },
    headers: { wanted: ['X-Time', 'X-Sig'], missing: [], repeated: [] },
    secrets: { count: 1, usable: [{ index: 0 }], problems: [], warnings: [], doubts: [] },
    timestamp: { kind: 'fresh', ageSeconds: 1, message: 'the timestamp is 1 second old, within the 5 minutes allowed' },
    signature: { kind: 'matched', secret: 0, signature: 0 },
    unknown: [],
    obstacles: [],
    next: ['Refuse it twice.'],
  };
  const late = {
    kind: 'stale',
    ageSeconds: 400,
    message: 'the timestamp is 6 minutes 40 seconds old, more than the 5 minutes allowed',
  } as const;
  const malformed = { kind: 'malformed', message: 'X-Time is "x", but must be a number' } as const;
  const noSecret = { ...found.secrets, count: 0, usable: [] };
  const badSecret = { ...found.secrets, usable: [], problems: [{ index: 0, problem: 'The secret is not hex.' }] };

  it.each<[string, Partial<Findings>, string, RegExp, RegExp?]>([
    ['everything is right', {}, 'ok', /^Valid: the signature matches the secret, and the timestamp is 1 second old/],
    [
      'all headers are missing',
      {
        headers: {
          ...found.headers,
          missing: [
            { name: 'X-Time', isEmpty: false },
            { name: 'X-Sig', isEmpty: true },
          ],
        },
        signature: { kind: 'unchecked' },
        timestamp: null,
      },
      'header_missing',
      /^The request is not signed: it has no X-Time or X-Sig \(it is empty\) header\./,
    ],
    [
      'one header is missing',
      { headers: { ...found.headers, missing: [{ name: 'X-Time', isEmpty: false }] }, signature: { kind: 'unchecked' }, timestamp: null },
      'header_missing',
      /has no X-Time header/,
      /not signed|does not match/,
    ],
    [
      'the URL is not known',
      { unknown: ['URL'], signature: { kind: 'unchecked' } },
      'request_incomplete',
      /^Give the URL of the request/,
      /does not match/,
    ],
    [
      'the signature cannot be read',
      { signature: { kind: 'malformed', problem: 'X-Sig holds "x": it is not hex' }, timestamp: late },
      'header_malformed',
      /cannot be read: X-Sig holds.*Also, the timestamp is/,
      /does not match|itself matches/,
    ],
    [
      'the algorithm is refused',
      { signature: { kind: 'refused', reason: 'algorithm_refused', message: 'It says none.' } },
      'algorithm_refused',
      /^It says none\.$/,
    ],
    [
      'there is no secret',
      { secrets: noSecret, signature: { kind: 'unchecked' } },
      'secret_missing',
      /^There is no secret to check with\./,
      /match/,
    ],
    [
      'no secret can be used',
      { secrets: badSecret, signature: { kind: 'unchecked' } },
      'secret_malformed',
      /^The secret is not hex\.$/,
      /match/,
    ],
    [
      'the timestamp cannot be read and the signature matches',
      { timestamp: malformed },
      'timestamp_malformed',
      /The signature itself matches\.$/,
    ],
    [
      'the timestamp cannot be read and the signature does not match',
      { timestamp: malformed, signature: { kind: 'mismatched' } },
      'timestamp_malformed',
      /The signature does not match either\.$/,
    ],
    [
      'the timestamp cannot be read and the signature was not checked',
      { timestamp: malformed, signature: { kind: 'unchecked' } },
      'timestamp_malformed',
      /The signature was not checked\.$/,
      /does not match/,
    ],
    [
      'the signature does not match',
      { signature: { kind: 'mismatched' } },
      'signature_mismatch',
      /does not match the secret: X-Time, the body or the secret is not what the sender signed with/,
    ],
    [
      'it does not match and is late',
      { signature: { kind: 'mismatched' }, timestamp: late },
      'signature_mismatch',
      /Also, the timestamp is 6 minutes 40 seconds old/,
    ],
    [
      'it does not match and a secret is in quotes',
      { signature: { kind: 'mismatched' }, secrets: { ...found.secrets, doubts: ['The secret stands in quotes.'] } },
      'signature_mismatch',
      /The secret stands in quotes\./,
    ],
    ['it was never compared', { signature: { kind: 'unchecked' } }, 'header_malformed', /was not compared/, /does not match/],
    [
      'something else speaks against it',
      { obstacles: [{ reason: 'digest_mismatch', message: 'The digest is another.' }] },
      'digest_mismatch',
      /^The digest is another\. The signature itself matches\.$/,
    ],
    ['it is late', { timestamp: late }, 'timestamp_stale', /The signature itself matches, so it is genuine but late, or a replay/],
    [
      'it is early',
      {
        timestamp: {
          kind: 'future',
          ageSeconds: -400,
          message: 'the timestamp lies 6 minutes 40 seconds in the future, more than the 5 minutes allowed',
        },
      },
      'timestamp_future',
      /set the clock of the sender or the receiver right/,
    ],
  ])('are true when %s', (_, change, reason, words, never) => {
    const explained = explainFindings({ ...found, ...change });
    expect(explained.reason).toBe(reason);
    const kind = { ...found, ...change }.signature.kind;
    // What is missing here says nothing against the signature.
    if (['secret_missing', 'secret_malformed', 'request_incomplete'].includes(reason)) expect(explained.verdict).toBe('unchecked');
    else expect(explained.verdict).not.toBe('unchecked');
    expect(explained.message).toMatch(words);
    if (never !== undefined) expect(explained.message).not.toMatch(never);
    expect(explained.next).toEqual(reason === 'ok' ? found.next : []);
    for (const { message } of [explained, ...explained.checks]) expect(message).toMatch(/^[A-Za-z].*\.$/);
    const signature = explained.checks.find(({ name }) => name === 'signature');
    expect(signature?.result).toBe(kind === 'matched' ? 'passed' : kind === 'unchecked' ? 'skipped' : 'failed');
  });
});
