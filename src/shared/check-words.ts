import type { Check } from './contract/checks.ts';

/** What a correct receiver does, as a sentence; `expects` is that of a case. */
export function correctReceiver(expects: string): string {
  return `A correct receiver ${expects.charAt(0).toLowerCase()}${expects.slice(1)}`;
}

/** How many cases had each result. */
export function countsText({ passed, failed, advice, noted, skipped }: Check['counts']): string {
  return `${passed} passed, ${failed} failed, ${advice} advice, ${noted} noted, ${skipped} skipped`;
}
