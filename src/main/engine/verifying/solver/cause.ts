import type { CauseKind, FamilyId } from './families.ts';

/** One difference between what was received and what was signed, in words a support engineer can send. */
export interface Cause {
  readonly kind: CauseKind;
  /** Stable name for programs, such as `body-minified`. */
  readonly id: string;
  readonly family: FamilyId;
  /** How far-fetched it is; a common mistake is about 1. */
  readonly cost: number;
  /** Clause that completes "Valid if ...". */
  readonly change: string;
  /** Clause that says what probably happened. */
  readonly why: string;
  /** Sentence that says what to do. */
  readonly remedy: string;
}

/** The cost of several causes together, to two decimals. */
export function costOf(causes: readonly Cause[]): number {
  return Math.round(causes.reduce((sum, cause) => sum + cause.cost, 0) * 100) / 100;
}

/** One sentence for a cause, or for several together: what makes it valid, what happened, and what to do. */
export function sentenceOf(causes: readonly Cause[]): string {
  const changes = joined(causes.map(({ change }) => change));
  const whys = [...new Set(causes.map(({ why }) => why))].join('; ');
  return `Valid if ${changes}: ${whys}. ${remedyOf(causes)}`;
}

/** What to do about all of the causes; each sentence appears once. */
export function remedyOf(causes: readonly Cause[]): string {
  return [...new Set(causes.map(({ remedy }) => remedy))].join(' ');
}

function joined(clauses: readonly string[]): string {
  return clauses.length < 2 ? clauses.join('') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1) ?? ''}`;
}
