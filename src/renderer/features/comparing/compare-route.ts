import type { RouteTarget } from '../../base/router.ts';

/** Where two things are compared, or where the second is chosen: `#/compare/att_1?with=att_2`. */
export function compareRoute(firstId: string, secondId?: string | null, part?: ComparedPart): RouteTarget {
  return { area: 'compare', id: firstId, query: { with: secondId ?? undefined, part } };
}

/** The parts of a comparison, in the order of their tabs. */
const comparedParts = ['request', 'response', 'timing', 'connection'] as const;
export type ComparedPart = (typeof comparedParts)[number];

/** The part that an address names; null for none. */
export function partOf(text: string | undefined): ComparedPart | null {
  return comparedParts.find((part) => part === text) ?? null;
}
