import { expect, it } from 'vitest';
import { compareHeads, type ComparedRequest } from '../../../src/renderer/features/compose/compare-requests.ts';

const base: ComparedRequest = {
  method: 'POST',
  target: '/hook?a=1',
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Tag', 'a'],
    ['X-Tag', 'b'],
  ],
};
const withHeaders = (...headers: [string, string][]): ComparedRequest => ({ ...base, headers });

it.each<readonly [string, ComparedRequest, Partial<ReturnType<typeof compareHeads>>]>([
  ['the same', base, { isSameLine: true, headers: [], isReordered: false }],
  ['another method', { ...base, method: 'PUT' }, { isSameLine: false, headers: [] }],
  ['another query', { ...base, target: '/hook' }, { isSameLine: false, headers: [] }],
  [
    'a header that is missing there',
    withHeaders(['Content-Type', 'application/json']),
    { headers: [{ kind: 'only here', name: 'X-Tag', here: 'a, b', there: null }] },
  ],
  [
    'a header more there',
    { ...base, headers: [...base.headers, ['Via', 'proxy']] },
    { headers: [{ kind: 'only there', name: 'Via', here: null, there: 'proxy' }] },
  ],
  [
    'another number of values',
    withHeaders(['Content-Type', 'application/json'], ['X-Tag', 'a']),
    { headers: [{ kind: 'another value', name: 'X-Tag', here: 'a, b', there: 'a' }] },
  ],
  [
    'names in another case',
    withHeaders(['content-type', 'application/json'], ['X-Tag', 'a'], ['X-Tag', 'b']),
    { headers: [{ kind: 'another case', name: 'Content-Type', here: 'application/json', there: 'content-type' }], isReordered: false },
  ],
  ['another order', withHeaders(['X-Tag', 'a'], ['X-Tag', 'b'], ['Content-Type', 'application/json']), { headers: [], isReordered: true }],
])('two heads are compared: %s', (_what, there, expected) => {
  expect(compareHeads(base, there)).toMatchObject(expected);
});
