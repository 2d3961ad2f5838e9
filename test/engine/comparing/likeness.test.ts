import { expect, it } from 'vitest';
import { likeliestFirst, likenessOf, type Marks } from '#engine/comparing/likeness.ts';

interface Given {
  readonly signatures?: readonly string[];
  readonly id?: string | null;
  readonly type?: string;
  readonly method?: string | null;
  readonly path?: string | null;
}

function marks({ signatures = [], id = null, type = '', method = null, path = null }: Given): Marks {
  return { signatures: new Set(signatures), event: () => ({ id, type }), method, path, atMs: null };
}

const other = { signatures: ['x-sig: a'], id: 'evt_1', type: 'order.made', method: 'POST', path: '/hooks' };

it.each([
  ['the same signature, whatever else', { signatures: ['x-sig: a'], id: 'evt_2' }, 'signature'],
  ['the same event sent again', { ...other, signatures: ['x-sig: b'] }, 'event id'],
  ['another event of its type, signed likewise', { ...other, signatures: ['x-sig: b'], id: 'evt_2' }, 'event type'],
  ['its type, signed in another header', { ...other, signatures: ['y-sig: b'], id: 'evt_2' }, 'target'],
  ['its type, not signed, elsewhere', { type: 'order.made', path: '/other' }, null],
  ['its path by another method', { method: 'GET', path: '/hooks' }, null],
  ['its path and method', { method: 'POST', path: '/hooks' }, 'target'],
  ['nothing that is known', {}, null],
] as const)('%s', (_what, own, likeness) => {
  expect(likenessOf(marks(own), marks(other))).toBe(likeness);
});

it('two requests that say nothing have nothing in common', () => {
  expect(likenessOf(marks({}), marks({}))).toBeNull();
});

const item = (entry: number, likeness: ReturnType<typeof likenessOf>, atMs: number | null = null) => ({ entry, likeness, atMs });
const listed = [
  item(1, null, 100),
  item(2, 'target', 100),
  item(3, 'event type', 900),
  item(4, 'event type', 120),
  item(5, 'event type'),
  item(6, 'event id', 900),
  item(7, 'signature', 900),
  item(8, null, 99),
];

it.each([
  ['the nearest of equals first', 100, [7, 6, 4, 3, 5, 2, 1, 8]],
  ['in their order where the time is not known', null, [7, 6, 3, 4, 5, 2, 1, 8]],
] as const)('the likeliest come first, %s', (_what, atMs, order) => {
  expect(likeliestFirst(listed, atMs).map(({ entry }) => entry)).toEqual(order);
});
