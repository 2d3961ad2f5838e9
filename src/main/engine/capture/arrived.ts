import type { Database } from '../store/database.ts';
import { firstSeqFrom } from '../store/seq-by-time.ts';
import { ofLiveBinSql } from './bin-store.ts';

type Rows = Pick<Database, 'values' | 'raw'>;

/** What arrived, without its body. */
export interface ArrivedCapture {
  readonly seq: number;
  readonly id: string;
  readonly binId: string;
  readonly method: string;
  readonly target: string;
  readonly headersJson: string;
  readonly bodyHash: Uint8Array;
  readonly bodyBytes: number;
  readonly isBodyTruncated: number;
  /** The delivery that it was recognised as when it arrived. */
  readonly deliveryId: string | null;
  readonly receivedAtMs: number;
  /** How it came in, as its column. */
  readonly arrivalJson: string | null;
}

const selectSql = `SELECT seq, id, bin_id AS binId, method, target, headers_json AS headersJson, body_hash AS bodyHash, body_bytes AS bodyBytes,
    is_body_truncated AS isBodyTruncated, delivery_id AS deliveryId, received_at_ms AS receivedAtMs, arrival_json AS arrivalJson
  FROM captures WHERE removed_at_ms IS NULL AND ${ofLiveBinSql('bin_id')}`;

/** One capture, or undefined. */
export function arrivedCapture(reader: Rows, id: string): ArrivedCapture | undefined {
  return reader.raw<ArrivedCapture>(`${selectSql} AND id = ?`, [id])[0];
}

/** The capture that came to a bin before another one, or undefined. */
export function captureBefore(reader: Rows, { binId, seq }: Pick<ArrivedCapture, 'binId' | 'seq'>): string | undefined {
  return reader.raw<{ readonly id: string }>(
    'SELECT id FROM captures WHERE bin_id = ? AND removed_at_ms IS NULL AND seq < ? ORDER BY seq DESC LIMIT 1',
    [binId, seq],
  )[0]?.id;
}

/** The capture that came to a bin before another one with the same event id, or undefined. */
export function sameEventBefore(reader: Rows, { id, binId, seq }: Pick<ArrivedCapture, 'id' | 'binId' | 'seq'>): string | undefined {
  return reader.raw<{ readonly id: string }>(
    `SELECT id FROM captures WHERE bin_id = ? AND removed_at_ms IS NULL AND seq < ?
     AND message_id = (SELECT message_id FROM captures WHERE id = ?) ORDER BY seq DESC LIMIT 1`,
    [binId, seq, id],
  )[0]?.id;
}

/** Where a capture stands among the others. */
export type CapturePlace = Pick<ArrivedCapture, 'seq' | 'binId'>;

/** The place of a capture, also of a deleted one whose row is still kept, or undefined. */
export function capturePlace(reader: Rows, id: string): CapturePlace | undefined {
  return reader.raw<CapturePlace>('SELECT seq, bin_id AS binId FROM captures WHERE id = ?', [id])[0];
}

const byArrival = {
  nextSql: 'SELECT seq, received_at_ms FROM captures WHERE seq >= ? ORDER BY seq LIMIT 1',
  newestSql: 'SELECT max(seq) FROM captures',
};

/** The number of the first capture that came from a time on. */
export function captureSeqFrom(reader: Pick<Rows, 'values'>, fromMs: number): number {
  return firstSeqFrom(reader, byArrival, fromMs);
}

/** Captures of a span, oldest first. They are stored about in the order in which they arrive, so the first is found by halving. */
export function capturesBetween(
  reader: Rows,
  span: { readonly fromMs: number; readonly toMs: number },
  limit: number,
): readonly ArrivedCapture[] {
  const first = captureSeqFrom(reader, span.fromMs);
  return reader.raw<ArrivedCapture>(`${selectSql} AND seq >= ? AND received_at_ms >= ? AND received_at_ms <= ? ORDER BY seq LIMIT ?`, [
    first,
    span.fromMs,
    span.toMs,
    limit,
  ]);
}
