import type { Vault } from '../base/ports.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import type { AuthConfig } from './config.ts';
import { allAuths } from './store.ts';

/** Authentications in memory, unsealed once, so that an attempt needs neither SQL nor the vault. */
export interface AuthBook {
  /** An authentication that exists now, or undefined. The same object until it is changed. */
  readonly find: (id: string) => AuthConfig | undefined;
  /** An authentication that exists now. Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => AuthConfig;
  /** Those that exist now. */
  readonly all: () => readonly AuthConfig[];
  readonly put: (auth: AuthConfig) => void;
  readonly remove: (id: string) => void;
}

export function createAuthBook(database: Database, vault: Vault): AuthBook {
  const known = new Map(allAuths(database, vault).map((auth) => [auth.id, auth]));
  return {
    find: (id) => known.get(id),
    get: (id) => {
      const auth = known.get(id);
      if (auth === undefined) throw notFound('authentication', id);
      return auth;
    },
    all: () => [...known.values()],
    put: (auth) => void known.set(auth.id, auth),
    remove: (id) => void known.delete(id),
  };
}

/** Refuses a reference to an authentication that does not exist; `path` is the field with the reference. */
export function assertKnownAuth(auths: Pick<AuthBook, 'find'>, id: string | null, path: string): void {
  if (id === null || auths.find(id) !== undefined) return;
  throw invalid(path, `There is no authentication ${id}; take the id of one that GET /api/auths lists, or null for none.`);
}
