import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Database } from '../store/database.ts';
import { isSearch, searchForCount, type SearchDeps } from './search.ts';
import { inSteps } from '../store/in-steps.ts';
import { newestSeq, type DeliveryFilter } from '../log/deliveries.ts';
import { countDeliveries, spanOf, type CountRow, type DeliveryCount } from '../log/delivery-counts.ts';

interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Counts of the log over time, made in steps. A text search reads each row once; otherwise the store counts. */
export async function statsOf(
  deps: SearchDeps,
  filter: DeliveryFilter,
  asked: { readonly buckets: number; readonly nowMs: number },
  signal: AbortSignal | undefined,
) {
  const { database } = deps;
  if (!isSearch(filter)) {
    const newest = newestSeq(database);
    const isSpanGiven = filter.fromMs !== undefined && filter.toMs !== undefined;
    const steps = stepsOf(filter, isSpanGiven ? null : await wholeSpan(database, filter, newest, signal), asked);
    const counts: DeliveryCount[] = [];
    await inSteps(newest + 1, signal, (range) => {
      counts.push(...countDeliveries(database, filter, steps, range));
      return true;
    });
    return statsFrom(counts, steps, asked.buckets);
  }
  const rows = await searchForCount(deps, filter, signal);
  const steps = stepsOf(filter, spanOfRows(rows), asked);
  return statsFrom(countRows(rows, steps), steps, asked.buckets);
}

async function wholeSpan(
  database: Database,
  filter: DeliveryFilter,
  newest: number,
  signal: AbortSignal | undefined,
): Promise<Span | null> {
  let whole: Span | null = null;
  await inSteps(newest + 1, signal, (range) => {
    const span = spanOf(database, filter, range);
    if (span === null) return true;
    whole = whole === null ? span : { fromMs: Math.min(whole.fromMs, span.fromMs), toMs: Math.max(whole.toMs, span.toMs) };
    return true;
  });
  return whole;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The given span, otherwise from the oldest match to now; each step at least a millisecond. */
function stepsOf(
  filter: DeliveryFilter,
  span: Span | null,
  { buckets, nowMs }: { readonly buckets: number; readonly nowMs: number },
): Steps {
  const fromMs = filter.fromMs ?? span?.fromMs ?? nowMs;
  const toMs = Math.max(filter.toMs ?? Math.max(nowMs, span?.toMs ?? nowMs), fromMs + buckets);
  return { fromMs, toMs, stepMs: Math.ceil((toMs - fromMs) / buckets) };
}

function spanOfRows(rows: readonly CountRow[]): Span | null {
  if (rows.length === 0) return null;
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { createdAtMs } of rows) {
    fromMs = Math.min(fromMs, createdAtMs);
    toMs = Math.max(toMs, createdAtMs);
  }
  return { fromMs, toMs };
}

function countRows(rows: readonly CountRow[], { fromMs, stepMs }: Steps): readonly DeliveryCount[] {
  return rows.map(({ createdAtMs, status }) => ({ bucket: Math.floor((createdAtMs - fromMs) / stepMs), status, count: 1 }));
}

function statsFrom(found: readonly DeliveryCount[], { fromMs, toMs, stepMs }: Steps, buckets: number) {
  const byStatus = Object.fromEntries(deliveryStatus.options.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
  const counts: Partial<Record<DeliveryStatus, number>>[] = Array.from({ length: buckets }, () => ({}));
  for (const { bucket, status, count } of found) {
    const known = deliveryStatus.parse(status);
    byStatus[known] += count;
    // The end of the span belongs to the last step.
    const cell = counts[Math.min(bucket, buckets - 1)];
    if (cell !== undefined) cell[known] = (cell[known] ?? 0) + count;
  }
  return {
    total: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    byStatus,
    fromMs,
    toMs,
    buckets: counts.map((cell, index) => ({ startMs: fromMs + index * stepMs, counts: cell })),
  };
}
