import BetterSqlite3 from 'better-sqlite3';
import { createConnection, setUpConnection } from './connection.ts';
import type { Reader } from './database.ts';

const readers = new Map<string, Reader>();

/** A connection to the data file that only reads, kept for the next look of this thread. */
export function readerOf(file: string): Reader {
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
