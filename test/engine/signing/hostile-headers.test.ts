import { withoutBlanks } from '#shared/text/headers.ts';
import { describe, expect, it } from 'vitest';
import { withoutJoinedComma } from '#engine/signing/header-values.ts';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';

describe('a header value', () => {
  it.each([
    ['  a b\t', 'a b'],
    ['\t \t', ''],
    ['', ''],
    ['a', 'a'],
    [' \na\n ', '\na\n'],
  ])('loses the spaces and tabs around it, and nothing else: %j', (text, expected) => {
    expect(withoutBlanks(text)).toBe(expected);
  });

  it.each([
    ['v1,abc,', 'v1,abc'],
    ['v1,abc,,', 'v1,abc,'],
    ['v1,abc', 'v1,abc'],
    ['v1,,', 'v1,,'],
    ['v1,', 'v1,'],
    [',', ','],
  ])('loses the comma that joining two lines left, and only that: %j', (text, expected) => {
    expect(withoutJoinedComma(text)).toBe(expected);
  });
});

describe('a signature header with more entries than are read', () => {
  it('is told as such, with the number of them', () => {
    const options = parseOptions('stripe');
    const { message, reason } = schemeOf('stripe').verify({
      options,
      secrets: ['whsec_x'],
      nowMs: 0,
      method: 'POST',
      url: null,
      headers: [['Stripe-Signature', `t=0${',v1=ab'.repeat(50_000)}`]],
      body: Buffer.from('{}'),
    });
    expect(reason).toBe('header_malformed');
    expect(message).toContain('it has 50001 entries, and at most 10001 are read');
  });
});
