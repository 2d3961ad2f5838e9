import { createHash, createHmac, createVerify, generateKeyPairSync, verify as verifyBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemeOf } from '#engine/signing/registry.ts';
import type { SignInput, VerifyInput } from '#engine/signing/scheme.ts';
import { snippetRecipeOf } from '#engine/snippets/recipes.ts';
import { customOptions, type CustomOptions } from '#shared/contract/signing.ts';
import { verification } from '#shared/contract/verifying.ts';

const custom = schemeOf('custom');
const nowMs = 1_763_600_000_123;
const body = Buffer.from('{"amount":1.10}');
const url = 'https://a.test/hook?b=2&a=1';

type Given = Omit<Partial<CustomOptions>, 'fields'> & { readonly fields?: readonly Partial<CustomOptions['fields'][number]>[] };

function optionsOf(options: Given): CustomOptions {
  return customOptions.parse({ scheme: 'custom', ...options });
}

function problemsOf(options: Given): readonly string[] {
  const parsed = customOptions.safeParse({ scheme: 'custom', ...options });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function sign(options: CustomOptions, change: Partial<SignInput> = {}) {
  return custom.sign({ options, secrets: ['secret'], id: 'msg_1', nowMs, method: 'POST', url, body, ...change });
}

/** The request as it arrives: what signing did not change is as it was. */
function received(options: CustomOptions, change: Partial<SignInput> = {}): VerifyInput {
  const signed = sign(options, change);
  return {
    options,
    secrets: ['secret'],
    nowMs,
    method: change.method ?? 'POST',
    headers: signed.headers,
    url: signed.url ?? change.url ?? url,
    body: signed.body ?? change.body ?? body,
  };
}

const verdictOf = (input: VerifyInput) => verification.parse(custom.verify(input));
const hmac = (content: string | Uint8Array, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', 'secret').update(content).digest(encoding);

describe('one header written as text', () => {
  const options = optionsOf({ signedContent: '{timestamp}.{body}', fields: [{ name: 'X-Sig', value: 't={timestamp},v1={signature}' }] });

  it('is written as described and verifies', () => {
    expect(sign(options).headers).toEqual([['X-Sig', `t=1763600000,v1=${hmac('1763600000.{"amount":1.10}')}`]]);
    expect(verdictOf(received(options))).toMatchObject({ verdict: 'valid', timestampAgeSeconds: 0 });
  });

  it('is read in any order, with other entries beside it and several signatures', () => {
    const mac = hmac('1763600000.{"amount":1.10}');
    const header = `v0=old, v1=${'0'.repeat(64)}, v1=${mac}, t=1763600000`;
    expect(verdictOf({ ...received(options), headers: [['x-sig', header]] })).toMatchObject({ verdict: 'valid', matchedSignature: 1 });
  });

  it.each([
    ['t=1763600000', /no entry that begins with v1=/],
    ['t=1763600000,v1=abc', /odd number of hex digits/],
    ['something', /no entry that begins with t=/],
  ])('says what is malformed about %s', (header, why) => {
    const result = verdictOf({ ...received(options), headers: [['X-Sig', header]] });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'header_malformed' });
    expect(result.message).toMatch(why);
  });

  it('reads a text without labels exactly, the first time that what follows a value occurs', () => {
    const exact = optionsOf({ signedContent: '{timestamp}{body}', fields: [{ name: 'X-Sig', value: 'v0:{timestamp}:{signature}' }] });
    const input = received(exact);
    expect(input.headers).toEqual([['X-Sig', `v0:1763600000:${hmac('1763600000{"amount":1.10}')}`]]);
    expect(verdictOf(input).verdict).toBe('valid');
    const [[, value = ''] = ['', '']] = input.headers;
    expect(verdictOf({ ...input, headers: [['X-Sig', value.replace('v0:', 'v2:')]] }).message).toContain(
      'not like v0:{timestamp}:{signature}',
    );
  });

  it('has receiver code, as the same header described by its options has', () => {
    expect(snippetRecipeOf(options)).toMatchObject({ signature: { kind: 'entries', header: 'X-Sig', lead: 'v1=', timeLabel: 't=' } });
    const inQuery = optionsOf({ fields: [{ place: 'query', name: 'sig', value: '{signature}' }] });
    expect(snippetRecipeOf(inQuery)).toMatchObject({ unavailable: expect.stringContaining('stand in headers') });
  });
});

