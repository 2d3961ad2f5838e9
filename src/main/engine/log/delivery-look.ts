import { sql as rawSql } from 'kysely';
import type { StoredBody } from '../bodies/body-looks.ts';
import { bodyHashOf } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { beginningWith } from '../store/page.ts';
import { conditions, isOpenRow, type DeliveryFilter } from './deliveries.ts';

/** A delivery as a text search reads it. */
export interface DeliveryLooked {
  readonly seq: number;
  /** Whether the text is its id, or begins that of its message, as the name of a run does. */
  readonly isNamed: boolean;
  readonly eventType: string;
  readonly endpointId: string;
  readonly outcomeJson: string | null;
  readonly body: StoredBody | null;
}

/** Rows of a filter for a search, newest first, with their bodies when those are small. */
export function deliveriesForLook(
  reader: Reader,
  { q, ...filter }: DeliveryFilter & { readonly q: string },
  page: SeqRange & { readonly limit: number; readonly isOpen: boolean; readonly inlineBytes: number },
): readonly DeliveryLooked[] {
  let select = reader.sql
    .selectFrom('deliveries as d')
    .leftJoin('bodies as b', 'b.hash', 'd.body_hash')
    .select([
      'd.seq',
      rawSql<number>`d.id = ${q} OR d.message_id LIKE ${beginningWith(q)} ESCAPE '\\'`.as('isNamed'),
      'd.event_type',
      'd.endpoint_id',
      'd.last_outcome_json',
    ])
    .select(['b.size', rawSql<number | null>`b.rowid`.as('row')])
    .select(rawSql<string | null>`CASE WHEN b.size <= ${page.inlineBytes} THEN CAST(b.bytes AS TEXT) END`.as('text'))
    .where('d.seq', '<', page.beforeSeq)
    .where('d.seq', '>=', page.fromSeq);
  if (page.isOpen) select = select.where(isOpenRow);
  for (const condition of conditions(filter)) select = select.where(condition);
  const { sql, parameters } = select.orderBy('d.seq', 'desc').limit(page.limit).compile();
  // As lists of values, and bodies as text: objects and byte arrays would cost more than the search itself.
  type Row = readonly [number, number, string, string, string | null, number | null, number | null, string | null];
  return reader.values<Row>(sql, parameters).map(([seq, isNamed, eventType, endpointId, outcomeJson, size, row, text]) => ({
    seq,
    isNamed: isNamed === 1,
    eventType,
    endpointId,
    outcomeJson,
    body: row === null || size === null ? null : { size, text, hash: () => bodyHashOf(reader, row) },
  }));
}

/** The name and the URL of an endpoint as they are now. */
export function endpointForLook(reader: Reader, id: string): { readonly name: string; readonly url: string } {
  return reader.raw<{ name: string; url: string }>('SELECT name, url FROM endpoints WHERE id = ?', [id])[0] ?? { name: '', url: '' };
}

/** An attempt as a text search reads it. */
export interface AttemptLooked {
  readonly deliverySeq: number;
  /** Whether the text is its id. */
  readonly isNamed: boolean;
  readonly url: string;
  readonly requestHeadersJson: string;
  /** The body that was sent, if it is not the delivery's. */
  readonly ownBodyHash: Uint8Array | null;
  readonly answerHeadersJson: string | null;
  /** In hex, since most answers are the same few. */
  readonly answerBodyHash: string;
}

/** The attempts of these deliveries. */
export function attemptsForLook(reader: Reader, deliverySeqs: readonly number[], q: string): readonly AttemptLooked[] {
  type Row = readonly [number, number, string, string, Uint8Array | null, string | null, string];
  return reader
    .values<Row>(
      `SELECT d.seq, a.id = ?, a.url, a.request_headers_json, CASE WHEN a.request_body_hash IS NOT d.body_hash THEN a.request_body_hash END,
         a.response_headers_json, hex(a.response_body_hash)
       FROM json_each(?) AS chosen CROSS JOIN deliveries AS d ON d.seq = chosen.value CROSS JOIN attempts AS a ON a.delivery_id = d.id`,
      [q, JSON.stringify(deliverySeqs)],
    )
    .map(([deliverySeq, isNamed, url, requestHeadersJson, ownBodyHash, answerHeadersJson, answerBodyHash]) => ({
      deliverySeq,
      isNamed: isNamed === 1,
      url,
      requestHeadersJson,
      ownBodyHash,
      answerHeadersJson,
      answerBodyHash,
    }));
}
