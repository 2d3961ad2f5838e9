import { Buffer } from 'node:buffer';
import { createHash, createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { judgeRecognised, verifyRecognised } from '#engine/signing/verify-recognised.ts';

const secret = 's3cret-key-0123456789';
const base64Secret = 'LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=';
const nowMs = 1_760_000_000_000;
const time = '1760000000';
const url = 'https://a.example.com/h?x=1';
const body = '{"id":42,"name":"Zoë"}';

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';
type Written = 'hex' | 'base64' | 'base64url';

function mac(signed: string, { key = secret, hash = 'sha256', as = 'hex' }: { key?: string | Buffer; hash?: Hash; as?: Written } = {}) {
  return createHmac(hash, key).update(signed).digest(as);
}

function token(head: object, claims: object, key = secret): string {
  const parts = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${parts}.${mac(parts, { key, as: 'base64url' })}`;
}

const bodyHash = createHash('sha256').update(body).digest('hex');
const decodedKey = Buffer.from(base64Secret, 'base64');

/** Requests of senders that no scheme is for, signed as their documentation says. */
const senders: Readonly<Record<string, { readonly headers: readonly HeaderField[]; readonly secret?: string }>> = {
  'like DocuSign: base64 over the body': { headers: [['X-Acme-Signature-1', mac(body, { as: 'base64' })]] },
  'like Teams: HMAC in Authorization, with the key in base64': {
    headers: [['Authorization', `HMAC-SHA256 ${mac(body, { key: decodedKey, as: 'base64' })}`]],
    secret: base64Secret,
  },
  'like Mux: time and hex in one header': { headers: [['Acme-Signature', `t=${time},v1=${mac(`${time}.${body}`)}`]] },
  'like TikTok: s= in place of v1=': { headers: [['Acme-Signature', `t=${time},s=${mac(`${time}.${body}`)}`]] },
  'like Trello: base64 of SHA-1 over body and URL': { headers: [['x-acme-webhook', mac(body + url, { hash: 'sha1', as: 'base64' })]] },
  'like Airtable: hmac-sha256= with the key in base64': {
    headers: [['X-Acme-Content-MAC', `hmac-sha256=${mac(body, { key: decodedKey })}`]],
    secret: base64Secret,
  },
  'like Notion: sha256= hex': { headers: [['X-Acme-Signature', `sha256=${mac(body)}`]] },
  'like Buildkite: timestamp= and signature=': {
    headers: [['X-Acme-Signature', `timestamp=${time},signature=${mac(`${time}.${body}`)}`]],
  },
  'like WorkOS: milliseconds, and a space behind the comma': { headers: [['Acme-Signature', `t=${nowMs}, v1=${mac(`${nowMs}.${body}`)}`]] },
  'like ElevenLabs: v0=': { headers: [['Acme-Signature', `t=${time},v0=${mac(`${time}.${body}`)}`]] },
  'like Webflow: milliseconds in a header, and a colon': {
    headers: [
      ['x-acme-timestamp', String(nowMs)],
      ['x-acme-signature', mac(`${nowMs}:${body}`)],
    ],
  },
  'like Netlify: a JWT with the hash of the body': {
    headers: [['X-Webhook-Signature', token({ alg: 'HS256', typ: 'JWT' }, { iss: 'acme', sha256: bodyHash })]],
  },
  'monday: a JWT in Authorization': { headers: [['Authorization', token({ alg: 'HS256', typ: 'JWT' }, { iat: 1_760_000_000 })]] },
  'a JWT as a bearer token': { headers: [['Authorization', `Bearer ${token({ alg: 'HS256' }, { exp: 1_760_000_060 })}`]] },
  'base64 in Webhook-Signature': { headers: [['Webhook-Signature', mac(body, { as: 'base64' })]] },
  'like Greenhouse: sha512, a space and hex': { headers: [['Signature', `sha512 ${mac(body, { hash: 'sha512' })}`]] },
  'like Rootly: time and body without anything between': {
    headers: [['X-Acme-Signature', `t=${time},v1=${mac(time + body)}`]],
  },
  'like CircleCI: v1= without a time': { headers: [['acme-signature', `v1=${mac(body)}`]] },
  'like X: sha256= base64': { headers: [['x-acme-webhooks-signature', `sha256=${mac(body, { as: 'base64' })}`]] },
  'HaloPSA: a space behind the prefix': { headers: [['X-HaloPSA-Signature', `sha256= ${mac(body, { as: 'base64' })}`]] },
  'like DocuSeal: time, point, hex': { headers: [['X-Acme-Signature', `${time}.${mac(`${time}.${body}`)}`]] },
  'like PayMongo: an empty entry': { headers: [['Acme-Signature', `t=${time},te=,li=${mac(`${time}.${body}`)}`]] },
  'TabaPay: two versions': { headers: [['Tabapay-Signature', `t=${time},v1=${'0'.repeat(64)},v2=${mac(`${time}.${body}`)}`]] },
  'Worldpay: key id, hash and signature': { headers: [['Event-Signature', `1/SHA256/${mac(body)}`]] },
  'like Terraform: SHA-512': { headers: [['X-Acme-Notification-Signature', mac(body, { hash: 'sha512' })]] },
  'several signatures while a secret is rotated': { headers: [['X-Acme-Signature', `${'0'.repeat(64)},${mac(body)}`]] },
  'the hash of the body signed': { headers: [['X-Acme-Hmac', mac(bodyHash)]] },
  'an id, a time in text and the body': {
    headers: [
      ['X-Acme-Event-Id', 'evt_1'],
      ['X-Acme-Timestamp', '2025-10-09T08:53:20Z'],
      ['X-Acme-Digest', mac(`evt_1.2025-10-09T08:53:20Z.${body}`, { as: 'base64url' })],
    ],
  },
  'Lemon Squeezy by its header only, and SHA-512': { headers: [['X-Signature', mac(body, { hash: 'sha512' })]] },
  'GitHub with a space behind its prefix': { headers: [['X-Hub-Signature-256', `sha256= ${mac(body)}`]] },
};

function ask(headers: readonly HeaderField[], secrets: readonly string[], change: { readonly body?: string; readonly url?: string } = {}) {
  const input = { method: 'POST', url: change.url ?? url, headers, body: Buffer.from(change.body ?? body), secrets, nowMs };
  return verifyRecognised(input);
}

describe.each(Object.entries(senders))('%s', (_, { headers, secret: key = secret }) => {
  it('is valid by the description that is filled in, which verifies it again', () => {
    const answer = ask(headers, [key]);
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'custom' });
    expect(answer.recognised?.at(-1)).toMatchObject({ scheme: 'custom', confidence: 'possible' });
    const { signing } = judgeRecognised({ method: 'POST', url, headers, body: Buffer.from(body), secrets: [key], nowMs });
    expect({ ...answer.options, scheme: 'custom' }).toEqual(signing);
  });

  it('is never said to be unsigned, whatever is wrong', () => {
    for (const answer of [ask(headers, []), ask(headers, ['another secret altogether']), ask(headers, [key], { body: '{}' })]) {
      // A token that does not cover the body is as valid with another one.
      if (answer.verdict !== 'valid') expect(answer.verdict).toBe(answer.reason === 'secret_missing' ? 'unchecked' : 'invalid');
      expect(answer.message).not.toContain('Turn signing on');
      expect(answer.scheme).not.toBe('unknown');
    }
    const { verdict, message } = ask(headers, ['another secret altogether']);
    expect([verdict, message]).toEqual(['invalid', expect.stringMatching(/does not match|cannot be read/)]);
  });
});

describe('a signature that nothing here can check', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const bytes = signBytes('sha256', Buffer.from(body), rsa).toString('base64');
  const sns = JSON.stringify({
    Type: 'Notification',
    Signature: 'AAAA',
    SignatureVersion: '1',
    SigningCertURL: 'https://sns.amazonaws.com/x.pem',
  });
  it.each([
    ['an SNS message', [['Content-Type', 'text/plain']] as HeaderField[], sns, 'aws-sns', 'amazonaws.com'],
    ['RSA in a header', [['X-Acme-Signature', bytes]] as HeaderField[], body, 'unknown', 'as an RSA signature has'],
    [
      'Ed25519 by its name',
      [['acme-signature-ed25519', mac(body, { hash: 'sha512', as: 'base64' })]] as HeaderField[],
      body,
      'unknown',
      'public key',
    ],
    ['a JWT of a key pair', [['X-ZDesk-JWT', token({ alg: 'RS256' }, { iat: 1 })]] as HeaderField[], body, 'unknown', 'RS256'],
    [
      'a detached token',
      [['X-JWS-Signature', token({ alg: 'HS256' }, {}).replace(/\.[^.]*\./, '..')]] as HeaderField[],
      body,
      'unknown',
      'detached',
    ],
    [
      'the draft of HTTP signatures',
      [['Authorization', `Signature keyId="a",signature="${bytes}"`]] as HeaderField[],
      body,
      'unknown',
      'quotes',
    ],
    [
      'a request signed for AWS',
      [
        [
          'Authorization',
          `AWS4-HMAC-SHA256 Credential=AKIA/20251009/us-east-1/events/aws4_request, SignedHeaders=host;x-amz-date, Signature=${mac(body)}`,
        ],
        ['x-amz-date', '20251009T085320Z'],
      ] as HeaderField[],
      body,
      'aws-sigv4',
      'AWS Signature Version 4',
    ],
    [
      'a token that nobody signed',
      [['X-Acme-Signature', token({ alg: 'none' }, { sha256: bodyHash }).replace(/[^.]*$/, '')]] as HeaderField[],
      body,
      'unknown',
      'a JWT without a signature (alg none)',
    ],
    ['a redacted one', [['X-Acme-Signature', '[redacted]']] as HeaderField[], body, 'unknown', '10 characters'],
    ['a field of the body', [], JSON.stringify({ amount: 1, sign: mac(body) }), 'unknown', 'The field sign of the body'],
  ])('%s is said to be there and not judged', (_, headers, text, scheme, words) => {
    const answer = ask(headers, [secret], { body: text });
    expect(answer).toMatchObject({ verdict: 'unchecked', reason: 'scheme_unsupported', scheme });
    expect(answer.message).toContain(words);
    expect(answer.message).toContain('Nothing is said about whether the signature is right.');
  });

  it('is seen in the query of the URL, too', () => {
    expect(ask([], [], { url: `https://a.example.com/?signature=${mac(body)}` })).toMatchObject({
      verdict: 'unchecked',
      message: expect.stringContaining('The parameter signature of the URL') as string,
    });
  });
});

