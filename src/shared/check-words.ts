import type { Check, CheckFinding } from './contract/checks.ts';

/** What a correct receiver does, as a sentence; `expects` is that of a case. */
export function correctReceiver(expects: string): string {
  return `A correct receiver ${expects.charAt(0).toLowerCase()}${expects.slice(1)}`;
}

/** How many cases had each result. */
export function countsText({ passed, failed, advice, noted, skipped }: Check['counts']): string {
  return `${passed} passed, ${failed} failed, ${advice} advice, ${noted} noted, ${skipped} skipped`;
}

/** Characters that the name of a sample may have. */
const longestName = 100;

/** What a finding is called when its event is saved as a sample. */
export function findingName({ places }: Pick<CheckFinding, 'places'>): string {
  const name = places.map(({ path, is }) => `${path === '' ? 'the data' : path} ${is}`).join(' and ');
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1).trimEnd()}…`;
}
