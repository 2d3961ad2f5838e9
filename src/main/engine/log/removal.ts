import { removeOneOffs } from '../endpoints/store.ts';
import type { Connection } from '../store/connection.ts';

/** SQL that removes rows of the log. Written by hand: it goes over whole tables in small steps, in order of the row numbers. */
type Reader = Pick<Connection, 'raw' | 'values'>;
type Writer = Connection['writer'];

/** Rows with a higher number are still to be processed by a replay under way. */
export interface ReplayNeeds {
  readonly deliveriesAfter: number;
  readonly messagesAfter: number;
}

const everything = Number.MAX_SAFE_INTEGER;

/** A paused replay may be resumed, so it needs its rows as well. */
function replayNeeds(reader: Reader): ReplayNeeds {
  const open = reader.raw<{ readonly kind: string; readonly afterSeq: number }>(
    "SELECT source_json ->> '$.kind' AS kind, after_seq AS afterSeq FROM replays WHERE status IN ('running', 'paused')",
    [],
  );
  // One of captures goes over captures, and needs no row of the log.
  const lowest = (...kinds: readonly string[]) =>
    Math.min(everything, ...open.filter(({ kind }) => kinds.includes(kind)).map(({ afterSeq }) => afterSeq));
  return { deliveriesAfter: lowest('redeliver', 'recover'), messagesAfter: lowest('missing') };
}

/** A message with what decides whether it may be removed. */
export interface MessageFound {
  readonly seq: number;
  readonly id: string;
  readonly createdAtMs: number;
  /** When anything of it last changed. */
  readonly changedAtMs: number;
  readonly deliveries: number;
  /** 1 when one of its deliveries is not final, or a replay under way needs it. */
  readonly isNeeded: number;
}

const nextMessagesSql = `SELECT m.seq AS seq, m.id AS id, m.created_at_ms AS createdAtMs, max(m.created_at_ms, coalesce(max(d.updated_at_ms), 0)) AS changedAtMs,
  count(d.seq) AS deliveries,
  max(m.seq > ?, coalesce(max(d.due_at_ms IS NOT NULL OR d.in_flight_attempt_id IS NOT NULL OR d.status IN ('pending', 'failed') OR d.seq > ?), 0)) AS isNeeded
  FROM (SELECT seq, id, created_at_ms FROM messages WHERE seq > ? ORDER BY seq LIMIT ?) AS m LEFT JOIN deliveries AS d ON d.message_id = m.id
  GROUP BY m.seq ORDER BY m.seq`;

/** The next messages after a row, oldest first. */
export function nextMessages(reader: Reader, afterSeq: number, limit: number): readonly MessageFound[] {
  const needs = replayNeeds(reader);
  return reader.raw(nextMessagesSql, [needs.messagesAfter, needs.deliveriesAfter, afterSeq, limit]);
}

export interface RemovedRows {
  readonly messages: number;
  readonly deliveries: number;
  readonly attempts: number;
}

const ofMessages = 'SELECT id FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?))';

/** Removes messages with their deliveries and attempts, and their one-off targets. */
export function removeMessages(writer: Writer, messages: readonly Pick<MessageFound, 'seq' | 'id'>[]): RemovedRows {
  const ids = JSON.stringify(messages.map(({ id }) => id));
  const targets = writer.values<[string]>(
    'SELECT DISTINCT e.id FROM endpoints AS e JOIN deliveries AS d ON d.endpoint_id = e.id WHERE e.is_one_off = 1 AND e.relay_id IS NULL AND d.message_id IN (SELECT value FROM json_each(?))',
    [ids],
  );
  writer.runRaw(
    'DELETE FROM replay_items WHERE delivery_seq IN (SELECT seq FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?)))',
    [ids],
  );
  const attempts = writer.runRaw(`DELETE FROM attempts WHERE delivery_id IN (${ofMessages})`, [ids]);
  const deliveries = writer.runRaw('DELETE FROM deliveries WHERE message_id IN (SELECT value FROM json_each(?))', [ids]);
  const seqs = JSON.stringify(messages.map(({ seq }) => seq));
  const gone = writer.runRaw('DELETE FROM messages WHERE seq IN (SELECT value FROM json_each(?))', [seqs]);
  removeOneOffs(writer, withoutDelivery(writer, targets));
  return { messages: gone, deliveries, attempts };
}

/** The endpoints among these that have no delivery any more. */
function withoutDelivery(writer: Writer, endpoints: readonly (readonly [string])[]): readonly string[] {
  if (endpoints.length === 0) return [];
  const sql = 'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE endpoint_id = value)';
  return writer.values<[string]>(sql, [JSON.stringify(endpoints.flat())]).map(([id]) => id);
}

const countSql = {
  messages: 'SELECT count(*) FROM messages',
  deliveries: 'SELECT count(*) FROM deliveries',
  attempts: 'SELECT count(*) FROM attempts',
} as const;

/** How many rows a table of the log has. */
export function countRows(reader: Reader, table: keyof typeof countSql): number {
  return reader.values<[number]>(countSql[table], [])[0]?.[0] ?? 0;
}

/** How many messages were sent to nobody; limits on deliveries do not count them. */
export function countUndelivered(reader: Reader): number {
  const sql = 'SELECT count(*) FROM messages AS m WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = m.id)';
  return reader.values<[number]>(sql, [])[0]?.[0] ?? 0;
}

const oldestSql = {
  messages: 'SELECT created_at_ms FROM messages ORDER BY seq LIMIT 1',
  deliveries: 'SELECT created_at_ms FROM deliveries ORDER BY seq LIMIT 1',
  attempts: 'SELECT started_at_ms FROM attempts ORDER BY seq LIMIT 1',
} as const;

/** When the first row was made; null in an empty table. */
export function oldestAtMs(reader: Reader, table: keyof typeof oldestSql): number | null {
  return reader.values<[number]>(oldestSql[table], [])[0]?.[0] ?? null;
}
