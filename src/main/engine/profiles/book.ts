import type { Profile } from '#shared/contract/profiles.ts';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { findProfile } from './store.ts';

/** The profiles that there are: the built-in ones, and those that people saved. */
export interface ProfileBook {
  readonly find: (id: string) => Profile | undefined;
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => Profile;
}

export function createProfileBook(database: Database): ProfileBook {
  const builtIn = new Map(builtInProfiles.map((profile) => [profile.id, profile]));
  const find = (id: string) => builtIn.get(id) ?? findProfile(database, id);
  return {
    find,
    get: (id) => {
      const profile = find(id);
      if (profile === undefined) throw notFound('profile', id);
      return profile;
    },
  };
}
