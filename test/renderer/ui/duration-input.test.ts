import { expect, test } from 'vitest';
import { readSeconds } from '../../../src/renderer/ui/duration-input.tsx';

test.each([
  ['300', 300],
  ['5m', 300],
  ['2 min', 120],
  ['1h', 3600],
  ['0', 0],
  ['1 d', 86_400],
  ['', null],
  ['25 h', Number.NaN],
  ['1500 ms', Number.NaN],
  ['5 x', Number.NaN],
  ['soon', Number.NaN],
])('a tolerance of %j is %d seconds', (text, seconds) => {
  expect(readSeconds(text, 86_400)).toBe(seconds);
});
