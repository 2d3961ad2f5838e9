import type { Database } from '../store/database.ts';

/** The hash of a body by the number of its row. */
export function bodyHashOf(database: Pick<Database, 'raw'>, row: number): Uint8Array {
  const found = database.raw<{ readonly hash: Uint8Array }>('SELECT hash FROM bodies WHERE rowid = ?', [row])[0];
  if (found === undefined) throw new Error('A body that the log refers to is missing from the data file.');
  return found.hash;
}
