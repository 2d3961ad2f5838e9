import type { Clock, Vault } from '../base/ports.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { noVariables, type Variables } from '../templates/variables.ts';
import { variablesOf, variablesOfDeleted, type EnvironmentConfig } from './config.ts';
import { allEnvironments, deletedNames } from './store.ts';

/** Environments in memory, unsealed once, so that an attempt needs neither SQL nor the vault. */
export interface EnvironmentBook {
  /** An environment that exists now. Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => EnvironmentConfig;
  /** Those that exist now. */
  readonly all: () => readonly EnvironmentConfig[];
  /** The environment that new messages take, or null. */
  readonly activeId: () => string | null;
  /** The id that a call means by an id or a name: the active one where it is left out, none where it is null. Throws a Refusal at `path`. */
  readonly chosenId: (given: string | null | undefined, path: string) => string | null;
  /** The variables of an environment that exists now or was deleted; none for null. */
  readonly variablesOf: (id: string | null) => Variables;
  /** Its name, also after it was deleted; null for null. */
  readonly nameOf: (id: string | null) => string | null;
  readonly put: (environment: EnvironmentConfig) => void;
  /** Takes an environment out; it can be restored for some minutes. */
  readonly remove: (id: string) => void;
  /** A removed environment while it can be restored; undefined otherwise. */
  readonly removed: (id: string) => EnvironmentConfig | undefined;
}

export interface EnvironmentBookDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'now'>;
  readonly activeId: () => string | null;
}

/** As long as bins and captures can be. */
const restorableMs = 600_000;

export function createEnvironmentBook({ database, vault, clock, activeId }: EnvironmentBookDeps): EnvironmentBook {
  const known = new Map(allEnvironments(database, vault).map((environment) => [environment.id, environment]));
  const deleted = new Map(deletedNames(database));
  const restorable = new Map<string, { readonly environment: EnvironmentConfig; readonly untilMs: number }>();
  const dropExpired = () => {
    for (const [id, { untilMs }] of restorable) if (untilMs <= clock.now()) restorable.delete(id);
  };
  const named = (idOrName: string) =>
    known.get(idOrName) ?? [...known.values()].find(({ name }) => name.toLowerCase() === idOrName.toLowerCase());
  const activeNow = () => {
    const id = activeId();
    return id === null || !known.has(id) ? null : id;
  };
  return {
    get: (id) => {
      const environment = known.get(id);
      if (environment === undefined) throw notFound('environment', id);
      return environment;
    },
    all: () => [...known.values()],
    activeId: activeNow,
    chosenId: (given, path) => {
      if (given === undefined) return activeNow();
      if (given === null) return null;
      const found = named(given);
      if (found !== undefined) return found.id;
      const names = [...known.values()].map(({ name }) => name);
      throw invalid(
        path,
        `There is no environment ${given}; ${names.length === 0 ? 'there are none yet' : `there are ${names.slice(0, 20).join(', ')}`}.`,
      );
    },
    variablesOf: (id) => {
      if (id === null) return noVariables;
      const environment = known.get(id);
      return environment === undefined ? variablesOfDeleted(deleted.get(id) ?? id) : variablesOf(environment);
    },
    nameOf: (id) => (id === null ? null : (known.get(id)?.name ?? deleted.get(id) ?? id)),
    put: (environment) => {
      known.set(environment.id, environment);
      deleted.delete(environment.id);
      restorable.delete(environment.id);
    },
    remove: (id) => {
      const environment = known.get(id);
      if (environment === undefined) return;
      known.delete(id);
      deleted.set(id, environment.name);
      dropExpired();
      restorable.set(id, { environment, untilMs: clock.now() + restorableMs });
    },
    removed: (id) => {
      dropExpired();
      return restorable.get(id)?.environment;
    },
  };
}
