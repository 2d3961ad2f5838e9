import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../src/renderer/features/verify/body-bytes.ts';
import { pairSignatures } from '../../../src/renderer/features/verify/first-difference.ts';
import { readClock } from '../../../src/renderer/features/verify/receiver-clock.ts';

describe('the body field', () => {
  it.each([
    ['hé', 'text', [104, 195, 169]],
    ['aGk=', 'base64', [104, 105]],
    ['_-8', 'base64', [255, 239]],
    ['0xFF 0a', 'hex', [255, 10]],
    ['ff:00', 'hex', [255, 0]],
    ['', 'hex', []],
  ] as const)('reads %j as %s', (text, encoding, bytes) => {
    expect(decodeBody(text, encoding)).toMatchObject({ ok: true, bytes: new Uint8Array(bytes) });
  });

  it.each([
    ['fg', 'hex', '"g" is not a hex digit'],
    ['abc', 'hex', 'odd number'],
    ['a*b=', 'base64', '"*" is not a base64 character'],
    ['aGkaa', 'base64', 'A character is missing'],
  ] as const)('says what is wrong with %j as %s', (text, encoding, message) => {
    expect(decodeBody(text, encoding)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });
});

describe("the receiver's clock", () => {
  it.each([
    ['', null],
    [' now ', null],
    ['1761955200', 1_761_955_200_000],
    ['1761955200000', 1_761_955_200_000],
    ['2025-11-01T00:00:00Z', 1_761_955_200_000],
    ['2025-11-01T02:00:00+02:00', 1_761_955_200_000],
  ])('reads %j', (text, nowMs) => {
    expect(readClock(text)).toEqual({ ok: true, nowMs });
  });

  it.each([
    ['yesterday', 'Unix seconds'],
    ['2025-11-01T00:00:00', 'time zone'],
    ['1960-01-01T00:00:00Z', '1970'],
  ])('refuses %j', (text, message) => {
    expect(readClock(text)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });
});

describe('expected beside received', () => {
  it('marks the first character that differs', () => {
    expect(pairSignatures(['v1,abcd'], ['v1,abXd'])).toEqual([
      { expected: { same: 'v1,ab', different: 'cd' }, received: { same: 'v1,ab', different: 'Xd' }, isEqual: false },
    ]);
  });

  it('pairs each received signature with the expected one that is nearest', () => {
    const pairs = pairSignatures(['v1,aaaa', 'v1,bbbb'], ['v1,bbbb', 'v1,aaXX']);
    expect(pairs.map((pair) => [pair.isEqual, pair.expected.same])).toEqual([
      [true, 'v1,bbbb'],
      [false, 'v1,aa'],
    ]);
  });

  it('shows one side alone when the other is not known', () => {
    expect(pairSignatures([], ['v1,a'])).toMatchObject([{ received: { same: 'v1,a', different: '' }, isEqual: false }]);
    expect(pairSignatures(['v1,a'], [])).toMatchObject([{ expected: { same: '', different: 'v1,a' }, isEqual: false }]);
  });
});
