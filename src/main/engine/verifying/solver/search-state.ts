import type { SolverMatch } from '#shared/contract/solving.ts';
import { costOf, remedyOf, sentenceOf, type Cause } from './cause.ts';
import { proofBytes } from './comparison.ts';
import type { SolverProblem } from './problem.ts';

/** Counts what is tried, keeps what is found, and says when it is time to stop or to tell. */
export interface SearchState {
  readonly problem: SolverProblem;
  readonly matches: SolverMatch[];
  readonly byKind: Map<string, number>;
  tried: number;
  /** The caller should pass progress on when it is true, and end when the budget is spent. */
  readonly isDue: () => boolean;
  readonly isSpent: () => boolean;
}

/** Counts one more try under each kind of thing that it changes. */
export function countTry(state: SearchState, causes: readonly Cause[]): void {
  state.tried += 1;
  const add = (kind: string) => state.byKind.set(kind, (state.byKind.get(kind) ?? 0) + 1);
  if (causes.length === 0) add('none');
  else for (const kind of new Set(causes.map((cause) => cause.kind))) add(kind);
}

/** The words for a match: what it costs, what was changed and what to do. */
export function explained(
  causes: readonly Cause[],
  comparedBytes: number,
): Pick<SolverMatch, 'cost' | 'causes' | 'sentence' | 'remedy' | 'weak'> {
  const weak = comparedBytes < proofBytes;
  const hint = weak ? ` This is a hint and no proof, because only ${comparedBytes} bytes could be compared.` : '';
  const asItIs = 'The signature matches as it is; whatever refuses the request refuses it for another reason.';
  return {
    cost: Math.round(costOf(causes) * 100) / 100,
    causes: causes.map((cause) => ({ kind: cause.kind, id: cause.id, sentence: sentenceOf([cause]) })),
    sentence: `${causes.length === 0 ? asItIs : sentenceOf(causes)}${hint}`,
    remedy: causes.length === 0 ? 'Look at the timestamp, the tolerance and the checks after the signature.' : remedyOf(causes),
    weak,
  };
}
