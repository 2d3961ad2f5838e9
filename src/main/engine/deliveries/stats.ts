import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Database } from '../store/database.ts';
import type { SearchFilter } from './look.ts';
import { isSearch, searchForCount, type SearchDeps } from './search.ts';
import { inSteps } from '../store/in-steps.ts';
import { newestSeq, type DeliveryFilter } from '../log/deliveries.ts';
import { countByStatus, countDeliveries, spanOf, type CountRow, type DeliveryCount } from '../log/delivery-counts.ts';

interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/**
 * Counts of the log over time, made in steps. A text search reads each row once; otherwise the store counts. Tests that the filter finds are
 * counted apart, unless it asks for them.
 */
export async function statsOf(
  deps: SearchDeps,
  asked: DeliveryFilter,
  { buckets, nowMs }: { readonly buckets: number; readonly nowMs: number },
  signal: AbortSignal | undefined,
) {
  const filter = { ...asked, isTest: asked.isTest ?? false };
  // A failure group is of no tests where they are not asked for.
  const tests = asked.isTest === undefined && asked.failureGroup === undefined ? { ...asked, isTest: true } : null;
  const counted = isSearch(filter)
    ? await countFound(deps, filter, { buckets, nowMs }, signal)
    : await countStored(deps, filter, { buckets, nowMs }, signal);
  return { ...counted, testsByStatus: tests === null ? noneOfAny() : await statusesOf(deps, tests, signal) };
}

async function countStored(
  { database }: SearchDeps,
  filter: DeliveryFilter,
  asked: { readonly buckets: number; readonly nowMs: number },
  signal: AbortSignal | undefined,
) {
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

async function countFound(
  deps: SearchDeps,
  filter: SearchFilter,
  asked: { readonly buckets: number; readonly nowMs: number },
  signal: AbortSignal | undefined,
) {
  const rows = await searchForCount(deps, filter, signal);
  const steps = stepsOf(filter, spanOfRows(rows), asked);
  return statsFrom(countRows(rows, steps), steps, asked.buckets);
}

async function statusesOf(deps: SearchDeps, filter: DeliveryFilter, signal: AbortSignal | undefined) {
  if (isSearch(filter)) return byStatusOf((await searchForCount(deps, filter, signal)).map(({ status }) => ({ status, count: 1 })));
  const { database } = deps;
  const counts: { readonly status: string; readonly count: number }[] = [];
  await inSteps(newestSeq(database) + 1, signal, (range) => {
    counts.push(...countByStatus(database, filter, range));
    return true;
  });
  return byStatusOf(counts);
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
  const byStatus = byStatusOf(found);
  const counts: Partial<Record<DeliveryStatus, number>>[] = Array.from({ length: buckets }, () => ({}));
  for (const { bucket, status, count } of found) {
    const known = deliveryStatus.parse(status);
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

function byStatusOf(found: readonly { readonly status: string; readonly count: number }[]): Record<DeliveryStatus, number> {
  const byStatus = noneOfAny();
  for (const { status, count } of found) byStatus[deliveryStatus.parse(status)] += count;
  return byStatus;
}

function noneOfAny(): Record<DeliveryStatus, number> {
  return Object.fromEntries(deliveryStatus.options.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
}
