import { isDeepStrictEqual } from 'node:util';
import type { EndpointInput } from '#shared/contract/endpoints.ts';
import type { Profile, ProfileFields } from '#shared/contract/profiles.ts';
import type { ProfileBook } from './book.ts';
import { fieldsFor } from './fill.ts';

/** What a profile said when an endpoint was filled from it. */
export type ProfileBase = Pick<Profile, 'fields' | 'unsignedHeaders'>;

/** The fields of an endpoint that a profile has too. */
export type HeldAgainstProfile = Readonly<Record<keyof ProfileFields, unknown>> & Pick<EndpointInput, 'signing'>;

/** An endpoint as far as its profile is concerned. */
interface Filled extends HeldAgainstProfile {
  readonly profile: string | null;
  readonly profileBase: ProfileBase | null;
}

/** What a profile says now. */
export function baseOf({ fields, unsignedHeaders }: Profile): ProfileBase {
  return { fields, unsignedHeaders };
}

/**
 * What an endpoint remembers of its profile after a change: all of it as it is now where the profile was just chosen. Otherwise fields that
 * are `settled`, and those that the endpoint has as the profile has them now, follow it; the rest stays as it was.
 */
export function baseAfter(
  profiles: Pick<ProfileBook, 'find'>,
  edit: { readonly before: Filled; readonly after: Pick<Filled, 'profile'>; readonly isChosen: boolean },
  settled: readonly string[],
): ProfileBase | null {
  const { before, after, isChosen } = edit;
  const profile = after.profile === null ? undefined : profiles.find(after.profile);
  // Of a profile that was deleted, nothing can be newer.
  if (profile === undefined) return after.profile === null ? null : before.profileBase;
  const base = before.profileBase;
  if (isChosen || base === null) return baseOf(profile);
  const now = fieldsFor(profile, before);
  const isSettled = (field: string, value: unknown) =>
    settled.includes(field) || isDeepStrictEqual(value, before[field as keyof ProfileFields]);
  const followed = Object.fromEntries(Object.entries(now).filter(([field, value]) => isSettled(field, value)));
  if (Object.keys(followed).length === 0) return base;
  const ofProfile = Object.fromEntries(Object.keys(followed).map((field) => [field, profile.fields[field as keyof ProfileFields]]));
  return {
    fields: { ...base.fields, ...ofProfile },
    unsignedHeaders: 'headers' in followed ? profile.unsignedHeaders : base.unsignedHeaders,
  };
}
