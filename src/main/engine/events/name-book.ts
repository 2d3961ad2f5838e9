import type { DataCheck } from '#shared/contract/events.ts';
import type { Database } from '../store/database.ts';
import { checksBySchema, eventTypeNames, findSchema } from './store.ts';

/** The schema that data is checked by, as JSON text, and what is done about data that breaks it. */
export interface SchemaInUse {
  readonly schemaJson: string;
  readonly isRefused: boolean;
}

/** The names of the catalogue in memory, so that accepting a message does not read them. */
export interface EventNames {
  /** Reads them all. Called at start, once names are added only through this book. */
  readonly load: () => void;
  readonly has: (name: string) => boolean;
  readonly put: (name: string, hasSchema: boolean, dataCheck: DataCheck) => void;
  readonly remove: (name: string) => void;
  /** Whether data of this type that breaks the schema is refused. */
  readonly isRefusing: (name: string) => boolean;
  /** The JSON Schema that data of this type is checked by, read from the store; null when there is none, or it is not used. */
  readonly schemaOf: (name: string) => SchemaInUse | null;
  /** The first ones in order, at most `limit`. */
  readonly first: (limit: number) => readonly string[];
}

export function createEventNames(database: Database): EventNames {
  const known = new Set<string>();
  const checked = new Map<string, DataCheck>();
  const put: EventNames['put'] = (name, hasSchema, dataCheck) => {
    known.add(name);
    if (hasSchema && dataCheck !== 'off') checked.set(name, dataCheck);
    else checked.delete(name);
  };
  return {
    load: () => {
      known.clear();
      checked.clear();
      for (const name of eventTypeNames(database, Number.MAX_SAFE_INTEGER)) known.add(name);
      for (const { name, dataCheck } of checksBySchema(database)) put(name, true, dataCheck);
    },
    has: (name) => known.has(name),
    put,
    remove: (name) => {
      known.delete(name);
      checked.delete(name);
    },
    isRefusing: (name) => checked.get(name) === 'refuse',
    schemaOf: (name) => {
      const check = checked.get(name);
      const schemaJson = check === undefined ? null : findSchema(database, name);
      return schemaJson === null ? null : { schemaJson, isRefused: check === 'refuse' };
    },
    first: (limit) => eventTypeNames(database, limit),
  };
}
