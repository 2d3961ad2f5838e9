import { readFileSync } from 'node:fs';
import type { Database, Reader, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import type { CaptureRow } from '../store/schema.ts';
import { eventOf, type EventInHead } from './event-naming.ts';
import { writePositions, type PositionWrite } from './answering/positions.ts';
import { putSourcePosition, type SourcePosition } from './source-position.ts';

export type NewCapture = Omit<
  CaptureRow,
  | 'seq'
  | 'body_hash'
  | 'total_ms'
  | 'sent_json'
  | 'removed_at_ms'
  | 'replay_key'
  | 'seen_before_id'
  | 'is_pinned'
  | 'note'
  | 'tags_json'
  | 'message_id'
  | 'event_type'
>;

const captureColumns = [
  'id',
  'bin_id',
  'method',
  'target',
  'http_version',
  'headers_json',
  'trailers_json',
  'content_type',
  'body_bytes',
  'is_body_truncated',
  'remote_address',
  'status',
  'response_json',
  'answered_json',
  'verdict',
  'verification_json',
  'delivery_id',
  'body_ms',
  'received_at_ms',
  'source_json',
  'arrival_json',
] as const satisfies readonly (keyof NewCapture)[];

/** Nothing is stored for a bin that was deleted meanwhile. */
const columnValue = (column: string) => (column === 'bin_id' ? '(SELECT id FROM bins WHERE id = ? AND removed_at_ms IS NULL)' : '?');

const insertCaptureSql = `INSERT INTO captures (${captureColumns.join(', ')}, body_hash, replay_key, seen_before_id, message_id, event_type) VALUES (${captureColumns.map(columnValue).join(', ')}, ?, ?, ?, ?, ?)`;

const seenBeforeSql = 'SELECT id FROM captures WHERE bin_id = ? AND replay_key = ? ORDER BY seq LIMIT 1';

/** Whether a request of a bin with this valid signature was answered with 2xx, and not by a fault or by nobody. */
export function wasAnswered(reader: Pick<Database, 'values'>, binId: string, replayKey: Uint8Array): boolean {
  const sql = `SELECT 1 FROM captures WHERE bin_id = ? AND replay_key = ? AND status < 300 AND response_json ->> '$.fault' IS NULL
    AND answered_json ->> '$.kind' IS NOT 'unanswered' LIMIT 1`;
  return reader.values<[number]>(sql, [binId, replayKey]).length > 0;
}

/** What a capture takes up, as the triggers of `capture_room` count it. */
export const captureBytesSql =
  '(body_bytes + octet_length(target) + octet_length(headers_json) + octet_length(trailers_json) + octet_length(response_json) + coalesce(octet_length(verification_json), 0) + 512)';

/** What all captures take up. */
export function captureBytes(reader: Pick<Reader, 'values'>): number {
  return reader.values<[number]>('SELECT bytes FROM capture_room', [])[0]?.[0] ?? 0;
}

/** A capture as it is passed to the writer thread: a list, since field names would cost as much as the values. */
export interface CaptureOrder {
  readonly row: readonly unknown[];
  /** The body itself, or its file. */
  readonly body: Uint8Array | { readonly path: string };
  readonly binId: string;
  /** What identifies the request among those of its bin; null for nothing. */
  readonly replayKey: Uint8Array | null;
  /** What its headers say of its event; the body is read for the rest where it is stored. */
  readonly event: EventInHead;
  /** How far the source that brought it has come with it; null without a source. */
  readonly position: SourcePosition | null;
  /** Counters that it moved. */
  readonly positions: readonly PositionWrite[];
}

export function toCaptureOrder(
  row: NewCapture,
  body: CaptureOrder['body'],
  replayKey: Uint8Array | null = null,
  { position = null, positions = [], event = noEvent }: Partial<Pick<CaptureOrder, 'position' | 'positions' | 'event'>> = {},
): CaptureOrder {
  // Not by `map`: what that makes may have holes by its kind, and crosses with a number for each value.
  const values: unknown[] = [];
  for (const column of captureColumns) values.push(row[column]);
  return { row: values, body, binId: row.bin_id, replayKey, event, position, positions };
}

const noEvent: EventInHead = { type: null, id: null };

/** Stores a capture and its body; returns what all captures take up then. Prepared by hand because it runs for each incoming request. */
export function insertCapture(writer: Writer, { row, body, binId, replayKey, event, position, positions }: CaptureOrder): number {
  const named = eventOf(event, body instanceof Uint8Array ? body : null);
  const hash = writer.putBody(body instanceof Uint8Array ? body : readFileSync(body.path));
  const seen = replayKey === null ? undefined : writer.values<[string]>(seenBeforeSql, [binId, replayKey])[0];
  writer.runRaw(insertCaptureSql, [...row, hash, replayKey, seen?.[0] ?? null, named.id, named.type]);
  if (position !== null) putSourcePosition(writer, position, 1);
  if (positions.length > 0) writePositions(writer, positions);
  return captureBytes(writer);
}

export const captureWrite = hotWrite('capture', insertCapture);

/** When the answer to a capture was sent, in milliseconds from the request; null where it was not sent whole. */
export interface CaptureTotal {
  readonly captureId: string;
  readonly totalMs: number | null;
  /** JSON of what was sent of an answer with a fault; null for any other. */
  readonly sentJson: string | null;
  /** What was answered in the end, where that was not known when the capture was stored. */
  readonly final: Pick<CaptureRow, 'status' | 'response_json' | 'answered_json'> | null;
}

/** Stores when the answers to captures were sent. */
function setTotals(writer: Writer, totals: readonly CaptureTotal[]): void {
  for (const { captureId, totalMs, sentJson, final } of totals)
    if (final !== null)
      writer.runRaw('UPDATE captures SET total_ms = ?, status = ?, response_json = ?, answered_json = ? WHERE id = ?', [
        totalMs,
        final.status,
        final.response_json,
        final.answered_json,
        captureId,
      ]);
    else if (sentJson === null) writer.runRaw('UPDATE captures SET total_ms = ? WHERE id = ?', [totalMs, captureId]);
    else writer.runRaw('UPDATE captures SET total_ms = ?, sent_json = ? WHERE id = ?', [totalMs, sentJson, captureId]);
}

export const captureTotalsWrite = hotWrite('captureTotals', setTotals, { canWait: true });
