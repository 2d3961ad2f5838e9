import type { CaseResult, CheckFinding } from '#shared/contract/checks.ts';
import { isBroken, type AnswerKind } from './judge.ts';

/** An answer, as far as defects are concluded from it. */
export interface SeenAnswer {
  readonly kind: AnswerKind;
  /** Null when no whole answer came. */
  readonly status: number | null;
  readonly label: string | null;
}

/** A case that came out, as far as defects are concluded from it. */
export interface SeenCase {
  readonly id: string;
  readonly result: CaseResult;
  /** Whether its requests are right, so that a receiver takes them. */
  readonly isGenuine: boolean;
  /** One for each judged request, in the order of sending. */
  readonly answers: readonly SeenAnswer[];
  /** Null where effects were not counted. */
  readonly effects: number | null;
  readonly mostEffects: number | null;
  /** 5xx and lost connections that did not come again when the same was sent again. */
  readonly wavering: readonly SeenAnswer[];
  /** Variants of the event that are not taken. */
  readonly findings: readonly CheckFinding[];
}

/** What was seen of all cases. What was skipped or undecided, or not run, was not seen. */
export interface Seen {
  readonly of: (id: string) => SeenCase | undefined;
  /** Whether all requests of a case were taken. */
  readonly accepted: (id: string) => boolean;
  /** Whether all requests of a case were answered with a 4xx. */
  readonly refused: (id: string) => boolean;
  /**
   * Those of these cases of which a request was answered with a 5xx, or not at all, although the genuine one was not: where that breaks, too,
   * a case shows nothing of what is special about it.
   */
  readonly brokeAlone: (ids: readonly string[]) => readonly string[];
}

export function seenOf(cases: readonly SeenCase[]): Seen {
  const byId = new Map(
    cases
      .filter(({ result, answers }) => result !== 'skipped' && result !== 'undecided' && answers.length > 0)
      .map((each) => [each.id, each]),
  );
  const all = (id: string, kind: AnswerKind) => byId.get(id)?.answers.every((answer) => answer.kind === kind) ?? false;
  const broke = (id: string) => byId.get(id)?.answers.some(isBroken) ?? false;
  return {
    of: (id) => byId.get(id),
    accepted: (id) => all(id, 'accepted'),
    refused: (id) => all(id, 'refused'),
    brokeAlone: (ids) => (byId.has('genuine') && !broke('genuine') ? ids.filter(broke) : []),
  };
}
