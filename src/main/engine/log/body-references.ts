import { captureBodiesSql } from '../capture/removal.ts';
import type { Connection } from '../store/connection.ts';

/** The next rows of each table that refers to bodies, with the hashes in them. */
const referringSql = [
  'SELECT seq, body_hash AS h0, head_hash AS h1 FROM messages WHERE seq > ? ORDER BY seq LIMIT ?',
  'SELECT seq, body_hash AS h0, head_hash AS h1 FROM deliveries WHERE seq > ? ORDER BY seq LIMIT ?',
  'SELECT seq, request_body_hash AS h0, response_body_hash AS h1 FROM attempts WHERE seq > ? ORDER BY seq LIMIT ?',
  captureBodiesSql,
] as const;

/** How many tables refer to bodies. */
export const referringTables = referringSql.length;

/** The hashes that the next rows of one of the tables refer to, and the number of the last row; null when there are no more. */
export function nextReferences(
  reader: Pick<Connection, 'raw'>,
  table: number,
  afterSeq: number,
  limit: number,
): { readonly hashes: readonly Uint8Array[]; readonly lastSeq: number; readonly rows: number } | null {
  const sql = referringSql[table];
  if (sql === undefined) return null;
  const rows = reader.raw<{ readonly seq: number; readonly h0: Uint8Array | null; readonly h1?: Uint8Array | null }>(sql, [
    afterSeq,
    limit,
  ]);
  const last = rows.at(-1);
  if (last === undefined) return null;
  const hashes = rows.flatMap(({ h0, h1 }) => [h0, h1].filter((hash) => hash !== null && hash !== undefined));
  return { hashes, lastSeq: last.seq, rows: rows.length };
}
