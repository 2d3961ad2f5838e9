import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '#engine/base/given-bytes.ts';
import { schemes as engineSchemes } from '../../../src/main/engine/signing/registry.ts';
import { parseOptions } from '../../../src/main/engine/signing/registry.ts';
import { verifyRequest } from '../../../src/main/engine/signing/verify.ts';
import {
  chipHeaders,
  emptyInput,
  exampleInput,
  readInput,
  timestampMs,
  type VerifyInput,
} from '../../../src/renderer/features/verify/verify-input.ts';

const schemes = engineSchemes.map((scheme) => ({ id: scheme.id, ...scheme.info, options: {} }));

/** The engine's verdict on what is read from the form. */
function verdictOn(input: VerifyInput) {
  const { question } = readInput(input, schemes);
  if (question === null) throw new Error('The form comes to no question.');
  const { request } = question;
  return verifyRequest({
    options: parseOptions(question.scheme, question.options),
    secrets: question.secrets ?? [],
    nowMs: question.nowMs ?? Date.now(),
    method: request.method ?? null,
    url: request.url ?? null,
    headers: request.headers ?? [],
    body: bytesOf(request.bodyBase64 ?? ''),
  });
}

describe('what is read from the form', () => {
  it('is valid for the example', () => {
    expect(verdictOn(exampleInput)).toMatchObject({ verdict: 'valid', scheme: 'standard-webhooks' });
  });

  it('is not valid any more when the body gets one more byte', () => {
    expect(verdictOn({ ...exampleInput, body: `${exampleInput.body}\n` })).toMatchObject({
      verdict: 'invalid',
      reason: 'signature_mismatch',
    });
  });

  it('takes the options of a scheme while it is the one that is checked, and its defaults otherwise', () => {
    const options = { scheme: 'paypal', webhookId: 'WH-1', certUrl: 'https://api.paypal.com/cert' } as const;
    const paypal = readInput({ ...exampleInput, scheme: 'paypal', options }, schemes);
    expect(paypal.question?.options).toEqual({ webhookId: 'WH-1', certUrl: 'https://api.paypal.com/cert' });
    expect(readInput({ ...exampleInput, scheme: 'stripe', options }, schemes).question?.options).toEqual({});
    const strict = readInput({ ...exampleInput, options: { scheme: 'standard-webhooks', toleranceSeconds: 5 } }, schemes);
    expect(strict.question?.options).toEqual({ toleranceSeconds: 5 });
  });

  it('keeps CRLF of a pasted body, and changes it only where that is chosen', () => {
    const body = '{\r\n}';
    const signature = createHmac('sha256', 'secret').update(body).digest('hex');
    const input: VerifyInput = { ...emptyInput, head: `X-Acme-Signature: sha256=${signature}`, body, secrets: ['secret'] };
    expect(verdictOn(input).verdict).toBe('valid');
    expect(verdictOn({ ...input, lineEnding: 'lf' }).verdict).toBe('invalid');
  });

  it('uses the bytes of a dropped file instead of the text', () => {
    const bytes = new Uint8Array([0xff, 0x00, 0x0d]);
    const signature = createHmac('sha256', 'secret').update(bytes).digest('hex');
    const input: VerifyInput = {
      ...emptyInput,
      head: `X-Acme-Signature: ${signature}`,
      body: 'other',
      file: { name: 'body.bin', bytes },
      secrets: ['secret'],
    };
    expect(verdictOn(input).verdict).toBe('valid');
  });

  it('asks nothing while there is no header, or while the body or the clock cannot be read', () => {
    expect(readInput(emptyInput, schemes).question).toBeNull();
    expect(readInput({ ...exampleInput, encoding: 'hex' }, schemes).question).toBeNull();
    expect(readInput({ ...exampleInput, clock: 'soon' }, schemes).question).toBeNull();
  });

  it('follows a chosen scheme over the recognised one', () => {
    const reading = readInput({ ...exampleInput, scheme: 'custom' }, schemes);
    expect(reading).toMatchObject({ scheme: 'custom', recognised: { scheme: 'standard-webhooks' } });
    expect(reading.question?.options).toMatchObject({ header: 'X-Signature' });
  });

  it('puts the URL together from the request line and Host, unless one is typed', () => {
    expect(readInput(exampleInput, schemes).url).toBe('https://example.com/webhooks');
    expect(readInput({ ...exampleInput, url: ' http://a.test/x ' }, schemes).question?.request.url).toBe('http://a.test/x');
  });
});

describe('chips', () => {
  it('know which headers carry id and timestamp, for a fixed scheme and for custom options', () => {
    expect(chipHeaders(readInput(exampleInput, schemes), schemes)).toEqual({ id: 'webhook-id', timestamp: 'webhook-timestamp' });
    const custom = readInput({ ...exampleInput, scheme: 'custom' }, schemes);
    expect(chipHeaders(custom, schemes)).toEqual({ id: null, timestamp: null });
  });

  it.each([
    ['1614265330', 1_614_265_330_000],
    ['1614265330123', 1_614_265_330_123],
    ['yesterday', null],
  ])('read %j as a time', (text, expected) => {
    expect(timestampMs(text)).toBe(expected);
  });
});
