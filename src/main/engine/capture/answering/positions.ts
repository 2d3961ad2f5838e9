import type { Database, Writer } from '../../store/database.ts';

/** How many requests one rule has counted for one value of its key. */
export interface Position {
  readonly scope: string;
  /** The value of the key; empty where nothing is counted by. */
  readonly key: string;
  readonly requests: number;
  readonly atMs: number;
}

/** A counter as it is written along with the capture that moved it; 0 requests for one that is forgotten. */
export type PositionWrite = Position & { readonly binId: string };

/** Which counters are meant: all, those of one scope, or one of them. */
export interface PositionChoice {
  readonly scope?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * How many requests each rule of each bin has counted, by the value of its key. Counted in memory at once, so that requests that come
 * together get different numbers, and written in the transaction of their capture, so that a restart goes on with what was answered.
 */
export interface Positions {
  /** Counts a request; its number from 1, and what is to be written. */
  readonly count: (
    binId: string,
    scope: string,
    key: string,
    nowMs: number,
  ) => { readonly number: number; readonly writes: readonly PositionWrite[] };
  /** The number that the next request would get. */
  readonly next: (binId: string, scope: string, key: string) => number;
  /** The counters of a bin, those that moved last at the end. */
  readonly of: (binId: string) => readonly Position[];
  /** Forgets counters in memory, once they are deleted on disk; returns how many. */
  readonly forget: (binId: string, choice: PositionChoice) => number;
}

/** Values of keys that are known of one bin; the one that was used longest ago is forgotten for another. */
const mostKeys = 10_000;

export function createPositions(database: Pick<Database, 'raw'>): Positions {
  const bins = new Map<string, Map<string, Position>>();
  const idOf = (scope: string, key: string) => `${scope}\n${key}`;
  const of = (binId: string) => {
    const known = bins.get(binId);
    if (known !== undefined) return known;
    const read = new Map(storedPositions(database, binId).map((position) => [idOf(position.scope, position.key), position]));
    bins.set(binId, read);
    return read;
  };
  return {
    count: (binId, scope, key, nowMs) => {
      const known = of(binId);
      const id = idOf(scope, key);
      const position = { scope, key, requests: (known.get(id)?.requests ?? 0) + 1, atMs: nowMs };
      // At the end again, so that the beginning is what was used longest ago.
      known.delete(id);
      known.set(id, position);
      const writes: PositionWrite[] = [{ binId, ...position }];
      for (const [oldest, forgotten] of known) {
        if (known.size <= mostKeys) break;
        known.delete(oldest);
        writes.push({ binId, ...forgotten, requests: 0 });
      }
      return { number: position.requests, writes };
    },
    next: (binId, scope, key) => (of(binId).get(idOf(scope, key))?.requests ?? 0) + 1,
    of: (binId) => [...of(binId).values()],
    forget: (binId, choice) => {
      const known = of(binId);
      const meant = [...known].filter(([, { scope, key }]) => (choice.scope ?? scope) === scope && (choice.key ?? key) === key);
      for (const [id] of meant) known.delete(id);
      return meant.length;
    },
  };
}

function storedPositions(database: Pick<Database, 'raw'>, binId: string): readonly Position[] {
  return database.raw<Position>(
    'SELECT scope, key, requests, at_ms AS atMs FROM answer_positions WHERE bin_id = ? ORDER BY at_ms, requests LIMIT ?',
    [binId, mostKeys],
  );
}

/** Writes counters; one that another request has moved on already stays. */
export function writePositions(writer: Writer, writes: readonly PositionWrite[]): void {
  for (const { binId, scope, key, requests, atMs } of writes) {
    if (requests === 0) deletePositions(writer, binId, { scope, key });
    else
      writer.runRaw(
        `INSERT INTO answer_positions (bin_id, scope, key, requests, at_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (bin_id, scope, key) DO UPDATE SET requests = excluded.requests, at_ms = excluded.at_ms WHERE excluded.requests > requests`,
        [binId, scope, key, requests, atMs],
      );
  }
}

/** Deletes counters of a bin. */
export function deletePositions(writer: Writer, binId: string, { scope, key }: PositionChoice): void {
  const and = `${scope === undefined ? '' : ' AND scope = ?'}${key === undefined ? '' : ' AND key = ?'}`;
  writer.runRaw(`DELETE FROM answer_positions WHERE bin_id = ?${and}`, [binId, ...[scope, key].filter((each) => each !== undefined)]);
}
