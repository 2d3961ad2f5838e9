import type { NearestMiss } from './contract/waits.ts';

/** What came closest to a wait without matching, and what it lacks, for people. */
export function missLines({ id, what, unmet, differences, differenceCount }: NearestMiss): readonly string[] {
  return [
    `Closest: ${id}  ${what}`,
    ...unmet.map(({ condition, found }) => `  ${condition}: ${found}`),
    ...differences.map(({ kind, path, before, after }) =>
      kind === 'changed'
        ? `    ${path}: expected ${before ?? ''}, got ${after ?? ''}`
        : kind === 'removed'
          ? `    ${path}: expected ${before ?? ''}, got nothing`
          : `    ${path}: expected nothing, got ${after ?? ''}`,
    ),
    ...(differenceCount > differences.length ? [`    and ${differenceCount - differences.length} more`] : []),
  ];
}
