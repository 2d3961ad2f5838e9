import { countText } from '../../base/size-format.ts';
import { findingName } from '#shared/check-words.ts';
import type { Check, CheckDetail } from '#shared/contract/checks.ts';

/** What came out otherwise than in the check before. */
export interface CheckComparison {
  /** What is wrong now and was right before, each in a few words. */
  readonly newlyWrong: readonly string[];
  readonly fixed: readonly string[];
  /** How much is wrong in both. */
  readonly stillWrong: number;
  /** Cases that ran in both; of others nothing can be said. */
  readonly inBoth: number;
  /** Some cases came out in one of them only. */
  readonly isPart: boolean;
}

/** Compares two checks of the same receiver, by their cases and what they found in variants. What one of them did not see is left out. */
export function compareChecks(now: CheckDetail, before: CheckDetail): CheckComparison {
  const [wrongNow, wrongBefore] = [wrongOf(now), wrongOf(before)];
  const [seenNow, seenBefore] = [seenOf(now), seenOf(before)];
  const inBoth = [...seenNow].filter((id) => seenBefore.has(id)).length;
  return {
    newlyWrong: wrongNow.filter(({ key, caseId }) => seenBefore.has(caseId) && !has(wrongBefore, key)).map(({ title }) => title),
    fixed: wrongBefore.filter(({ key, caseId }) => seenNow.has(caseId) && !has(wrongNow, key)).map(({ title }) => title),
    stillWrong: wrongNow.filter(({ key }) => has(wrongBefore, key)).length,
    inBoth,
    isPart: inBoth < Math.max(seenNow.size, seenBefore.size),
  };
}

/** What came out otherwise, in a sentence after a colon. */
export function comparisonText({ newlyWrong, fixed, stillWrong, inBoth, isPart }: CheckComparison): string {
  if (inBoth === 0) return 'no case ran in both, so nothing can be compared.';
  const changed = [
    ...(newlyWrong.length === 0 ? [] : [`${newlyWrong.length} newly wrong`]),
    ...(fixed.length === 0 ? [] : [`${fixed.length} fixed`]),
  ];
  const unchanged = stillWrong > 0 ? 'the same is wrong' : isPart ? 'nothing is wrong there' : 'nothing is wrong in either';
  const said = changed.length > 0 ? changed.join(', ') : unchanged;
  return isPart ? `only ${countText(inBoth, 'case', 'cases')} ran in both and can be compared: ${said}.` : `${said}.`;
}

interface Wrong {
  readonly key: string;
  readonly caseId: string;
  readonly title: string;
}

function wrongOf({ cases }: CheckDetail): readonly Wrong[] {
  return cases
    .filter(({ result }) => result === 'failed' || result === 'advice')
    .flatMap(({ id, title, findings }) =>
      findings.length === 0
        ? [{ key: id, caseId: id, title }]
        : findings.map((finding) => ({ key: finding.id, caseId: id, title: `An event in which ${findingName(finding)}` })),
    );
}

function has(wrong: readonly Wrong[], wanted: string): boolean {
  return wrong.some(({ key }) => key === wanted);
}

function seenOf({ cases }: CheckDetail): ReadonlySet<string> {
  return new Set(cases.filter(({ result }) => result !== 'skipped' && result !== 'undecided').map(({ id }) => id));
}

/** The newest check before another one that it can be compared with: of the same receiver and event, and ended. `checks` is newest first. */
export function checkBefore(checks: readonly Check[], one: Check): Check | null {
  const isSame = ({ endpointId, url, profile, eventType }: Check) =>
    eventType === one.eventType && endpointId === one.endpointId && (endpointId !== null || (url === one.url && profile === one.profile));
  const isBefore = ({ id, createdAtMs }: Check) => id !== one.id && createdAtMs <= one.createdAtMs;
  return checks.find((each) => isBefore(each) && isSame(each) && each.status !== 'running' && each.done > 1) ?? null;
}
