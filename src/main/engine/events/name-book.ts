import type { Database } from '../store/database.ts';
import { eventTypeNames, findSchema, namesWithSchema } from './store.ts';

/** The names of the catalogue in memory, so that accepting a message does not read them. */
export interface EventNames {
  /** Reads them all. Called at start, once names are added only through this book. */
  readonly load: () => void;
  readonly has: (name: string) => boolean;
  readonly put: (name: string, hasSchema: boolean) => void;
  readonly remove: (name: string) => void;
  /** The JSON Schema of an event type as text, read from the store; null when it has none. */
  readonly schemaOf: (name: string) => string | null;
  /** The first ones in order, at most `limit`. */
  readonly first: (limit: number) => readonly string[];
}

export function createEventNames(database: Database): EventNames {
  const known = new Set<string>();
  const withSchema = new Set<string>();
  return {
    load: () => {
      known.clear();
      for (const name of eventTypeNames(database, Number.MAX_SAFE_INTEGER)) known.add(name);
      withSchema.clear();
      for (const name of namesWithSchema(database)) withSchema.add(name);
    },
    has: (name) => known.has(name),
    put: (name, hasSchema) => {
      known.add(name);
      if (hasSchema) withSchema.add(name);
      else withSchema.delete(name);
    },
    remove: (name) => {
      known.delete(name);
      withSchema.delete(name);
    },
    schemaOf: (name) => (withSchema.has(name) ? findSchema(database, name) : null),
    first: (limit) => eventTypeNames(database, limit),
  };
}
