import { isDeepStrictEqual } from 'node:util';
import { endpointInput, type EndpointInput, type EndpointPatch, type NewEndpoint, type NewTarget } from '#shared/contract/endpoints.ts';
import type { Profile, ProfileFields } from '#shared/contract/profiles.ts';
import { invalid } from '../base/refusal.ts';
import { withoutUndefined } from '../base/without-undefined.ts';
import type { ProfileBook } from './book.ts';

type Finder = Pick<ProfileBook, 'find'>;

/** A new endpoint with all of its fields: those given, then those of its profile, then the defaults. Throws a Refusal for an unknown profile. */
export function filledEndpoint(profiles: Finder, given: NewEndpoint | NewTarget): EndpointInput {
  const profile = chosen(profiles, given.profile);
  const defaults = profile === undefined ? {} : { name: profile.name, ...fieldsFor(profile, given) };
  return endpointInput.parse({ ...defaults, ...withoutUndefined(given) });
}

type Followed = Pick<EndpointInput, 'profile' | 'signing' | 'headers'>;

/**
 * A change with the fields of the profile that it chooses, those aside that it gives itself. Headers that an endpoint has from its
 * profile follow when it begins or ceases to sign. Throws a Refusal for an unknown profile.
 */
export function filledPatch(profiles: Finder, patch: EndpointPatch, current: Followed | null): EndpointPatch {
  const profile = chosen(profiles, patch.profile);
  if (profile !== undefined) return { ...fieldsFor(profile, patch), ...withoutUndefined(patch) };
  if (current === null || current.profile === null || patch.signing === undefined || patch.headers !== undefined) return patch;
  const own = profiles.find(current.profile);
  const isAsProfile = own !== undefined && isDeepStrictEqual(fieldsFor(own, current).headers ?? {}, current.headers);
  return isAsProfile ? { ...patch, headers: fieldsFor(own, patch).headers ?? {} } : patch;
}

/** Fields of an endpoint that differ from its profile, in the profile's order. */
export function changedFromProfile(
  profile: Profile | undefined,
  endpoint: Readonly<Record<keyof ProfileFields, unknown>> & Pick<EndpointInput, 'signing'>,
): string[] {
  if (profile === undefined) return [];
  return Object.entries(fieldsFor(profile, endpoint))
    .filter(([field, value]) => value !== undefined && !isDeepStrictEqual(value, endpoint[field as keyof ProfileFields]))
    .map(([field]) => field);
}

/** Whether the profile of an endpoint has an event type. */
export function hasEventType(profiles: Finder, { profile: id }: Pick<EndpointInput, 'profile'>, type: string): boolean {
  return id !== null && profiles.find(id)?.eventTypes.some(({ name }) => name === type) === true;
}

/** Refuses what the profile of an endpoint does not allow. */
export function assertConstraints(profiles: Finder, { profile: id, events }: Pick<EndpointInput, 'profile' | 'events'>): void {
  const profile = id === null ? undefined : profiles.find(id);
  if (profile?.constraints.exactlyOneEvent !== true) return;
  if (events.length === 1 && events[0]?.includes('*') === false) return;
  throw invalid('events', `${profile.name} has exactly one event type for each webhook: choose one, written out.`);
}

/** The fields of a profile for an endpoint that signs, or that explicitly does not sign. */
export function fieldsFor(
  { fields, unsignedHeaders }: Pick<Profile, 'fields' | 'unsignedHeaders'>,
  { signing }: Pick<EndpointPatch, 'signing'>,
): ProfileFields {
  const signs = signing === undefined ? fields.signing !== null : signing !== null;
  return signs || Object.keys(unsignedHeaders).length === 0 ? fields : { ...fields, headers: { ...fields.headers, ...unsignedHeaders } };
}

function chosen(profiles: Finder, id: string | null | undefined): Profile | undefined {
  return id === undefined || id === null ? undefined : knownProfile(profiles, id);
}

/** A profile that an endpoint is to have. Throws a Refusal for one that there is not. */
export function knownProfile(profiles: Finder, id: string): Profile {
  const profile = profiles.find(id);
  if (profile === undefined) throw invalid('profile', `There is no profile ${id}; take the id of one that GET /api/profiles lists.`);
  return profile;
}
