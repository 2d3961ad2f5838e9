import { createPrivateKey, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readDictionary } from '#engine/signing/message-signature/structured-field.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { readyCase, sentAtMs, type SentRequest } from '../../support/proof-cases.ts';
import { judge, vectorsOf } from '../../support/vectors.ts';

const body = Buffer.from('{"amount":1}');

function changed({ headers }: SentRequest, name: string, change: (value: string) => string): readonly HeaderField[] {
  return headers.map(([given, value]): HeaderField => [given, given === name ? change(value) : value]);
}

describe('HTTP Message Signatures', () => {
  const ready = readyCase({ id: 'rfc9421', options: {} });
  const sent = ready.sign(body);
  const vector = vectorsOf('rfc9421').find(({ id }) => id.endsWith('b.2.6-ed25519'));
  const withInput = (change: (value: string) => string) => ready.verify({ ...sent, headers: changed(sent, 'Signature-Input', change) });

  it('covers the parameters as they were received: in another order they are another signature', () => {
    expect(withInput((value) => value.replace(/;created=(\d+);alg="hmac-sha256"/, ';alg="hmac-sha256";created=$1'))).toMatchObject({
      reason: 'signature_mismatch',
    });
    expect(withInput((value) => value.replace('"@method" "@target-uri"', '"@target-uri" "@method"'))).toMatchObject({
      reason: 'signature_mismatch',
    });
    expect(withInput((value) => value.replace('"@method" ', '"@method"  '))).toMatchObject({ reason: 'signature_mismatch' });
  });

  it('refuses an alg that is not the one of the key before the key is used', () => {
    const verdict = withInput((value) => value.replace('hmac-sha256', 'ed25519'));
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'algorithm_refused' });
    expect(verdict.message).toContain('the key decides, not the request');
  });

  it('requires what the receiver requires', () => {
    const strict = readyCase({ id: 'rfc9421', options: { requiredComponents: ['@method', 'content-digest', '@query-param;name="id"'] } });
    const verdict = strict.verify(sent);
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'coverage_missing' });
    expect(verdict.message).toContain('does not cover @query-param;name="id"');
    const covering = readyCase({ id: 'rfc9421', options: { requiredComponents: ['content-digest', '@method'] } });
    expect(covering.verify(sent).verdict).toBe('valid');
  });

  it('says that a body is not authenticated where its digest is not covered', () => {
    expect(vector).toBeDefined();
    if (vector === undefined) return;
    const verdict = judge(vector);
    expect(verdict.verdict).toBe('valid');
    expect(verdict.message).toContain('the body is not authenticated');
    expect(verdict.next).toContain('Do not trust the body: content-digest is not covered by the signature.');
  });

  it('computes the digest again, and refuses one that cannot be computed', () => {
    expect(ready.verify({ ...sent, body: Buffer.from('{"amount":2}') })).toMatchObject({ reason: 'digest_mismatch', matchedSecret: 0 });
    const md5 = readyCase({ id: 'rfc9421', options: { components: ['@method'] } }).sign(body);
    const headers: HeaderField[] = [...md5.headers, ['Content-Digest', 'md5=:AAAAAAAAAAAAAAAAAAAAAA==:']];
    expect(ready.verify({ ...md5, headers })).toMatchObject({ reason: 'digest_mismatch' });
  });

  it('judges each of several signatures by itself, and counts the first valid one', () => {
    const other = readyCase({ id: 'rfc9421', options: { label: 'other', algorithm: 'ed25519' } }, 9).sign(body);
    const join = (name: string) => [other, sent].map(({ headers }) => headers.find(([given]) => given === name)?.[1] ?? '').join(', ');
    const headers: HeaderField[] = [
      ...sent.headers.slice(0, 1),
      ['Signature-Input', join('Signature-Input')],
      ['Signature', join('Signature')],
    ];
    const verdict = ready.verify({ ...sent, headers });
    expect(verdict).toMatchObject({ verdict: 'valid', matchedSignature: 1 });
    expect(verdict.receivedSignatures).toHaveLength(2);
  });

  it('joins the lines of a field, takes folds out of them, and wraps them where ;bs says so', () => {
    const signed = vectorsOf('rfc9421').find(({ id }) => id.endsWith('b.4-transform'));
    if (signed === undefined) throw new Error('The vector is missing.');
    const options = parseOptions('rfc9421');
    const judged = (accept: readonly string[]) =>
      schemeOf('rfc9421').verify({
        options,
        secrets: [signed.publicKey ?? ''],
        nowMs: signed.now * 1000,
        method: signed.method,
        url: signed.url ?? null,
        headers: [
          ...Object.entries(signed.headers).filter(([name]) => name !== 'Accept'),
          ...accept.map((value): HeaderField => ['accept', value]),
        ],
        body: Buffer.alloc(0),
      }).verdict;
    expect(judged(['application/json', ' */*\t'])).toBe('valid');
    expect(judged(['application/json,\r\n  */*'])).toBe('valid');
    expect(judged(['*/*', 'application/json'])).toBe('invalid');
  });

  it('asks for what it cannot know, and refuses what it cannot rebuild', () => {
    expect(ready.verify({ ...sent, method: null, url: null })).toMatchObject({
      reason: 'request_incomplete',
      message: expect.stringContaining('method and URL') as string,
    });
    expect(ready.verify({ ...sent, headers: sent.headers.slice(1) })).toMatchObject({
      reason: 'request_incomplete',
      message: expect.stringContaining('content-digest') as string,
    });
    expect(withInput((value) => value.replace('"@method"', '"@method";req'))).toMatchObject({ reason: 'header_malformed' });
    expect(withInput((value) => value.replace('"@method"', '"@method" "@method"'))).toMatchObject({ reason: 'header_malformed' });
    expect(withInput(() => 'sig1=("@method"')).toMatchObject({ reason: 'header_malformed' });
    expect(withInput(() => 'other=("@method")')).toMatchObject({ reason: 'header_malformed' });
  });

  it.each([
    ['a=1,', 'it ends with a comma'],
    ['A=1', 'a label in small letters is missing at character 1'],
    ['a=("b"c)', 'a space or a closing bracket is missing at character 7'],
    ['a=(b)', 'a component is not in quotes at character 4'],
    ['a=é', 'there is no value that can be read at character 3'],
  ])('says where a header cannot be read: %s', (text, problem) => {
    expect(readDictionary(text)).toEqual({ problem });
  });

  it('refuses to sign what it does not know, and names the field', () => {
    const foreign = readyCase({ id: 'rfc9421', options: { components: ['x-other'] } });
    expect(() => foreign.sign(body)).toThrow('nothing tells the header x-other');
  });
});

