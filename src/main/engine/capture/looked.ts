import { namedCharacters } from '#shared/recognise/event-name.ts';
import type { StoredBody } from '../bodies/body-looks.ts';
import { bodyHashOf } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { eventTypeOfStored } from './event-names.ts';
import { conditionsOf, type CaptureAsked, type FilteredRow } from './filter.ts';

/** Captures of a range that a look reads next. */
interface Page extends SeqRange {
  readonly asked: CaptureAsked;
  readonly limit: number;
}

/** SQL after the tables, newest first, and its parameters. */
function pageOf({ asked, fromSeq, beforeSeq, limit }: Page): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const { sql, parameters } = conditionsOf(asked);
  return {
    sql: `WHERE c.seq < ? AND c.seq >= ? AND ${sql} ORDER BY c.seq DESC LIMIT ?`,
    parameters: [beforeSeq, fromSeq, ...parameters, limit],
  };
}

/** Captures that meet the conditions of a filter, newest first. */
export function capturesForFilter(reader: Reader, page: Page): readonly FilteredRow[] {
  const { sql, parameters } = pageOf(page);
  return reader
    .values<readonly [number, string, string | null, string | null]>(
      `SELECT c.seq, c.target, c.arrival_json, c.event_type FROM captures AS c ${sql}`,
      parameters,
    )
    .map(([seq, target, arrivalJson, eventType]) => ({ seq, target, arrivalJson, eventType }));
}

/** A capture as a text search reads it. */
export interface CaptureLooked extends FilteredRow {
  readonly id: string;
  readonly deliveryId: string | null;
  readonly messageId: string | null;
  readonly method: string;
  readonly headersJson: string;
  readonly trailersJson: string;
  readonly answerHeadersJson: string;
  readonly note: string;
  readonly tagsJson: string;
  readonly body: StoredBody;
}

/** The same for a text search, with bodies that are small. */
export function capturesForLook(reader: Reader, page: Page & { readonly inlineBytes: number }): readonly CaptureLooked[] {
  type Row = readonly [
    ...[seq: number, target: string, arrivalJson: string | null, eventType: string | null],
    ...[id: string, deliveryId: string | null, messageId: string | null, method: string, headersJson: string, trailersJson: string],
    ...[answerHeadersJson: string, note: string, tagsJson: string, size: number, row: number, text: string | null],
  ];
  const { sql, parameters } = pageOf(page);
  return reader
    .values<Row>(
      `SELECT c.seq, c.target, c.arrival_json, c.event_type, c.id, c.delivery_id, c.message_id, c.method, c.headers_json, c.trailers_json,
         c.response_json ->> '$.headers', c.note, c.tags_json, b.size, b.rowid, CASE WHEN b.size <= ? THEN CAST(b.bytes AS TEXT) END
       FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash ${sql}`,
      [page.inlineBytes, ...parameters],
    )
    .map(([seq, target, arrivalJson, eventType, id, deliveryId, messageId, method, headersJson, trailersJson, ...others]) => {
      const [answerHeadersJson, note, tagsJson, size, row, text] = others;
      const body = { size, text, hash: () => bodyHashOf(reader, row) };
      const named = { seq, target, arrivalJson, eventType, id, deliveryId, messageId, method };
      return { ...named, headersJson, trailersJson, answerHeadersJson, note, tagsJson, body };
    });
}

/** The event type of a capture that was stored without. */
export function readEventType(reader: Reader, seq: number): string {
  const [row] = reader.values<readonly [string, Uint8Array | null]>(
    'SELECT c.headers_json, CASE WHEN b.size <= ? THEN b.bytes END FROM captures AS c JOIN bodies AS b ON b.hash = c.body_hash WHERE c.seq = ?',
    [namedCharacters, seq],
  );
  return row === undefined ? '' : eventTypeOfStored(...row);
}
