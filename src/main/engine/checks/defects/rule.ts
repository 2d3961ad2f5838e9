import type { CheckLevel, Defect } from '#shared/contract/checks.ts';
import { isBroken } from '../judge.ts';
import type { Seen } from '../seen.ts';

/**
 * Requests that differ from those that show a defect in nothing but what is blamed, and how one of them has to have been answered: taken,
 * refused with a 4xx, or answered with anything but a 5xx. A receiver that answers everything alike has none of these defects.
 */
export interface Counterpart {
  readonly oneOf: readonly [string, ...string[]];
  readonly was: 'accepted' | 'refused' | 'answered';
}

export function accepted(...oneOf: Counterpart['oneOf']): Counterpart {
  return { oneOf, was: 'accepted' };
}

export function refused(...oneOf: Counterpart['oneOf']): Counterpart {
  return { oneOf, was: 'refused' };
}

export function answered(...oneOf: Counterpart['oneOf']): Counterpart {
  return { oneOf, was: 'answered' };
}

/** For defects that a forged request which is taken shows by itself, whatever else is taken. */
export const none = 'none';

function cameOut({ oneOf, was }: Counterpart, seen: Seen): boolean {
  return oneOf.some((id) => {
    const answers = seen.of(id)?.answers ?? [];
    return answers.length > 0 && answers.every((answer) => (was === 'answered' ? !isBroken(answer) : answer.kind === was));
  });
}

/** A defect that answers can show. */
export interface DefectRule {
  readonly id: string;
  /** At most: it is advice where no case failed over it. */
  readonly level: CheckLevel;
  readonly title: string;
  readonly fix: string;
  readonly isAboutVerifying: boolean;
  /** Without it, nothing is concluded. */
  readonly counterpart: Counterpart | typeof none;
  /** The cases that show it and what was seen, in a sentence; null where it was not seen. */
  readonly find: (seen: Seen) => { readonly evidence: readonly string[]; readonly message: string } | null;
  /** Defects that say less than this one, or the same: they are left out beside it. */
  readonly covers?: readonly string[];
}

/** Evidence with its sentence where a condition holds. */
export function when(holds: boolean, evidence: readonly string[], message: string): ReturnType<DefectRule['find']> {
  return holds && evidence.length > 0 ? { evidence, message } : null;
}

/** A rule for a request that is not genuine and is taken, although one that is signed with another secret is refused. */
export function getsIn(id: string, message: string): Pick<DefectRule, 'counterpart' | 'find'> {
  return { counterpart: refused('wrong-secret'), find: (seen) => when(seen.accepted(id), [id, 'wrong-secret'], message) };
}

/** A rule for a request that was sent and not taken, although another one was. */
export function isNotTaken(id: string, otherId: string, message: string): Pick<DefectRule, 'counterpart' | 'find'> {
  return {
    counterpart: accepted(otherId),
    find: (seen) => when(seen.of(id) !== undefined && !seen.accepted(id), [id, otherId], message),
  };
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
  const found = rule.counterpart === none || cameOut(rule.counterpart, seen) ? rule.find(seen) : null;
  if (found === null) return null;
  const { id, title, fix, isAboutVerifying } = rule;
  // Where all that shows it is advice, such as what a library of the provider does too, so is the defect.
  const level = found.evidence.some((one) => seen.of(one)?.result === 'failed') ? rule.level : 'should';
  return { id, level, title, message: found.message, fix, evidence: [...found.evidence], isAboutVerifying };
}
