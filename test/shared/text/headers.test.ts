import { expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import { hasHeader, headerValue, headerValues } from '#shared/text/headers.ts';

const headers: readonly HeaderField[] = [
  ['X-A', '1'],
  ['x-b', ''],
  ['x-a', ' 2 '],
];

it.each([
  { name: 'x-a', values: ['1', ' 2 '], first: '1' },
  { name: 'X-B', values: [''], first: '' },
  { name: 'X-C', values: [], first: null },
  { name: 'X-', values: [], first: null },
])('$name is found in any case, its lines in their order', ({ name, values, first }) => {
  expect(headerValues(headers, name)).toEqual(values);
  expect(headerValue(headers, name)).toBe(first);
  expect(hasHeader(headers, name)).toBe(first !== null);
});
