import type { CaseOutcome, Check, CheckDetail, CheckFinding } from './contract/checks.ts';
import { durationText } from './duration-text.ts';

/** What a correct receiver does, as a sentence; `expects` is that of a case. */
export function correctReceiver(expects: string): string {
  return `A correct receiver ${expects.charAt(0).toLowerCase()}${expects.slice(1)}`;
}

/** How long a case took, or that it sent nothing: the time of that says nothing of the receiver. */
export function caseTimeText({ exchanges, durationMs }: Pick<CaseOutcome, 'exchanges' | 'durationMs'>): string {
  return exchanges.length === 0 ? 'nothing was sent' : durationText(durationMs);
}

/** How many cases had each result; of those that are neither right nor wrong only what there was. */
export function countsText({ passed, failed, advice, noted, skipped, undecided }: Check['counts']): string {
  const others = [
    [advice, 'with advice'],
    [noted, 'noted'],
    [skipped, 'skipped'],
    [undecided, 'undecided'],
  ] as const;
  return [`${passed} passed`, `${failed} failed`, ...others.flatMap(([count, word]) => (count === 0 ? [] : `${count} ${word}`))].join(', ');
}

/** How many cases are undecided and why, in a sentence with what to change; null where all were decided. */
export function undecidedText({ counts, total, cases }: Pick<CheckDetail, 'counts' | 'total' | 'cases'>): string | null {
  const { undecided } = counts;
  if (undecided === 0) return null;
  const isLimited = cases.some(({ result, exchanges }) => result === 'undecided' && exchanges.some(({ answer }) => answer?.status === 429));
  const many = `${undecided} of ${total} cases ${undecided === 1 ? 'is' : 'are'} undecided`;
  return isLimited
    ? `${many}: the receiver limits its rate (429). Raise its limit for the check, or give the check more time.`
    : `${many}: the receiver does not always answer the same request alike.`;
}

/** Says of a check without a defect whether that is for the better. */
export function nothingFound({ status, counts: { failed, advice, undecided } }: Pick<Check, 'status' | 'counts'>): string {
  if (status !== 'completed' || failed > 0) return 'What was seen is not enough to name what is wrong.';
  const nothing = `Nothing wrong was found${undecided === 0 ? '' : ' in the cases that came out'}`;
  if (advice === 0) return `${nothing}.`;
  return `${nothing}; ${advice === 1 ? 'one case has' : `${advice} cases have`} advice.`;
}

/** What is wrong by a check that has ended, in a few words: `2 failed, 1 advice`, `nothing wrong`, `stopped`. */
export function wrongText({ status, counts: { failed, advice, undecided } }: Pick<Check, 'status' | 'counts'>): string {
  const parts = [
    failed === 0 ? null : `${failed} failed`,
    advice === 0 ? null : `${advice} advice`,
    undecided === 0 ? null : `${undecided} undecided`,
    status === 'completed' ? null : status,
  ];
  return parts.filter((part) => part !== null).join(', ') || 'nothing wrong';
}

/** Characters that the name of a sample may have. */
const longestName = 100;

/** What a finding is called when its event is saved as a sample. */
export function findingName({ places }: Pick<CheckFinding, 'places'>): string {
  const name = places.map(({ path, is }) => `${path === '' ? 'the data' : path} ${is}`).join(' and ');
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1).trimEnd()}…`;
}
