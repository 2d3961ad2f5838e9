import type { Profile } from '#shared/contract/profiles.ts';
import { builtInProfile } from '#shared/profiles/index.ts';
import { notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { findProfile, findProfileNamed, type OwnProfile } from './store.ts';

/** The profiles that there are: the built-in ones, and those that people saved, each read once. */
export interface ProfileBook {
  readonly find: (id: string) => Profile | undefined;
  /** One that somebody saved, by its name. */
  readonly named: (name: string) => Profile | undefined;
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => Profile;
  readonly put: (profile: OwnProfile) => void;
  readonly remove: (id: string) => void;
}

export function createProfileBook(database: Database): ProfileBook {
  // The path of a message asks for the profile of each of its endpoints.
  const read = new Map<string, OwnProfile>();
  const findOwn = (id: string) => {
    const own = read.get(id) ?? findProfile(database, id);
    if (own !== undefined) read.set(id, own);
    return own;
  };
  const find = (id: string) => builtInProfile(id) ?? findOwn(id);
  return {
    find,
    named: (name) => {
      const id = findProfileNamed(database, name);
      return id === undefined ? undefined : find(id);
    },
    get: (id) => {
      const profile = find(id);
      if (profile === undefined) throw notFound('profile', id);
      return profile;
    },
    put: (profile) => void read.set(profile.id, profile),
    remove: (id) => void read.delete(id),
  };
}