describe('Plaid', () => {
  const ready = readyCase({ id: 'plaid', options: {} });
  const sent = ready.sign(body);
  const tokenWith = (head: unknown, signature = 'AAAA') => {
    const [, claims] = sent.headers[0]?.[1].split('.') ?? [];
    return ready.verify({
      ...sent,
      headers: [['Plaid-Verification', `${Buffer.from(JSON.stringify(head)).toString('base64url')}.${claims}.${signature}`]],
    });
  };

  it.each(['none', 'HS256', 'RS256', undefined])('refuses alg %s before any key is used', (alg) => {
    expect(tokenWith({ alg })).toMatchObject({ verdict: 'invalid', reason: 'algorithm_refused' });
  });

  it('refuses a signature of another length, and a token that is none', () => {
    expect(tokenWith({ alg: 'ES256' })).toMatchObject({ reason: 'header_malformed' });
    expect(ready.verify({ ...sent, headers: [['Plaid-Verification', 'a.b']] })).toMatchObject({ reason: 'header_malformed' });
  });

  it('refuses a key of another kind with a sentence that does not quote it', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const verdict = ready.verify(sent, { secrets: [pem] });
    expect(verdict).toMatchObject({
      reason: 'secret_malformed',
      message: 'The key is an ECDSA P-384 key, but this scheme uses ECDSA P-256.',
    });
  });
});

describe('PayPal', () => {
  const ready = readyCase({ id: 'paypal', options: { webhookId: 'WH-1' } });
  const sent = ready.sign(body);
  const certificate = ready.scheme.publicKeyOf?.(ready.secret, ready.options) ?? '';

  it('gives a certificate that OpenSSL reads and that belongs to the key', () => {
    expect(createPublicKey(certificate).equals(createPublicKey(createPrivateKey(ready.secret)))).toBe(true);
  });

  it('refuses a certificate outside of its dates', () => {
    const late = Date.UTC(2050, 0, 2);
    const verdict = ready.verify(ready.sign(body, { nowMs: late }), { nowMs: late, secrets: [certificate] });
    expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'certificate_invalid' });
    expect(verdict.message).toContain('expired at 2049-12-31T23:59:59.000Z');
  });

  it.each(['http://api.paypal.com/cert', 'https://paypal.com.evil.example/cert', 'https://evil.example/paypal.com', 'rubbish'])(
    'refuses a certificate from %s',
    (url) => {
      const verdict = ready.verify({ ...sent, headers: changed(sent, 'PAYPAL-CERT-URL', () => url) });
      expect(verdict).toMatchObject({ verdict: 'invalid', reason: 'certificate_invalid' });
    },
  );

  it('asks for the id of the webhook, refuses that of another, and refuses another algorithm', () => {
    expect(readyCase({ id: 'paypal', options: {} }).verify(sent, { secrets: [certificate] })).toMatchObject({
      reason: 'request_incomplete',
      message: expect.stringContaining('webhookId') as string,
    });
    const other = parseOptions('paypal', { webhookId: 'WH-2' });
    expect(ready.verify(sent, { options: other })).toMatchObject({ reason: 'signature_mismatch' });
    expect(ready.verify({ ...sent, headers: changed(sent, 'PAYPAL-AUTH-ALGO', () => 'SHA1withRSA') })).toMatchObject({
      reason: 'algorithm_refused',
    });
  });
});

