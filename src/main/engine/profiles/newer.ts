import { isDeepStrictEqual } from 'node:util';
import type { Profile, ProfileFields } from '#shared/contract/profiles.ts';
import type { HeldAgainstProfile, ProfileBase } from './base.ts';
import { fieldsFor } from './fill.ts';

/** A field that a profile says something else about than when an endpoint was filled from it. */
export interface NewerField {
  readonly field: keyof ProfileFields;
  /** What the profile said then; undefined where it said nothing. */
  readonly was: unknown;
  readonly now: unknown;
  readonly own: unknown;
}

/** What a newer version of its profile would change in an endpoint, in the profile's order. */
export function changedInProfile(
  profile: Profile | undefined,
  base: ProfileBase | null,
  endpoint: HeldAgainstProfile,
): readonly NewerField[] {
  if (profile === undefined || base === null) return [];
  const was = fieldsFor(base, endpoint);
  return Object.entries(fieldsFor(profile, endpoint)).flatMap(([name, now]) => {
    const field = name as keyof ProfileFields;
    if (now === undefined || isDeepStrictEqual(now, was[field]) || isDeepStrictEqual(now, endpoint[field])) return [];
    return [{ field, was: was[field], now, own: endpoint[field] }];
  });
}
