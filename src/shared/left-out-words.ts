import type { RequestComparison } from './contract/comparing.ts';

type LeftOut = RequestComparison['leftOut'];

/** Differences that were left out, by their kind: `1 date, 2 signatures`; empty for none. */
export function leftOutText(leftOut: LeftOut): string {
  return Object.entries(leftOut)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${count === 1 ? kind.slice(0, -1) : kind}`)
    .join(', ');
}

/**
 * What is said of headers without a difference that counts. Dates and ids are counted for headers and body together, so their kinds are
 * told only where none of them is in the body.
 */
export function sameHeadersText(leftOut: LeftOut, inBody: number): string {
  const inHeaders = leftOut.dates + leftOut.ids + leftOut.signatures - inBody;
  if (inHeaders <= 0) return 'the same names and values';
  if (inBody > 0) return `the same, but for ${inHeaders === 1 ? 'one value that is' : `${inHeaders} values that are`} left out`;
  return `the same, but for what is left out: ${leftOutText(leftOut)}`;
}