describe('a header that no option of custom could describe', () => {
  const long = 'a'.repeat(120);
  it.each<[string, HeaderField]>([
    ['text of 121 characters before the signature', ['X-Signature', `${long}=${mac(body)}`]],
    ['such text in an entry of a list', ['X-Signature', `t=${time},${long}=${mac(`${time}.${body}`)}`]],
    ['such text before base64', ['X-Signature', `${long}=${mac(body, { as: 'base64' })}`]],
    ['such text before a token', ['X-Signature', `${long} ${token({ alg: 'HS256' }, { sha256: bodyHash })}`]],
    ['letters that are not ASCII before it', ['X-Signature', `schlüssel=${mac(body)}`]],
    ['a name of more than 200 characters', [`X-${'a'.repeat(220)}-Signature`, mac(body)]],
    ['a name with a space', ['X Acme Signature', mac(body)]],
    ['a timestamp beside it under such a name', ['X-Signature', `${time}`]],
  ])('with %s gets an answer about the request, not a refusal of options', (_, header) => {
    const beside: HeaderField = ['X Sent Timestamp', time];
    const answer = ask([header, beside], [secret]);
    expect(['valid', 'invalid', 'unchecked', 'unsigned']).toContain(answer.verdict);
    expect(answer.message).not.toMatch(/options\.|Too big/);
  });

  it('does not hide another that can be described', () => {
    const answer = ask([['X Acme Signature', mac('other')] as HeaderField, ['X-Other-Signature', mac(body)]], [secret]);
    expect(answer).toMatchObject({ verdict: 'valid', options: { header: 'X-Other-Signature' } });
  });

  it('leaves the fields that the caller lists alone', () => {
    const headers: HeaderField[] = [['X-Acme-Signature', `v9 ${mac(body)}`]];
    const input = { method: 'POST', url, headers, body: Buffer.from(body), secrets: [secret], nowMs };
    const fields = [{ place: 'header', name: 'X-Acme-Signature', value: 'v9 {signature}' }];
    expect(verifyRecognised(input, { fields })).toMatchObject({ verdict: 'valid', scheme: 'custom' });
  });
});