describe('several headers', () => {
  const options = optionsOf({
    signedContent: '{key_id}:{id}:{timestamp}:{body_sha256_base64}',
    encoding: 'base64',
    keyId: 'k-7',
    timestampUnit: 'rfc3339',
    fields: [
      { name: 'X-Key', value: '{key_id}' },
      { name: 'X-Id', value: '{id}' },
      { name: 'X-Time', value: '{timestamp}' },
      { name: 'Digest', value: 'SHA-256={body_sha256_base64}' },
      { name: 'X-Version', value: '2' },
      { name: 'X-Sig', value: 'HMAC {signature}' },
    ],
  });

  it('are written in the order of the fields, with the digest of the body', () => {
    const digest = createHash('sha256').update(body).digest('base64');
    const { headers } = sign(options);
    expect(headers.map(([name]) => name)).toEqual(['X-Key', 'X-Id', 'X-Time', 'Digest', 'X-Version', 'X-Sig']);
    const sent = Object.fromEntries(headers);
    expect(sent['Digest']).toBe(`SHA-256=${digest}`);
    expect(sent['X-Sig']).toBe(`HMAC ${hmac(`k-7:msg_1:2025-11-20T00:53:20.123Z:${digest}`, 'base64')}`);
    expect(verdictOf(received(options)).verdict).toBe('valid');
  });

  it('are each needed, and a fixed one has to be as described', () => {
    const input = received(options);
    const without = verdictOf({ ...input, headers: input.headers.filter(([name]) => name !== 'X-Id') });
    expect(without).toMatchObject({ verdict: 'invalid', reason: 'header_missing' });
    expect(without.message).toContain('has no X-Id header');
    const other = verdictOf({ ...input, headers: input.headers.map(([name, value]) => [name, name === 'X-Version' ? '3' : value]) });
    expect(other).toMatchObject({ verdict: 'invalid', reason: 'header_malformed' });
    expect(verdictOf({ ...input, headers: [] }).verdict).toBe('unsigned');
  });

  it('report a digest that is not of this body, even where the signature covers only the digest sent', () => {
    const bare = optionsOf({
      fields: [
        { name: 'Content-Digest', value: 'sha-256=:{body_sha256_base64}:' },
        { name: 'X-Sig', value: '{signature}' },
      ],
    });
    const input = received(bare);
    const forged = input.headers.map(([name, value]): [string, string] => [
      name,
      name === 'Content-Digest' ? value.replace(/:.{4}/, ':AAAA') : value,
    ]);
    expect(verdictOf({ ...input, headers: forged })).toMatchObject({ verdict: 'invalid', reason: 'digest_mismatch' });
  });
});

describe('a signature in the query', () => {
  const options = optionsOf({
    signedContent: '{method} {path}?{query}\n{body}',
    fields: [
      { place: 'query', name: 'ts', value: '{timestamp}' },
      { place: 'query', name: 'sig', value: '{signature}' },
    ],
  });

  it('covers the URL with the other fields and without itself', () => {
    const signed = sign(options);
    const mac = hmac('POST /hook?b=2&a=1&ts=1763600000\n{"amount":1.10}');
    expect(signed).toMatchObject({ headers: [], url: `https://a.test/hook?b=2&a=1&ts=1763600000&sig=${mac}` });
    expect(verdictOf(received(options)).verdict).toBe('valid');
  });

  it('replaces fields of the same names that the URL has, and signs a URL without a path as it is sent', () => {
    const again = sign(options, { url: 'https://a.test?sig=old&ts=1#part' });
    expect(again.url).toMatch(/^https:\/\/a\.test\/\?ts=1763600000&sig=[0-9a-f]{64}$/);
    expect(verdictOf(received(options, { url: 'https://a.test?sig=old&ts=1#part' })).verdict).toBe('valid');
  });

  it('tells apart a URL that is missing, one without a signature, one with two, and one that was changed', () => {
    const input = received(options);
    expect(verdictOf({ ...input, url: null })).toMatchObject({ verdict: 'unchecked', reason: 'request_incomplete' });
    const unsigned = verdictOf({ ...input, url });
    expect(unsigned.verdict).toBe('unsigned');
    expect(unsigned.message).toContain('ts in the URL or sig in the URL');
    expect(verdictOf({ ...input, url: `${input.url}&sig=1` }).message).toContain('sig in the URL stands there 2 times');
    expect(verdictOf({ ...input, url: (input.url ?? '').replace('b=2', 'b=3') }).reason).toBe('signature_mismatch');
  });

  it('is escaped in base64 and read back', () => {
    const base64 = optionsOf({ encoding: 'base64', fields: [{ place: 'query', name: 'sig', value: '{signature}' }] });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => verdictOf(received(base64, { body: bytes })).verdict === 'valid'),
      { numRuns: 100 },
    );
  });
});

