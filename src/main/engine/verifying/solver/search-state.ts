import type { SolverMatch } from '#shared/contract/solving.ts';
import { costOf, remedyOf, sentenceOf, type Cause } from './cause.ts';
import { proofBytes } from './signature/comparison.ts';
import type { Ending } from './untried.ts';
import type { SearchShare, SolverProblem } from './problem.ts';

/** Counts what is tried, keeps what is found, and says when it is time to stop or to tell. */
export interface SearchState {
  readonly problem: SolverProblem;
  readonly matches: SolverMatch[];
  readonly byKind: Map<string, number>;
  tried: number;
  /** How many things are being changed at once; 3 stands for the far-fetched pairs, which come after all others. */
  level: 0 | 1 | 2 | 3;
  readonly share: SearchShare;
  /** The caller should pass progress on when it is true, and end when there is an ending. */
  readonly isDue: () => boolean;
  readonly ending: () => Ending | null;
}

/** Counts one more try under each kind of thing that it changes. */
export function countTry(state: SearchState, causes: readonly Cause[]): void {
  state.tried += 1;
  const add = (kind: string) => state.byKind.set(kind, (state.byKind.get(kind) ?? 0) + 1);
  if (causes.length === 0) add('none');
  else for (const kind of new Set(causes.map((cause) => cause.kind))) add(kind);
}

/** Keeps a match, and tells the other threads when it is a proof. */
export function keepMatch(match: SolverMatch, { matches, share, level }: SearchState): void {
  matches.push(match);
  if (!match.weak) share.tellProven(level);
}

/** Proofs before hints, and cheapest first. */
export function inOrder(matches: readonly SolverMatch[]): SolverMatch[] {
  return matches.toSorted((left, right) => Number(left.weak) - Number(right.weak) || left.cost - right.cost);
}

/** The words for a match: what it costs, what was changed and what to do. */
export function explained(
  causes: readonly Cause[],
  comparedBytes: number | null,
): Pick<SolverMatch, 'cost' | 'causes' | 'sentence' | 'remedy' | 'weak'> {
  const weak = comparedBytes !== null && comparedBytes < proofBytes;
  const hint = weak ? ` This is a hint and no proof, because only ${comparedBytes} bytes could be compared.` : '';
  const asItIs = 'The signature matches as it is; whatever refuses the request refuses it for another reason.';
  return {
    cost: costOf(causes),
    causes: causes.map((cause) => ({ kind: cause.kind, id: cause.id, sentence: sentenceOf([cause]) })),
    sentence: `${causes.length === 0 ? asItIs : sentenceOf(causes)}${hint}`,
    remedy: causes.length === 0 ? 'Look at the timestamp, the tolerance and the checks after the signature.' : remedyOf(causes),
    weak,
  };
}
