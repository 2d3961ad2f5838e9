import { Buffer } from 'node:buffer';
import { createHash, createHmac, type BinaryToTextEncoding } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { parseOptions } from '#engine/signing/registry.ts';
import { verifyRecognised } from '#engine/signing/verify-recognised.ts';
import { verifyRequest } from '#engine/signing/verify.ts';

const secret = 's3cret-key-0123-long-enough';
const body = '{"id":1,"name":"Zoë"}';
const request = { method: 'POST', url: 'https://shop.example.com/hook', body: Buffer.from(body), nowMs: 1_760_000_000_000 };

const digest = (hash: string, as: BinaryToTextEncoding) => createHash(hash).update(body).digest(as);
const ask = (headers: readonly HeaderField[], given = secret) => verifyRecognised({ ...request, headers, secrets: [given] });

describe('a digest of the body in a header', () => {
  it.each<[string, string, string]>([
    ['x-body-hash', digest('sha256', 'hex'), 'SHA-256'],
    ['x-content-sha256', digest('sha256', 'base64'), 'SHA-256'],
    ['X-Webhook-Digest', `sha512=${digest('sha512', 'hex').toUpperCase()}`, 'SHA-512'],
    ['X-Acme-Signature', digest('sha1', 'hex'), 'SHA-1'],
  ])('is said to be one and no signature: %s', (header, value, hash) => {
    const answer = ask([[header, value]]);
    expect(answer).toMatchObject({ verdict: 'unsigned', reason: 'unknown' });
    expect(answer.message).toContain(`${header} is the ${hash} of the body`);
  });

  it('hides no signature beside it', () => {
    const mac = createHmac('sha256', secret).update(body).digest('hex');
    expect(
      ask([
        ['x-signature-hash', digest('sha256', 'hex')],
        ['x-acme-webhook-hash', mac],
      ]),
    ).toMatchObject({ verdict: 'valid', options: { header: 'x-acme-webhook-hash' } });
  });
});

describe('a header that equals the secret', () => {
  const hex = createHash('sha256').update('a token').digest('hex');
  it.each<[string, string, string]>([
    ['x-webhook-token', hex, hex],
    ['x-webhook-secret', secret, secret],
    ['x-acme-key', 'short-token', 'short-token'],
    ['authorization', `Bearer ${secret}`, secret],
  ])('is said to be a token, and not shown: %s', (header, value, given) => {
    const answer = ask([[header, value]], given);
    expect(answer).toMatchObject({ verdict: 'unchecked', reason: 'scheme_unsupported' });
    expect(answer.message).toContain(`${header} holds the secret itself`);
    expect(JSON.stringify(answer)).not.toContain(given);
  });

  it.each([
    ['github-sha256', 'X-Hub-Signature-256', `sha256=${secret}`, secret],
    ['custom', 'X-Signature', secret, secret],
    ['stripe', 'Stripe-Signature', `t=1760000000,v1=${secret}`, secret],
    ['slack', 'X-Slack-Signature', 'a"b', 'a"b'],
    ['shopify', 'X-Shopify-Hmac-Sha256', 'x'.repeat(80), 'x'.repeat(80)],
  ] as const)('is not repeated by a verdict of %s', (scheme, header, value, given) => {
    const headers: readonly HeaderField[] = [
      [header, value],
      ['X-Slack-Request-Timestamp', '1760000000'],
    ];
    const verdict = verifyRequest({ ...request, headers, secrets: [given], options: parseOptions(scheme) });
    expect(verdict.verdict).toBe('invalid');
    expect(JSON.stringify([verdict.message, verdict.checks, verdict.receivedSignatures])).not.toContain(given.slice(0, 60));
    expect(verdict.message).not.toContain(JSON.stringify(given).slice(1, -1).slice(0, 60));
  });
});
