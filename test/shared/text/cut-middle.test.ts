import { expect, it } from 'vitest';
import { cutMiddle } from '#shared/text/cut-middle.ts';

const keep = { start: 4, end: 3 };

it('leaves a text whole that is no longer than both its ends', () => {
  expect(cutMiddle('abcdefg', keep)).toEqual({ start: 'abcdefg', hiddenCharacters: 0, end: '' });
});

it('keeps beginning and end of a long one, and says how much is left out', () => {
  expect(cutMiddle(`abcd${'x'.repeat(10_000_000)}efg`, keep)).toEqual({ start: 'abcd', hiddenCharacters: 10_000_000, end: 'efg' });
});

it('cuts no character in two', () => {
  expect(cutMiddle('abc\u{1f469}defgh\u{1f469}ij', keep)).toEqual({ start: 'abc', hiddenCharacters: 9, end: 'ij' });
});
