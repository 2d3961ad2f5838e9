import { decodeBody, type CodedBody } from '../bodies/decode-body.ts';
import type { Database, Reader } from './database.ts';
import { search } from './searcher.ts';

/** The bytes of a body that the log refers to. */
export function readBody(database: Pick<Database, 'raw'>, hash: Uint8Array): Uint8Array {
  const row = database.raw<{ readonly bytes: Uint8Array }>('SELECT bytes FROM bodies WHERE hash = ?', [hash])[0];
  if (row === undefined) throw new Error('A body that the log refers to is missing from the data file.');
  return row.bytes;
}

/** The first bytes of a body, and how many there are in all; nothing if it is not there. */
export function startOfBody(
  reader: Pick<Reader, 'values'>,
  hash: Uint8Array,
  bytes: number,
): { readonly start: Uint8Array; readonly size: number } {
  const row = reader.values<readonly [Uint8Array, number]>('SELECT substr(bytes, 1, ?), size FROM bodies WHERE hash = ?', [bytes, hash])[0];
  return row === undefined ? { start: new Uint8Array(), size: 0 } : { start: row[0], size: row[1] };
}

/** The hash of a body by the number of its row. */
export function bodyHashOf(database: Pick<Database, 'raw'>, row: number): Uint8Array {
  const found = database.raw<{ readonly hash: Uint8Array }>('SELECT hash FROM bodies WHERE rowid = ?', [row])[0];
  if (found === undefined) throw new Error('A body that the log refers to is missing from the data file.');
  return found.hash;
}

/** A body as text, unpacked and read by its charset. */
export const decodedSearch = search(
  'decoded',
  (reader: Reader, { hash, ...body }: { readonly hash: Uint8Array } & Omit<CodedBody, 'bytes'>) =>
    decodeBody({ ...body, bytes: readBody(reader, hash) }),
);