describe('a signature among empty pairs', () => {
  it.each(['{url}{body}', '{query}.{body}'])('in the query covers them in %s, so one more is noticed', (signedContent) => {
    const options = optionsOf({ signedContent, fields: [{ place: 'query', name: 'sig', value: '{signature}' }] });
    for (const query of ['', 'a=1&b=2', 'a=1&&b=2', 'a=1&', '&a=1', '&', '&&']) {
      const input = received(options, { url: `https://a.test/hook?${query}` });
      expect(verdictOf(input)).toMatchObject({ verdict: 'valid' });
      for (const changed of [`${input.url}&`, String(input.url).replace('?', '?&'), String(input.url).replace('&sig', '&&sig')]) {
        if (changed !== input.url) expect(verdictOf({ ...input, url: changed }).verdict).toBe('invalid');
      }
    }
  });
});

describe('a signature in a form', () => {
  const options = optionsOf({
    fields: [
      { place: 'form', name: 'ts', value: '{timestamp}' },
      { place: 'form', name: 'sig', value: '{signature}' },
    ],
  });
  const form = Buffer.from('type=paid&note=a%20b');

  it('covers the form with the other fields and without itself', () => {
    const signed = sign(options, { body: form });
    const text = 'type=paid&note=a%20b&ts=1763600000';
    expect(Buffer.from(signed.body ?? []).toString()).toBe(`${text}&sig=${hmac(text)}`);
    expect(signed.signed.parts.map(({ name }) => name)).toEqual(['form without signature']);
    const input = received(options, { body: form });
    expect(verdictOf(input).verdict).toBe('valid');
    expect(verdictOf({ ...input, body: Buffer.from(Buffer.from(input.body).toString().replace('paid', 'open')) }).reason).toBe(
      'signature_mismatch',
    );
    expect(verdictOf({ ...input, body: form }).message).toContain('ts in the form or sig in the form');
  });

  it('needs a form, which a GET and JSON are not', () => {
    expect(() => sign(options)).toThrow(/Send a form/);
    expect(() => sign(options, { method: 'GET', body: new Uint8Array() })).toThrow(/A GET has no form/);
    expect(verdictOf(received(options, { body: new Uint8Array() })).verdict).toBe('valid');
  });
});

