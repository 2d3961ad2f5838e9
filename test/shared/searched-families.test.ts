import { expect, test } from 'vitest';
import type { SolverFamily } from '#shared/contract/solving.ts';
import { familiesText, familyGroups } from '#shared/searched-families.ts';

const family = (name: string, state: SolverFamily['state'], why: SolverFamily['why'] = null): SolverFamily => ({
  family: name,
  title: name,
  kind: 'body',
  tried: state === 'searched' ? 3 : 0,
  state,
  why,
});

test('families that were not searched come first, each with its reason', () => {
  const families = [
    family('a', 'searched'),
    family('b', 'nothing to change'),
    family('c', 'in part', 'size'),
    family('d', 'not reached', 'time'),
  ];
  expect(familyGroups(families).map(({ title, families: members }) => [title, members.map((one) => one.family)])).toEqual([
    ['Not searched: the time limit was reached', ['d']],
    ['Searched in part: the body is too large to try all of it', ['c']],
    ['Searched', ['a']],
    ['Nothing of this kind in the request', ['b']],
  ]);
  expect(familiesText(families, [])).toBe('1 of the 3 kinds of changes that fit the request were searched to the end');
});

test('distinguishes kinds searched alone from pairs of them that were not', () => {
  const untried = [{ phase: 'far-fetched pairs' as const, pairs: [] }];
  expect(familiesText([family('a', 'searched')], untried)).toBe(
    'The one kind of change that fits the request was searched to the end, by itself; not all pairs of it with other changes were',
  );
});

test('says that all kinds were searched without counting them twice', () => {
  expect(familiesText([family('a', 'searched'), family('b', 'searched')], [])).toBe(
    'All 2 kinds of changes that fit the request were searched to the end',
  );
  expect(familiesText([family('a', 'in part', 'size')], [])).toBe(
    'The one kind of change that fits the request was not searched to the end',
  );
});
