import type { Connection } from './connection.ts';

/** SQL of the search for bodies that nothing refers to any more. */
type Reader = Pick<Connection, 'raw' | 'values'>;
type Writer = Connection['writer'];

/** Hashes that existing rows got a reference to. */
export function noted(reader: Reader): readonly Uint8Array[] {
  return reader.raw<{ readonly hash: Uint8Array }>('SELECT hash FROM referred_bodies', []).map(({ hash }) => hash);
}

/** Forgets what was noted, as a search begins. */
export function forgetNoted(writer: Writer): void {
  writer.runRaw('DELETE FROM referred_bodies', []);
}

/** How many bodies there are. */
export function countBodies(reader: Reader): number {
  return reader.values<[number]>('SELECT count(*) FROM bodies', [])[0]?.[0] ?? 0;
}

/** The number of the newest body; 0 without any. */
export function newestBody(reader: Reader): number {
  return reader.values<[number | null]>('SELECT max(rowid) FROM bodies', [])[0]?.[0] ?? 0;
}

/** The next keys of bodies in their own order, of those up to a row; read from the index alone, without the bytes. */
export function nextBodies(reader: Reader, afterHash: Uint8Array, uptoRow: number, limit: number): readonly Uint8Array[] {
  return reader
    .raw<{ readonly hash: Uint8Array }>('SELECT hash FROM bodies WHERE hash > ? AND rowid <= ? ORDER BY hash LIMIT ?', [
      afterHash,
      uptoRow,
      limit,
    ])
    .map(({ hash }) => hash);
}

/** Deletes a body; returns 1 if it existed, otherwise 0. */
export function removeBody(writer: Writer, hash: Uint8Array): number {
  return writer.runRaw('DELETE FROM bodies WHERE hash = ?', [hash]);
}