describe('Twilio', () => {
  const form = readyCase({ id: 'twilio-form', options: {} });
  const fields = Buffer.from('From=%2B1&To=%2B2');

  it('says that a URL matches only without its port', () => {
    const sent = form.sign(fields, { url: 'https://example.com/a' });
    const verdict = form.verify({ ...sent, url: 'https://example.com:8443/a' });
    expect(verdict.verdict).toBe('valid');
    expect(verdict.message).toContain('It was made for the URL without its port (https://example.com/a), which Twilio allows.');
    expect(form.verify({ ...sent, url: 'http://example.com/a' })).toMatchObject({ reason: 'signature_mismatch' });
    expect(form.verify({ ...sent, url: null })).toMatchObject({ reason: 'request_incomplete' });
  });

  it('signs every field as it is, whitespace and empty values included', () => {
    const sent = form.sign(Buffer.from('a=+x+&b='));
    for (const other of ['a=x&b=', 'a=+x+', 'a=+x+&b=&c='])
      expect(form.verify({ ...sent, body: Buffer.from(other) })).toMatchObject({ reason: 'signature_mismatch' });
    expect(form.verify({ ...sent, body: Buffer.from('b=&a=%20x%20') }).verdict).toBe('valid');
  });

  it('puts the digest of a JSON body into the URL, in place of one that stands there', () => {
    const json = readyCase({ id: 'twilio-json', options: {} });
    const sent = json.sign(body, { url: 'https://example.com/a?bodySHA256=00&b=1' });
    expect(sent.url).toMatch(/^https:\/\/example\.com\/a\?b=1&bodySHA256=[0-9a-f]{64}$/);
    expect(json.verify(sent).verdict).toBe('valid');
    const bare = form.sign(Buffer.alloc(0), { url: 'https://example.com/a' });
    expect(json.verify(bare)).toMatchObject({ reason: 'digest_mismatch' });
  });
});

describe('signatures in the body', () => {
  it('leave every other byte of the body as it was', () => {
    const mailgun = readyCase({ id: 'mailgun', options: {} });
    const text = '{ "event-data": {"n": 1.0, "u": "\\u00e9\\/"},\r\n "big": 12345678901234567890 }\n';
    const { body: sentBody } = mailgun.sign(Buffer.from(text));
    const stripped = Buffer.from(sentBody)
      .toString()
      .replace(/,?\s*"signature":\s*\{[^}]*\},?/, '');
    expect(stripped.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });

  it('cover what Mailgun signs and no more, which the receiver is told', () => {
    const mailgun = readyCase({ id: 'mailgun', options: {} });
    const sent = mailgun.sign(Buffer.from('{"event-data":{"event":"opened"}}'));
    const forged = Buffer.from(Buffer.from(sent.body).toString().replace('opened', 'failed'));
    const verdict = mailgun.verify({ ...sent, body: forged });
    expect(verdict.verdict).toBe('valid');
    expect(verdict.next[0]).toContain('event-data is not signed');
    expect(
      mailgun.verify({ ...sent, body: Buffer.from(Buffer.from(sent.body).toString().replace('"token":"', '"token":"0')) }),
    ).toMatchObject({ reason: 'signature_mismatch' });
  });

  it('are read from the fields of a form, as Mailgun sent them before', () => {
    const mailgun = readyCase({ id: 'mailgun', options: {} });
    const { signature } = JSON.parse(Buffer.from(mailgun.sign(Buffer.from('{}')).body).toString()) as { signature: Record<string, string> };
    const form = {
      method: 'POST',
      url: null,
      headers: [],
      body: Buffer.from(new URLSearchParams(signature).toString()),
      signed: { bytes: body, parts: [] },
    };
    expect(mailgun.verify(form).verdict).toBe('valid');
    expect(mailgun.verify({ ...form, body: Buffer.from('<xml/>') })).toMatchObject({ verdict: 'invalid', reason: 'body_malformed' });
  });

  it('must all be right where Adyen puts one into each item', () => {
    const adyen = readyCase({ id: 'adyen-payments', options: {} });
    const item = (reference: string) => ({ NotificationRequestItem: { pspReference: reference, amount: { value: 1, currency: 'EUR' } } });
    const sent = adyen.sign(Buffer.from(JSON.stringify({ notificationItems: [item('a'), item('b')] })));
    expect(adyen.verify(sent).verdict).toBe('valid');
    const forged = Buffer.from(Buffer.from(sent.body).toString().replace('"b"', '"c"'));
    expect(adyen.verify({ ...sent, body: forged })).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
    const half = Buffer.from(
      Buffer.from(sent.body)
        .toString()
        .replace(/"hmacSignature":"[^"]*"/, ''),
    );
    expect(adyen.verify({ ...sent, body: half })).toMatchObject({ verdict: 'invalid', reason: 'header_missing' });
    const none = Buffer.from(JSON.stringify({ notificationItems: [item('a')] }));
    expect(adyen.verify({ ...sent, body: none })).toMatchObject({ verdict: 'unsigned' });
    expect(adyen.verify({ ...sent, body: Buffer.from('{') })).toMatchObject({ reason: 'body_malformed' });
    expect(() => adyen.sign(Buffer.from('{}'))).toThrow('Give a body of that shape');
  });
});

