import { sql as rawSql } from 'kysely';
import type { Database, Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { conditions, type DeliveryFilter } from './deliveries.ts';

/** When and how the rows with these numbers were made. */
export interface CountRow {
  readonly createdAtMs: number;
  readonly status: string;
}

/** When each of these rows was made, and its status. */
export function listForCount(database: Reader, seqs: readonly number[]): readonly CountRow[] {
  return database.all(
    database.sql
      .selectFrom('deliveries as d')
      .select(['d.created_at_ms as createdAtMs', 'd.status as status'])
      .where(rawSql<boolean>`d.seq IN (SELECT value FROM json_each(${JSON.stringify(seqs)}))`),
  );
}

export interface DeliveryCount {
  readonly bucket: number;
  readonly status: string;
  readonly count: number;
}

/** How many matching rows of a range have each status. Not for a text search. */
export function countByStatus(
  database: Database,
  filter: Omit<DeliveryFilter, 'q'>,
  range: SeqRange,
): readonly Pick<DeliveryCount, 'status' | 'count'>[] {
  let select = database.sql
    .selectFrom('deliveries as d')
    .select(({ fn }) => ['d.status as status', fn.countAll<number>().as('count')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select.groupBy('d.status'));
}

/** The times of the oldest and newest matching rows of a range, or null when none matches. Not for a text search. */
export function spanOf(
  database: Database,
  filter: Omit<DeliveryFilter, 'q'>,
  range: SeqRange,
): { readonly fromMs: number; readonly toMs: number } | null {
  let select = database.sql
    .selectFrom('deliveries as d')
    .select(({ fn }) => [fn.min('d.created_at_ms').as('fromMs'), fn.max('d.created_at_ms').as('toMs')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  const span = database.first(select);
  return span === undefined || span.fromMs === null || span.toMs === null ? null : { fromMs: span.fromMs, toMs: span.toMs };
}

/** How many matching rows of a range there are in each step of `stepMs` from `fromMs`, by status. Not for a text search. */
export function countDeliveries(
  database: Database,
  filter: Omit<DeliveryFilter, 'q'>,
  steps: { readonly fromMs: number; readonly stepMs: number },
  range: SeqRange,
): readonly DeliveryCount[] {
  const bucket = rawSql<number>`CAST((d.created_at_ms - ${steps.fromMs}) / ${steps.stepMs} AS INTEGER)`;
  let select = database.sql
    .selectFrom('deliveries as d')
    .select(({ fn }) => [bucket.as('bucket'), 'd.status as status', fn.countAll<number>().as('count')])
    .where('d.seq', '>=', range.fromSeq)
    .where('d.seq', '<', range.beforeSeq);
  for (const condition of conditions(filter)) select = select.where(condition);
  return database.all(select.groupBy(['bucket', 'd.status']));
}