describe('a token', () => {
  const claims = '{"iss":"acme","iat":{timestamp},"jti":"{id}","path":"{path}","hash":"{body_sha256}"}';
  const pair = { es256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), rs256: generateKeyPairSync('rsa', { modulusLength: 2048 }) };
  const optionsFor = (algorithm: CustomOptions['algorithm'], more: Given = {}) =>
    optionsOf({
      encoding: 'jwt',
      algorithm,
      claims,
      keyId: 'k-7',
      fields: [{ name: 'Authorization', value: 'Bearer {signature}' }],
      ...more,
    });
  const tokenOf = (head: string, text: string) => {
    const covered = [head, text].map((one) => Buffer.from(one).toString('base64url')).join('.');
    return `${covered}.${createHmac('sha256', 'secret').update(covered).digest('base64url')}`;
  };
  const part = (token: string, index: number): unknown => JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

  it('has the described claims and the id of the key', () => {
    const [[name, value = ''] = ['', '']] = sign(optionsFor('sha256')).headers;
    const token = value.slice('Bearer '.length);
    expect(name).toBe('Authorization');
    expect(part(token, 0)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'k-7' });
    expect(part(token, 1)).toMatchObject({
      iss: 'acme',
      iat: 1_763_600_000,
      jti: 'msg_1',
      path: '/hook',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(token.split('.')[2]).toBe(createHmac('sha256', 'secret').update(token.split('.').slice(0, 2).join('.')).digest('base64url'));
  });

  it.each(['es256', 'rs256'] as const)(
    'is signed by %s with a private key, which OpenSSL confirms, and verified with the public one',
    (algorithm) => {
      const { privateKey, publicKey } = pair[algorithm];
      const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const options = optionsFor(algorithm);
      const input = received(options, { secrets: [privatePem] });
      const token = (input.headers[0]?.[1] ?? '').slice('Bearer '.length);
      const covered = Buffer.from(token.split('.').slice(0, 2).join('.'));
      const signature = Buffer.from(token.split('.')[2] ?? '', 'base64url');
      const isConfirmed =
        algorithm === 'es256'
          ? verifyBytes('sha256', covered, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
          : createVerify('RSA-SHA256').update(covered).verify(publicKey, signature);
      expect(isConfirmed).toBe(true);
      expect(custom.publicKeyOf?.(privatePem, options)).toBe(publicPem);
      expect(verdictOf({ ...input, secrets: [publicPem] }).verdict).toBe('valid');
      expect(() => sign(options, { secrets: [publicPem] })).toThrow('can only verify');
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
      expect(verdictOf({ ...input, secrets: [other] }).verdict).not.toBe('valid');
      expect(custom.checkSecret('text', options)).toContain('The key cannot be read');
    },
  );

  it('does not choose how it is checked', () => {
    const publicPem = pair.rs256.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const forged = received(optionsFor('sha256'), { secrets: [publicPem] });
    expect(verdictOf({ ...forged, options: optionsFor('rs256'), secrets: [publicPem] })).toMatchObject({
      verdict: 'invalid',
      reason: 'algorithm_refused',
    });
  });

  it.each([
    [{ body: Buffer.from('other') }, 'digest_mismatch', 'hash in the token'],
    [{ url: 'https://a.test/other' }, 'coverage_missing', 'path in the token is "/hook"'],
    [{ url: null }, 'request_incomplete', 'URL'],
    [{ secrets: ['other'] }, 'signature_mismatch', 'does not match'],
    [{ nowMs: nowMs + 301_000 }, 'timestamp_stale', '5 minutes'],
  ])('is refused with %j', (change, reason, message) => {
    const result = verdictOf({ ...received(optionsFor('sha256')), ...change });
    expect(result.reason).toBe(reason);
    expect(result.message).toContain(message);
  });

  it('lacks nothing that its claims describe', () => {
    const result = verdictOf({ ...received(optionsFor('sha256', { claims: '{"iat":{timestamp}}' })), options: optionsFor('sha256') });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'coverage_missing' });
    expect(result.message).toContain('iss is missing in the token');
  });

  it.each([
    '{"iat":{timestamp},"data":{"ts":{timestamp},"sha":"{body_sha256}"}}',
    '{"h":"{timestamp}.{body_sha256}"}',
    '{"jti":"{id}:{body_sha256}"}',
    '{"a":["{id}","{body_sha256}"]}',
    '{"iat":{timestamp},"k":[{"n":"{key_id}/{body_sha512_base64}/{id}"}]}',
    '{"u":"{method} {timestamp}{path}?{query} {body_md5}"}',
  ])('covers the body and the URL beside a time, an id or a key in one claim: %s', (text) => {
    const options = optionsFor('sha256', { claims: text });
    const input = received(options);
    expect(verdictOf(input)).toMatchObject({ verdict: 'valid' });
    expect(verdictOf({ ...input, body: Buffer.from('{"amount":1000000}') })).toMatchObject({
      verdict: 'invalid',
      reason: 'digest_mismatch',
    });
  });

  it.each([
    ['{"x":"{id}:{query}"}', 'https://a.test/?a=1:b=2', 'https://a.test/?b=2'],
    ['{"x":"{path}.{id}"}', 'https://a.test/a.b', 'https://a.test/a'],
    ['{"x":"{id}{path}"}', 'https://a.test/a/b', 'https://a.test/b'],
    ['{"x":{"y":"{timestamp}{path}"}}', 'https://a.test/a/b', 'https://a.test/b'],
  ])('takes no part of the URL for an id or a time: %s', (text, signedUrl, otherUrl) => {
    const options = optionsFor('sha256', { claims: text });
    expect(verdictOf({ ...received(options, { url: signedUrl }), url: otherUrl }).verdict).toBe('invalid');
  });

  it.each([
    ['{"exp":"2020-01-01"}', 'exp in the token is "2020-01-01", but must be a number'],
    ['{"nbf":"later"}', 'nbf in the token is "later", but must be a number'],
    ['{"exp":null}', 'exp in the token is null, but must be a number'],
    ['{"nbf":1e400}', 'nbf in the token is null, but must be a number'],
  ])('is refused with a time of validity that is no number: %s', (text, message) => {
    const options = optionsFor('sha256', { claims: null });
    const token = tokenOf('{"alg":"HS256"}', text);
    const result = verdictOf({ ...received(options), headers: [['Authorization', `Bearer ${token}`]] });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'timestamp_malformed' });
    expect(result.message).toContain(message);
  });

  it('is refused when its header names rules that must be understood', () => {
    const options = optionsFor('sha256', { claims: null });
    const token = tokenOf('{"alg":"HS256","crit":["b64"],"b64":true}', '{"iat":1763600000}');
    const result = verdictOf({ ...received(options), headers: [['Authorization', `Bearer ${token}`]] });
    expect(result).toMatchObject({ verdict: 'invalid', reason: 'algorithm_refused' });
    expect(result.message).toContain('The header of the token has crit');
  });

  it('keeps a value from ending the string that it stands in', () => {
    const byPath = optionsFor('sha256', { claims: '{"iat":{timestamp},"u":"{url}"}' });
    const token = (sign(byPath, { url: 'not a url","admin":"1' }).headers[0]?.[1] ?? '').slice('Bearer '.length);
    expect(part(token, 1)).toEqual({ iat: 1_763_600_000, u: 'not a url","admin":"1' });
  });

  it('is made with a fresh key for ES256, and asks for one for RS256', () => {
    const made = custom.makeSecret(new Uint8Array(32).fill(7), optionsFor('es256'));
    expect(custom.checkSecret(made, optionsFor('es256'))).toBeNull();
    expect(() => custom.makeSecret(new Uint8Array(32), optionsFor('rs256'))).toThrow('openssl genrsa');
  });
});