describe('a header of a known name', () => {
  it('stays with its scheme where only the form is wrong and the secret fits nothing', () => {
    const answer = ask([['X-Hub-Signature-256', `sha256= ${mac(body)}`]], ['another secret']);
    expect(answer).toMatchObject({ scheme: 'github-sha256', reason: 'header_malformed' });
    expect(answer.message).toContain('a space stands between sha256= and the signature');
  });

  it('is of another sender where the rest of its scheme is missing', () => {
    expect(ask([['Webhook-Signature', mac(body, { as: 'base64' })]], ['another secret'])).toMatchObject({
      scheme: 'custom',
      reason: 'signature_mismatch',
    });
  });
});

it('says of a guess that it is one, and tries every description', () => {
  const { message, checks } = ask([['X-Acme-Signature', mac('something else')]], [secret]);
  expect(message).toMatch(
    /read as X-Acme-Signature: <hex of HMAC-SHA256 over \{body\}> and in \d+ other ways\. How this sender signs is not known here/,
  );
  expect(checks.find(({ name }) => name === 'signature')?.result).toBe('failed');
});

it('tries few descriptions on a large body, which would hold others up', () => {
  const large = Buffer.alloc(20_000_000, 0x20);
  const input = { method: 'POST', url, headers: [['X-Acme-Signature', mac('x')]] as HeaderField[], body: large, secrets: [secret], nowMs };
  expect(verifyRecognised(input).message).toContain('over {body}>. How this sender');
});

it('takes the options of the caller before its own guesses', () => {
  const headers: HeaderField[] = [['X-Acme-Signature', mac(`v9/${body}`)]];
  const input = { method: 'POST', url, headers, body: Buffer.from(body), secrets: [secret], nowMs };
  expect(verifyRecognised(input, { signedContent: 'v9/{body}' })).toMatchObject({
    verdict: 'valid',
    options: { signedContent: 'v9/{body}' },
  });
});
