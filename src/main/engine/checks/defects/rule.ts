import type { CheckLevel, Defect } from '#shared/contract/checks.ts';
import { isBroken, type Seen } from '../seen.ts';

/** A defect that answers can show. */
export interface DefectRule {
  readonly id: string;
  /** At most: it is advice where no case failed over it. */
  readonly level: CheckLevel;
  readonly title: string;
  readonly fix: string;
  readonly isAboutVerifying: boolean;
  /** The cases that show it and what was seen, in a sentence; null where it was not seen. */
  readonly find: (seen: Seen) => { readonly evidence: readonly string[]; readonly message: string } | null;
  /** Defects that say less than this one, or the same: they are left out beside it. */
  readonly covers?: readonly string[];
}

/** Evidence with its sentence where a condition holds. */
export function when(holds: boolean, evidence: readonly string[], message: string): ReturnType<DefectRule['find']> {
  return holds && evidence.length > 0 ? { evidence, message } : null;
}

/** Evidence where a request that is not genuine is taken, although one that is signed with another secret is refused. */
export function getsIn(seen: Seen, id: string, message: string): ReturnType<DefectRule['find']> {
  return when(seen.accepted(id) && seen.refused('wrong-secret'), [id, 'wrong-secret'], message);
}

/** Evidence where a request was sent and not taken, although another one was. */
export function isNotTaken(seen: Seen, id: string, otherId: string, message: string): ReturnType<DefectRule['find']> {
  return when(seen.of(id) !== undefined && !seen.accepted(id) && seen.accepted(otherId), [id, otherId], message);
}

/** What the answers were by which cases broke: "answered 500 or 502", "gave no complete answer", or both. */
export function breakingText(seen: Seen, ids: readonly string[]): string {
  const broken = ids.flatMap((id) => seen.of(id)?.answers ?? []).filter(isBroken);
  const statuses = [...new Set(broken.flatMap(({ status }) => status ?? []))].toSorted((a, b) => a - b);
  const hasNone = broken.some(({ status }) => status === null);
  if (statuses.length === 0) return 'gave no complete answer';
  return `answered ${statuses.join(' or ')}${hasNone ? ', or gave no complete answer,' : ''}`;
}

/** A defect as the contract has it; null where it was not seen. */
export function defectBy(rule: DefectRule, seen: Seen): Defect | null {
  const found = rule.find(seen);
  if (found === null) return null;
  const { id, title, fix, isAboutVerifying } = rule;
  // Where all that shows it is advice, such as what a library of the provider does too, so is the defect.
  const level = found.evidence.some((one) => seen.of(one)?.result === 'failed') ? rule.level : 'should';
  return { id, level, title, message: found.message, fix, evidence: [...found.evidence], isAboutVerifying };
}
