import type { SolverFamily, SolverUntried } from '#shared/contract/solving.ts';
import { families, familyIds, type FamilyId } from './families.ts';

/** Families with so many changes that they are tried after the usual pairs. */
const lateFamilies: ReadonlySet<FamilyId> = new Set(['key-order', 'wrapped', 'lookalikes', 'secret-lookalikes']);

/** How far each family was searched, from the number of tries and from what the search did not reach. */
export function coverageOf(
  tried: ReadonlyMap<FamilyId, number>,
  untried: readonly SolverUntried[],
  limited: ReadonlySet<FamilyId>,
): SolverFamily[] {
  const ended = untried.find(({ why }) => why !== 'size');
  return familyIds.map((family): SolverFamily => {
    const count = tried.get(family) ?? 0;
    const isCut = ended !== undefined && mayBeUnfinished(family, ended.phase);
    const info = { family, title: families[family].title, kind: families[family].kind, tried: count };
    if (isCut) return { ...info, state: count === 0 ? 'not reached' : 'in part', why: ended.why };
    if (limited.has(family)) return { ...info, state: 'in part', why: 'size' };
    return { ...info, state: count === 0 ? 'nothing to change' : 'searched', why: null };
  });
}

/** Whether a search that ended in a phase may not have covered this family completely. */
function mayBeUnfinished(family: FamilyId, phase: SolverUntried['phase']): boolean {
  if (phase === 'far-fetched pairs') return false;
  return phase === 'two changes' ? lateFamilies.has(family) : true;
}

const ranks = { 'not reached': 3, 'in part': 2, searched: 1, 'nothing to change': 0 } as const satisfies Record<
  SolverFamily['state'],
  number
>;

/** Combines the coverage of several threads; the one that got least far counts. */
export function mergeCoverage(each: readonly (readonly SolverFamily[])[]): SolverFamily[] {
  return familyIds.flatMap((family) => {
    const ofAll = each.flatMap((list) => list.filter((one) => one.family === family));
    const [worst] = ofAll.toSorted((one, other) => ranks[other.state] - ranks[one.state]);
    if (worst === undefined) return [];
    const tried = ofAll.reduce((sum, one) => sum + one.tried, 0);
    return [{ ...worst, tried, state: worst.state === 'not reached' && tried > 0 ? 'in part' : worst.state }];
  });
}
