import BetterSqlite3 from 'better-sqlite3';
import { createConnection, setUpConnection } from './connection.ts';
import { createSearchMemory } from '../bodies/body-looks.ts';
import type { Reader } from './database.ts';
import { runSearch, type SearchName } from './searches.ts';

const readers = new Map<string, Reader>();
const memory = createSearchMemory();

/** A connection to the data file that only reads, kept for the next look of this thread. */
function readerOf(file: string): Reader {
  const known = readers.get(file);
  if (known !== undefined) return known;
  const sqlite = new BetterSqlite3(file, { readonly: true });
  setUpConnection(sqlite);
  // Going over the log once is no reason to keep it in memory.
  sqlite.pragma('cache_size = -4000');
  const reader = createConnection(sqlite);
  readers.set(file, reader);
  return reader;
}

/** Looks at a range of rows. */
export function searchInBackground({
  file,
  name,
  input,
}: {
  readonly file: string;
  readonly name: SearchName;
  readonly input: unknown;
}): unknown {
  return runSearch(readerOf(file), name, input, memory);
}
