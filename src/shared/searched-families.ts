import type { SolverFamily, SolverUntried } from './contract/solving.ts';

/** Families of changes that a search treated alike. */
export interface FamilyGroup {
  /** What the search did with them: `Not searched: the time limit was reached`. */
  readonly title: string;
  readonly state: SolverFamily['state'];
  readonly families: readonly SolverFamily[];
}

const whyWords: Readonly<Record<NonNullable<SolverFamily['why']>, string>> = {
  match: 'not needed: a match with fewer changes was found',
  time: 'the time limit was reached',
  count: 'the limit on signatures per search was reached',
  size: 'the body is too large to try all of it',
  signature: 'there is no signature to compare with',
};

const stateWords: Readonly<Record<SolverFamily['state'], string>> = {
  'not reached': 'Not searched',
  'in part': 'Searched in part',
  searched: 'Searched',
  'nothing to change': 'Nothing of this kind in the request',
};

/** Families by how far they were searched and why no further: first what is missing, then the rest. */
export function familyGroups(families: readonly SolverFamily[]): readonly FamilyGroup[] {
  const groups = Map.groupBy(families, ({ state, why }) => `${state} ${why ?? ''}`);
  const order = Object.keys(stateWords);
  return [...groups.values()]
    .map((members): FamilyGroup => {
      const [first] = members;
      const { state, why } = first ?? { state: 'searched', why: null };
      return { title: why === null ? stateWords[state] : `${stateWords[state]}: ${whyWords[why]}`, state, families: members };
    })
    .toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
}

/**
 * How far a search went, in one line: `35 of the 40 kinds of changes that fit the request were searched to the end`, or `All 40 kinds …`;
 * kinds that do not apply to the request are left out. Each kind alone is meant, so pairs of them that were not all tried are named beside it.
 */
export function familiesText(families: readonly SolverFamily[], untried: readonly Pick<SolverUntried, 'pairs' | 'phase'>[]): string {
  const possible = families.filter(({ state }) => state !== 'nothing to change');
  const searched = possible.filter(({ state }) => state === 'searched').length;
  const arePairsLeft = untried.some(({ pairs, phase }) => pairs.length > 0 || phase === 'far-fetched pairs' || phase === 'two changes');
  const alone =
    possible.length === 1 ? 'by itself; not all pairs of it with other changes were' : 'each by itself; not all pairs of them were';
  return `${countOf(searched, possible.length)} searched to the end${arePairsLeft ? `, ${alone}` : ''}`;
}

function countOf(searched: number, possible: number): string {
  if (possible === 1) return `The one kind of change that fits the request was${searched === 1 ? '' : ' not'}`;
  const kinds = 'kinds of changes that fit the request were';
  return searched === possible && possible > 0 ? `All ${possible} ${kinds}` : `${searched} of the ${possible} ${kinds}`;
}
