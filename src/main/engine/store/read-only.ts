import BetterSqlite3 from 'better-sqlite3';
import { createConnection, setUpConnection } from './connection.ts';
import type { Reader } from './database.ts';

const readers = new Map<string, Reader>();

/** A read-only connection to the data file, kept for this thread's next search. */
export function readerOf(file: string): Reader {
  const known = readers.get(file);
  if (known !== undefined) return known;
  const sqlite = new BetterSqlite3(file, { readonly: true });
  setUpConnection(sqlite);
  // The log is read once, so it need not stay in memory.
  sqlite.pragma('cache_size = -4000');
  const reader = createConnection(sqlite);
  readers.set(file, reader);
  return reader;
}
