import type { SolverMatch } from '#shared/contract/solving.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { costOf, remedyOf, sentenceOf, type Cause } from './cause.ts';
import { proofBytes } from './signature/comparison.ts';
import type { FamilyId } from './families.ts';
import type { Ending } from './untried.ts';
import type { SearchShare, SolverProblem } from './problem.ts';

/** Counts tries, keeps matches, and says when to stop or to report progress. */
export interface SearchState {
  readonly problem: SolverProblem;
  readonly matches: SolverMatch[];
  readonly byKind: Map<string, number>;
  readonly byFamily: Map<FamilyId, number>;
  tried: number;
  /** How many things are being changed at once; 3 means the far-fetched pairs, which come after all others. */
  level: 0 | 1 | 2 | 3;
  readonly share: SearchShare;
  /** The caller should report progress when `isDue` returns true, and stop when there is an ending. */
  readonly isDue: () => boolean;
  readonly ending: () => Ending | null;
}

/** Counts a try for each kind of thing that it changes. */
export function countTry(state: SearchState, causes: readonly Cause[]): void {
  state.tried += 1;
  const add = (kind: string) => state.byKind.set(kind, (state.byKind.get(kind) ?? 0) + 1);
  if (causes.length === 0) add('none');
  else for (const kind of new Set(causes.map((cause) => cause.kind))) add(kind);
  for (const { family } of causes) state.byFamily.set(family, (state.byFamily.get(family) ?? 0) + 1);
}

/** Keeps a match, and notifies the other threads when it is a proof. */
export function keepMatch(match: SolverMatch, { matches, share, level }: SearchState): void {
  matches.push(match);
  if (!match.weak) share.tellProven(level);
}

/** Proofs before hints, and cheapest first. */
export function inOrder(matches: readonly SolverMatch[]): SolverMatch[] {
  return matches.toSorted((left, right) => Number(left.weak) - Number(right.weak) || left.cost - right.cost);
}

/** Describes a match: its cost, what was changed and what to do. `judge` gives the verdict on the unchanged request. */
export function explained(
  causes: readonly Cause[],
  comparedBytes: number | null,
  judge: () => Verification,
): Pick<SolverMatch, 'cost' | 'causes' | 'sentence' | 'remedy' | 'weak'> {
  const weak = comparedBytes !== null && comparedBytes < proofBytes;
  const hint = weak ? ` This is a hint and no proof, because only ${comparedBytes} bytes could be compared.` : '';
  const words = causes.length === 0 ? asItIs(judge()) : { sentence: sentenceOf(causes), remedy: remedyOf(causes) };
  return {
    cost: costOf(causes),
    causes: causes.map((cause) => ({ kind: cause.kind, id: cause.id, sentence: sentenceOf([cause]) })),
    sentence: `${words.sentence}${hint}`,
    remedy: words.remedy,
    weak,
  };
}

/** The explanation for a signature that matches unchanged: why the request is refused, or that it is not. */
function asItIs({ verdict, reason, message, timestampAgeSeconds }: Verification): Pick<SolverMatch, 'sentence' | 'remedy'> {
  if (verdict === 'valid')
    return {
      sentence:
        'The signature matches as it is, and this request is valid. A receiver that refuses it verifies something else than what is here.',
      remedy: 'Compare what the receiver verifies with this request: the bytes of the body, the secret, the URL and the clock.',
    };
  const sentence = `The signature matches as it is. ${message}`;
  switch (reason) {
    case 'timestamp_stale':
    case 'timestamp_future':
      return {
        sentence,
        remedy:
          Math.abs(timestampAgeSeconds ?? 0) > 86_400
            ? 'For a request from a while ago, verify with the time at which it came. Else set the clocks, and look at the unit of the timestamp.'
            : 'Set the clocks of sender and receiver by a time server, or allow the timestamp more distance.',
      };
    case 'timestamp_malformed':
      return { sentence, remedy: 'Have the sender write the timestamp as the scheme says.' };
    default:
      return { sentence, remedy: 'Put right what the sentence names; the signature itself needs no change.' };
  }
}
