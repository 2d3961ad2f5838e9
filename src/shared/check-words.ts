import type { CaseOutcome, Check, CheckFinding } from './contract/checks.ts';
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
export function countsText({ passed, failed, advice, noted, skipped }: Check['counts']): string {
  const others = [
    [advice, 'with advice'],
    [noted, 'noted'],
    [skipped, 'skipped'],
  ] as const;
  return [`${passed} passed`, `${failed} failed`, ...others.flatMap(([count, word]) => (count === 0 ? [] : `${count} ${word}`))].join(', ');
}

/** Says of a check without a defect whether that is for the better. */
export function nothingFound({ status, counts: { failed, advice } }: Pick<Check, 'status' | 'counts'>): string {
  if (status !== 'completed' || failed > 0) return 'What was seen is not enough to name what is wrong.';
  if (advice === 0) return 'Nothing wrong was found.';
  return `Nothing wrong was found; ${advice === 1 ? 'one case has' : `${advice} cases have`} advice.`;
}

/** What is wrong by a check that has ended, in a few words: `2 failed, 1 advice`, `nothing wrong`, `stopped`. */
export function wrongText({ status, counts: { failed, advice } }: Pick<Check, 'status' | 'counts'>): string {
  const parts = [
    failed === 0 ? null : `${failed} failed`,
    advice === 0 ? null : `${advice} advice`,
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
