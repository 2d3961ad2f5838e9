import { expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import {
  firstHeaderValues,
  hasHeader,
  headerNameTest,
  headerValue,
  headerValues,
  withoutBlanks,
} from '../../../src/shared/text/headers.ts';

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

it('many names and many headers are looked up in any case, the first line of each counting', () => {
  const isWanted = headerNameTest(['X-One', 'content-type']);
  expect(['x-one', 'Content-Type', 'X-Two'].map(isWanted)).toEqual([true, true, false]);
  expect([
    ...firstHeaderValues([
      ['X-One', '1'],
      ['x-one', '2'],
      ['Y', '3'],
    ]),
  ]).toEqual([
    ['x-one', '1'],
    ['y', '3'],
  ]);
});

it('only spaces and tabs around a text are taken away', () => {
  expect(withoutBlanks(' \t a b\u00a0\t ')).toBe('a b\u00a0');
});