describe('options that contradict each other', () => {
  const field = { name: 'X-Sig', value: '{signature}' };
  it.each<[string, Given, RegExp]>([
    [
      'an unknown placeholder of a field',
      { fields: [{ name: 'X', value: '{signatur}' }] },
      /fields\.0\.value: There is no \{signatur\}\. Did you mean \{signature\}\?/,
    ],
    [
      'an unknown placeholder of the signed content',
      { signedContent: '{timestmap}{body}' },
      /signedContent: .*Did you mean \{timestamp\}\?/,
    ],
    ['an unknown placeholder of the claims', { encoding: 'jwt', claims: '{"a":"{bodysha256}"}' }, /claims: There is no \{bodysha256\}/],
    ['no signature', { fields: [{ name: 'X', value: 'v1' }] }, /fields: Put \{signature\} into one field/],
    ['two signatures', { fields: [field, { name: 'Y', value: '{signature}' }] }, /fields: Put \{signature\} into one field/],
    ['placeholders side by side', { fields: [{ name: 'X', value: '{timestamp}{signature}' }] }, /fields\.0\.value: Put something between/],
    [
      'a signed timestamp that nothing carries',
      { signedContent: '{timestamp}{body}', fields: [field] },
      /fields: Add a field that carries \{timestamp\}/,
    ],
    ['a key id without a name', { fields: [field, { name: 'K', value: '{key_id}' }] }, /keyId: Give the id of the key/],
    ['a header beside fields', { header: 'X-Other', fields: [field] }, /header: Leave out header/],
    ['a header twice', { fields: [field, { name: 'x-sig', value: '2' }] }, /fields\.1\.name: x-sig is listed twice/],
    [
      'a header that is written from the request',
      { fields: [{ name: 'Host', value: '{signature}' }] },
      /fields\.0\.name: Use another header/,
    ],
    [
      'a digest inside of the body',
      { fields: [field, { place: 'form', name: 'd', value: '{body_md5}' }] },
      /fields\.1\.value: Put a digest/,
    ],
    ['ES256 without a token', { algorithm: 'es256' }, /algorithm: .*signs tokens only/],
    ['claims without a token', { claims: '{}' }, /claims: Leave out claims/],
    ['claims that are no JSON object', { encoding: 'jwt', claims: '[1]' }, /claims: Write the claims as a JSON object/],
    [
      'a text without quotes in claims',
      { encoding: 'jwt', claims: '{"id":{id}}' },
      /claims: Put each placeholder of the claims into quotes/,
    ],
  ])('are refused: %s', (_, options, message) => {
    expect(problemsOf(options).join('\n')).toMatch(message);
  });

  it('leave options of the first version as they were', () => {
    const stored = { scheme: 'custom', header: 'X-Sig', prefix: 'v1=', separator: ',', timestampHeader: 'X-Sig', timestampPrefix: 't=' };
    expect(customOptions.parse(stored)).toMatchObject({ ...stored, fields: [], claims: null, keyId: null });
  });
});

describe('hostile fields', () => {
  it('are read in time that grows with their length alone', () => {
    const options = optionsOf({ fields: [{ name: 'X', value: 'a{timestamp}b{id}c{signature}d' }] });
    const input = { ...received(options), headers: [['X', `a${'b'.repeat(500_000)}${'c'.repeat(500_000)}`]] as [string, string][] };
    const before = process.cpuUsage();
    expect(verdictOf(input).reason).toBe('header_malformed');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});