describe('Box', () => {
  const ready = readyCase({ id: 'box', options: {} });

  it('signs with two keys, and either is enough', () => {
    const sent = ready.sign(body, { secrets: ['one', 'two'] });
    expect(ready.verify(sent, { secrets: ['wrong', 'two'] })).toMatchObject({
      verdict: 'valid',
      matchedSecret: 1,
      matchedSignature: 1,
      libraryNote: null,
    });
    expect(ready.verify(sent, { secrets: ['two', 'one'] })).toMatchObject({
      verdict: 'valid',
      libraryNote: expect.stringContaining('the other way round') as string,
    });
    expect(ready.verify(sent, { secrets: ['wrong', 'worse'] })).toMatchObject({ reason: 'signature_mismatch' });
  });

  it('says that a body was decoded since it was signed', () => {
    const vector = vectorsOf('box').find(({ id }) => id.endsWith('japanese'));
    if (vector === undefined) throw new Error('The vector is missing.');
    expect(judge(vector).message).toContain('the body was decoded since');
  });
});

describe('what libraries do otherwise', () => {
  it.each(['hubspot-v3', 'contentful'] as const)('is said of %s where the time lies in the future', (id) => {
    const ready = readyCase({ id, options: {} });
    expect(ready.verify(ready.sign(body), { nowMs: sentAtMs - 3_600_000 })).toMatchObject({
      reason: 'timestamp_future',
      libraryNote: expect.stringContaining('would accept this request') as string,
    });
  });

  it('is said of HubSpot where the URL has escapes that it decodes', () => {
    const ready = readyCase({ id: 'hubspot-v3', options: {} });
    const url = 'https://example.com/a%3Ab?c=%2Fd%20e';
    const sent = ready.sign(body, { url });
    expect(Buffer.from(sent.signed.bytes).toString()).toContain('POSThttps://example.com/a:b?c=/d%20e');
    expect(ready.verify(sent)).toMatchObject({ verdict: 'valid', libraryNote: expect.stringContaining('decoded') as string });
  });
});

describe('keys', () => {
  const v1a = readyCase({ id: 'standard-webhooks-v1a', options: {} });

  it.each([
    ['whsec_AAAA', 'it is a shared secret of v1'],
    ['whpk_AAAA', '3 bytes long once decoded'],
    [`${v1a.secret.slice(0, -8)}AAAAAA==`, 'do not belong together'],
    [` ${v1a.secret}`, 'begins or ends with a space'],
  ])('of v1a are refused with what is wrong with them: %s', (secret, problem) => {
    expect(v1a.scheme.checkSecret(secret, v1a.options)).toContain(problem);
  });

  it('give the published pair of v1a back', () => {
    const secret = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
    expect(v1a.scheme.publicKeyOf?.(secret, v1a.options)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=');
  });

  it('of SendGrid sign in DER only: r and s side by side are refused', () => {
    const sendgrid = readyCase({ id: 'sendgrid', options: {} });
    const sent = sendgrid.sign(body);
    const plain = signBytes('sha256', sent.signed.bytes, { key: sendgrid.secret, dsaEncoding: 'ieee-p1363' }).toString('base64');
    const verdict = sendgrid.verify({ ...sent, headers: changed(sent, 'X-Twilio-Email-Event-Webhook-Signature', () => plain) });
    expect(verdict).toMatchObject({ reason: 'header_malformed', message: expect.stringContaining('P1363') as string });
  });
});
