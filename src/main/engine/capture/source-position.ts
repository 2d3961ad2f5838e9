import type { Reader, Writer } from '../store/database.ts';

/** How far a source has come, written in the transaction of the capture. */
export interface SourcePosition {
  readonly sourceId: string;
  /** The id to go on from; null where the channel keeps nothing. */
  readonly eventId: string | null;
  readonly atMs: number;
}

export function putSourcePosition(writer: Writer, { sourceId, eventId, atMs }: SourcePosition, captured: number): void {
  writer.runRaw(
    `INSERT INTO source_positions (source_id, event_id, captured, last_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (source_id) DO UPDATE SET event_id = excluded.event_id, captured = captured + excluded.captured, last_at_ms = excluded.last_at_ms`,
    [sourceId, eventId, captured, atMs],
  );
}

/** How far a source has come; undefined for one that never had anything. */
export function sourcePositionOf(
  reader: Pick<Reader, 'raw'>,
  sourceId: string,
): { readonly eventId: string | null; readonly captured: number; readonly lastAtMs: number } | undefined {
  return reader.raw<{ readonly eventId: string | null; readonly captured: number; readonly lastAtMs: number }>(
    'SELECT event_id AS eventId, captured, last_at_ms AS lastAtMs FROM source_positions WHERE source_id = ?',
    [sourceId],
  )[0];
}
