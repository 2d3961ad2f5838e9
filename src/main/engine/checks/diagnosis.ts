import type { CaseOutcome, Defect } from '#shared/contract/checks.ts';
import { behaviourDefects } from './defects/of-behaviour.ts';
import { bodyDefects } from './defects/of-bodies.ts';
import { notTakenDefect } from './defects/of-no-genuine.ts';
import { signatureDefects } from './defects/of-signatures.ts';
import { defectBy, type DefectRule } from './defects/rule.ts';
import { unsteadyDefect } from './defects/unsteady.ts';
import { seenOf, type SeenCase } from './seen.ts';
import { defectOf } from './variants/finding.ts';

/** All defects that can be told from outside. */
export const defectRules: readonly DefectRule[] = [...signatureDefects, ...bodyDefects, ...behaviourDefects];

/**
 * What a receiver does wrong, concluded from how it answered. Only what was seen counts: a case that was skipped shows nothing. A defect
 * that another one explains is left out. `genuine` is the genuine case as it came out, without secrets, and null where it did not;
 * `isSigned` says whether requests are.
 */
export function diagnose(cases: readonly SeenCase[], genuine: CaseOutcome | null = null, isSigned = true): readonly Defect[] {
  const seen = seenOf(cases);
  const notTaken = genuine === null ? null : notTakenDefect(seen, cases, genuine, isSigned);
  // Where no request is told from another, nothing else can be concluded.
  if (notTaken?.isAll === true) return [notTaken.defect];
  const found = defectRules.flatMap((rule) => {
    const defect = defectBy(rule, seen);
    return defect === null ? [] : [{ rule, defect }];
  });
  const covered = new Set(found.flatMap(({ rule }) => rule.covers ?? []));
  const all = [
    ...(notTaken === null ? [] : [notTaken.defect]),
    ...found.filter(({ rule }) => !covered.has(rule.id)).map(({ defect }) => defect),
    ...[unsteadyDefect(cases)].filter((defect) => defect !== null),
    ...cases.flatMap(({ id, findings }) => findings.map((finding) => defectOf(finding, id))),
  ];
  // What is wrong before what is advice.
  return [...all.filter(({ level }) => level === 'must'), ...all.filter(({ level }) => level === 'should')];
}
