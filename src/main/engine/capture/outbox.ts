import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';
import { ofLiveBinSql } from './bin-store.ts';

/** SQL on what relays still have to forward. Triggers of the data file add rows with a capture, and take them away with it. */

/** A capture as relays look at it. */
export interface RelayedCapture {
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly headersJson: string;
  /** How it came in, where that was not over plain HTTP by the path. */
  readonly arrivalJson: string | null;
  readonly trailersJson: string;
  readonly verdict: string | null;
  readonly isBodyTruncated: number;
  readonly bodyBytes: number;
  /** Null for a large one. */
  readonly body: Uint8Array | null;
}

/** A capture that a relay has to forward, as it stands in the outbox; its body is null where it has more than `inlineBytes`. */
export interface OwedCapture extends RelayedCapture {
  readonly seq: number;
  /** 1 for one that was deleted, by itself or with its bin. */
  readonly isRemoved: number;
  readonly bodyHash: Uint8Array;
}

/** Expects the captures as `c` and their bodies as `b`, and how many bytes of a body are read at most. */
const owedColumns = `c.seq AS seq, c.id AS id, c.method AS method, c.target AS target, c.headers_json AS headersJson, c.arrival_json AS arrivalJson, c.trailers_json AS trailersJson,
       c.verdict AS verdict, c.is_body_truncated AS isBodyTruncated, (c.removed_at_ms IS NOT NULL OR NOT ${ofLiveBinSql('c.bin_id')}) AS isRemoved,
       c.body_hash AS bodyHash, c.body_bytes AS bodyBytes, CASE WHEN b.size <= ? THEN b.bytes END AS body`;

/** The next captures that a relay has to forward, in the order in which they came. */
export function owedCaptures(
  reader: Pick<Database, 'raw'>,
  relayId: string,
  page: { readonly limit: number; readonly inlineBytes: number },
): readonly OwedCapture[] {
  return reader.raw<OwedCapture>(
    `SELECT ${owedColumns}
     FROM (SELECT capture_seq FROM relay_outbox WHERE relay_id = ? ORDER BY capture_seq LIMIT ?) AS o
     JOIN captures AS c ON c.seq = o.capture_seq JOIN bodies AS b ON b.hash = c.body_hash ORDER BY c.seq`,
    [page.inlineBytes, relayId, page.limit],
  );
}

/** A capture of a bin with when the whole of it had come, as relays see it; undefined when there is none, or it was deleted. */
export function captureForRelays(
  reader: Pick<Database, 'raw'>,
  id: string,
  inlineBytes: number,
): (OwedCapture & { readonly binId: string; readonly cameAtMs: number }) | undefined {
  return reader.raw<OwedCapture & { readonly binId: string; readonly cameAtMs: number }>(
    `SELECT ${owedColumns}, c.bin_id AS binId, c.received_at_ms + c.body_ms AS cameAtMs
     FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash WHERE c.id = ? AND c.removed_at_ms IS NULL`,
    [inlineBytes, id],
  )[0];
}

/** The relays that still have to forward a capture. */
export function relaysThatOwe(reader: Pick<Database, 'values'>, captureSeq: number): ReadonlySet<string> {
  return new Set(reader.values<[string]>('SELECT relay_id FROM relay_outbox WHERE capture_seq = ?', [captureSeq]).map(([id]) => id));
}

/** How many captures a relay has to forward, counted up to a limit. */
export function countOwed(reader: Pick<Database, 'values'>, relayId: string, limit: number): number {
  const sql = 'SELECT count(*) FROM (SELECT 1 FROM relay_outbox WHERE relay_id = ? LIMIT ?)';
  return reader.values<[number]>(sql, [relayId, limit])[0]?.[0] ?? 0;
}

/** Notes that a relay is done with a capture. Returns the hash of its body, or null when it was done, or gone, before. */
export function settleOwed(writer: Writer, relayId: string, captureSeq: number): Uint8Array | null {
  if (writer.runRaw('DELETE FROM relay_outbox WHERE relay_id = ? AND capture_seq = ?', [relayId, captureSeq]) === 0) return null;
  return bodyOfCapture(writer, captureSeq);
}

/** The number of a capture as it is inside a write; null when it was not stored. */
export function seqOfCapture(writer: Writer, captureId: string): number | null {
  return writer.values<[number]>('SELECT seq FROM captures WHERE id = ?', [captureId])[0]?.[0] ?? null;
}

/** The hash of the body of a capture as it is inside a write; null for one that is gone. */
export function bodyOfCapture(writer: Writer, captureSeq: number): Uint8Array | null {
  const sql = 'SELECT body_hash FROM captures WHERE seq = ? AND removed_at_ms IS NULL';
  return writer.values<[Uint8Array]>(sql, [captureSeq])[0]?.[0] ?? null;
}

/** What became of captures at a relay (an empty target) or one of its targets. */
export interface RelayCount {
  readonly targetId: string;
  readonly outcome: string;
  readonly count: number;
}

export function addRelayCount(writer: Writer, relayId: string, { targetId, outcome, count }: RelayCount): void {
  writer.runRaw(
    `INSERT INTO relay_counts (relay_id, target_id, outcome, count) VALUES (?, ?, ?, ?)
     ON CONFLICT (relay_id, target_id, outcome) DO UPDATE SET count = count + excluded.count`,
    [relayId, targetId, outcome, count],
  );
}

export function relayCountsOf(reader: Pick<Database, 'raw'>, relayId: string): readonly RelayCount[] {
  return reader.raw<RelayCount>('SELECT target_id AS targetId, outcome, count FROM relay_counts WHERE relay_id = ?', [relayId]);
}

export function forgetRelayCounts(writer: Writer, relayId: string): void {
  writer.runRaw('DELETE FROM relay_counts WHERE relay_id = ?', [relayId]);
}

function dropOwedStep(writer: Writer, { relayId, isCounted, limit }: DropOrder & { readonly limit: number }): WriteStep {
  return timedStep(() => {
    const changed = writer.runRaw(
      `DELETE FROM relay_outbox WHERE relay_id = ? AND capture_seq IN (SELECT capture_seq FROM relay_outbox WHERE relay_id = ? ORDER BY capture_seq LIMIT ?)`,
      [relayId, relayId, limit],
    );
    if (isCounted && changed > 0) addRelayCount(writer, relayId, { targetId: '', outcome: 'removed', count: changed });
    return { rows: changed, changed };
  });
}

interface DropOrder {
  readonly relayId: string;
  /** Whether the relay stays, and is to show how many it did not forward. */
  readonly isCounted: boolean;
}

export const dropOwedWrite = hotWrite('dropOwed', dropOwedStep);

/** Forgets, in steps, everything that a relay has to forward; returns how many captures that were. */
export function dropOwed(database: Pick<Database, 'hot'>, order: DropOrder): Promise<number> {
  return writeInSteps((limit) => database.hot(dropOwedWrite, { ...order, limit }));
}

/** Relays that captures wait for. */
export function relaysOwed(reader: Pick<Database, 'values'>): readonly string[] {
  // Skips from one relay to the next, so that many captures of one cost nothing.
  return reader
    .values<[string | null]>(
      `WITH RECURSIVE owed(id) AS (SELECT min(relay_id) FROM relay_outbox
         UNION ALL SELECT (SELECT min(relay_id) FROM relay_outbox WHERE relay_id > owed.id) FROM owed WHERE owed.id IS NOT NULL)
       SELECT id FROM owed WHERE id IS NOT NULL`,
      [],
    )
    .flatMap(([id]) => (id === null ? [] : [id]));
}
