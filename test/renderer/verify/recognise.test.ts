import { describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { describeCustom } from '#shared/recognise/describe-custom.ts';
import { schemes as engineSchemes } from '../../../src/main/engine/signing/registry.ts';
import { defaultCustomOptions } from '../../../src/renderer/ui/custom-options.ts';
import { findHeader, headerValueRange, recognise as recogniseRequest } from '../../../src/renderer/features/verify/recognise.ts';

const schemes = engineSchemes.map((scheme) => ({ id: scheme.id, ...scheme.info, options: {} }));

const recognise = (headers: readonly HeaderField[], known: readonly { readonly id: string }[]) =>
  recogniseRequest({ url: null, headers, body: null }, known);

describe('recognising a signature', () => {
  it('knows Standard Webhooks by its headers in any case', () => {
    const headers: [string, string][] = [
      ['Webhook-Id', 'msg_1'],
      ['Webhook-Timestamp', '1'],
      ['Webhook-Signature', 'v1,x'],
    ];
    expect(recognise(headers, schemes)).toMatchObject({
      scheme: 'standard-webhooks',
      confidence: 'certain',
      because: expect.stringContaining('webhook-id'),
    });
  });

  it('says so when a header of the scheme is missing', () => {
    expect(recognise([['webhook-signature', 'v1,x']], schemes)).toMatchObject({
      scheme: 'standard-webhooks',
      because: expect.stringContaining('not every header'),
    });
  });

  it('reads the options of a custom HMAC off its header', () => {
    expect(recognise([['X-Acme-Signature-256', `sha256=${'0'.repeat(64)}`]], schemes)).toMatchObject({
      scheme: 'custom',
      confidence: 'possible',
      because:
        'X-Acme-Signature-256 looks like an HMAC-SHA256 in hex, with "sha256=" before it. Its sender is not known to Hookyard, so what it signs is a guess.',
      custom: { header: 'X-Acme-Signature-256', prefix: 'sha256=', encoding: 'hex', algorithm: 'sha256' },
    });
  });

  it('takes a timestamp header along with its unit', () => {
    const headers: [string, string][] = [
      ['X-Acme-Signature', 'f'.repeat(64)],
      ['X-Acme-Timestamp', '1761955200000'],
    ];
    expect(recognise(headers, schemes).custom).toMatchObject({
      timestampHeader: 'X-Acme-Timestamp',
      timestampUnit: 'ms',
      signedContent: '{timestamp}.{body}',
    });
  });

  it('names a scheme that cannot be checked here, and takes the next that can', () => {
    const headers: [string, string][] = [['Stripe-Signature', `t=1,v1=${'0'.repeat(64)}`]];
    expect(recognise(headers, [{ id: 'custom' }])).toMatchObject({ scheme: null, because: expect.stringContaining('stripe') });
  });

  it('recognises nothing in a request without a signature', () => {
    expect(recognise([['Content-Type', 'application/json']], schemes).scheme).toBeNull();
  });
});

it('finds the value of a header in the text, to select it there', () => {
  const text = 'POST / HTTP/1.1\nwebhook-id:  msg_1 \nwebhook-timestamp: 17';
  const range = headerValueRange(text, 'Webhook-Id');
  expect(text.slice(range?.start, range?.end)).toBe('msg_1');
  expect(headerValueRange(text, 'x-none')).toBeNull();
  expect(findHeader([['A-b', '1']], 'a-B')).toEqual({ name: 'A-b', value: '1' });
});

it('says in one line what a custom scheme is', () => {
  expect(describeCustom({ ...defaultCustomOptions, prefix: 'sha256=' })).toBe('X-Signature: sha256=<hex of HMAC-SHA256 over {body}>');
});
