import { expect, test } from 'vitest';
import { firstDifference, hexText, sharedEndLength } from '../../../src/shared/text/bytes.ts';

test.each([
  ['abc', 'abc', null],
  ['abc', 'abd', 2],
  ['abc', 'ab', 2],
  ['', 'a', 0],
])('%j and %j first differ at %j, as texts and as bytes', (one, other, at) => {
  expect(firstDifference(one, other)).toBe(at);
  expect(firstDifference(new TextEncoder().encode(one), new TextEncoder().encode(other))).toBe(at);
});

test('the common end stops at the limit', () => {
  expect([sharedEndLength('xab', 'yab', 3), sharedEndLength('ab', 'ab', 1), sharedEndLength('a', 'b', 1)]).toEqual([2, 1, 0]);
});

test('bytes are written with two digits each', () => {
  expect([hexText([0, 10, 255]), hexText([0, 10, 255], ' ')]).toEqual(['000aff', '00 0a ff']);
});
