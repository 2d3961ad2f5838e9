import type { NoiseKind, RequestComparison } from './contract/comparing.ts';

type LeftOut = Pick<RequestComparison, 'leftOut' | 'leftOutHeaders'>;

/** Names of headers that are listed. */
const listedNames = 12;

/** Differences that were left out, by their kind, with where: `2 dates (Webhook-Timestamp, 1 in the body), 1 signature (X-Sig)`; empty for none. */
export function leftOutText({ leftOut, leftOutHeaders }: LeftOut): string {
  return Object.entries(leftOut)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${count === 1 ? kind.slice(0, -1) : kind} (${placesText(kind as NoiseKind, count, leftOutHeaders)})`)
    .join(', ');
}

function placesText(kind: NoiseKind, count: number, headers: LeftOut['leftOutHeaders']): string {
  const names = headers.filter((header) => header.kind === kind).map(({ name }) => name);
  const inBody = count - names.length;
  return [...(names.length === 0 ? [] : [namesText(names)]), ...(inBody === 0 ? [] : [`${inBody} in the body`])].join(', ');
}

/** What is said of headers without a difference that counts. */
export function sameHeadersText(leftOutHeaders: LeftOut['leftOutHeaders']): string {
  if (leftOutHeaders.length === 0) return 'the same names and values';
  return `the same, but for what is left out: ${namesText(leftOutHeaders.map(({ name }) => name))}`;
}

function namesText(names: readonly string[]): string {
  const more = names.length - listedNames;
  return `${names.slice(0, listedNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
