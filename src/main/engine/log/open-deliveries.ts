import { sql as rawSql } from 'kysely';
import type { Reader, Writer } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { search } from '../store/searcher.ts';
import { conditions, isOpenRow, type DeliveryFilter } from './deliveries.ts';

/** A delivery that is not final. */
export interface OpenDelivery {
  readonly seq: number;
  readonly id: string;
  readonly isInFlight: number;
}

/** Deliveries of a range that are not final. */
export function listOpen(
  database: Reader,
  filter: Omit<DeliveryFilter, 'q'>,
  range: { readonly fromSeq: number; readonly beforeSeq: number },
): readonly OpenDelivery[] {
  let select = database.sql
    .selectFrom('deliveries as d')
    .innerJoin('endpoints as e', 'e.id', 'd.endpoint_id')
    .select(['d.seq as seq', 'd.id as id', rawSql<number>`d.in_flight_attempt_id IS NOT NULL`.as('isInFlight')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq)
    .where(isOpenRow);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select);
}

/** Cancels those of these deliveries that wait; returns how many. */
export function cancelWaitingSeqs(writer: Writer, seqs: readonly number[], nowMs: number): number {
  return writer.runRaw(
    `UPDATE deliveries SET status = 'cancelled', due_at_ms = NULL, updated_at_ms = ?
     WHERE seq IN (SELECT value FROM json_each(?)) AND due_at_ms IS NOT NULL`,
    [nowMs, JSON.stringify(seqs)],
  );
}

/** Those of these deliveries that have an attempt under way. */
export function inFlightOf(database: Reader, seqs: readonly number[]): readonly OpenDelivery[] {
  return database.all(
    database.sql
      .selectFrom('deliveries as d')
      .select(['d.seq as seq', 'd.id as id', rawSql<number>`1`.as('isInFlight')])
      .where('d.seq', 'in', rawSql<number>`(SELECT value FROM json_each(${JSON.stringify(seqs)}))`)
      .where('d.in_flight_attempt_id', 'is not', null),
  );
}

/** Deliveries of a range that are still to be sent, by a filter without text. */
export const openSearch = search('open', (reader, { filter, ...range }: { readonly filter: Omit<DeliveryFilter, 'q'> } & SeqRange) =>
  openRows(listOpen(reader, filter, range)),
);

/** Deliveries that are still to be sent: row numbers of those that wait, which can be very many, and those with an attempt under way. */
export interface OpenRows {
  readonly waiting: readonly number[];
  readonly inFlight: readonly OpenDelivery[];
}

export function openRows(found: readonly OpenDelivery[]): OpenRows {
  const isUnderWay = ({ isInFlight }: OpenDelivery) => isInFlight === 1;
  return { waiting: found.filter((each) => !isUnderWay(each)).map(({ seq }) => seq), inFlight: found.filter(isUnderWay) };
}
