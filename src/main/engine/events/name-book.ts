import type { Database } from '../store/database.ts';
import { eventTypeNames } from './store.ts';

/** Names of the catalogue at hand, so that the path of a message reads none. */
export interface EventNames {
  /** Reads them all. Called at start, once nobody adds any behind the book's back. */
  readonly load: () => void;
  readonly has: (name: string) => boolean;
  readonly add: (name: string) => void;
  readonly remove: (name: string) => void;
  /** The first ones in order, at most `limit`. */
  readonly first: (limit: number) => readonly string[];
}

export function createEventNames(database: Database): EventNames {
  const known = new Set<string>();
  return {
    load: () => {
      known.clear();
      for (const name of eventTypeNames(database, Number.MAX_SAFE_INTEGER)) known.add(name);
    },
    has: (name) => known.has(name),
    add: (name) => void known.add(name),
    remove: (name) => void known.delete(name),
    first: (limit) => eventTypeNames(database, limit),
  };
}
