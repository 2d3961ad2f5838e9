import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { LoggedFailureGroup } from '#shared/contract/failure-groups.ts';
import { failuresLookedAt } from '#shared/contract/failure-groups.ts';
import { failedRows, outcomeBeforeCancel, type FailedRow } from '../log/failed-rows.ts';
import { newestSeq, type DeliveryFilter } from '../log/deliveries.ts';
import { inSteps, type SeqRange } from '../store/in-steps.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import { search } from '../store/searcher.ts';
import { createFailureKinds, type FailureKind } from './failure-kind.ts';
import { isSearch, searchSeqs, type SearchDeps } from './search.ts';

/** A group without the name of its endpoint. */
type Group = Omit<LoggedFailureGroup, 'endpointName'>;

/** What failed, in groups. */
export interface FailureGroups {
  /** Deliveries that were looked at. */
  readonly failed: number;
  /** Older rows of the log were not looked at. */
  readonly isCut: boolean;
  /** Most first. */
  readonly groups: readonly Group[];
  /** Deliveries that are in none of these groups, because there are too many to keep. */
  readonly ungrouped: number;
  /** Failed tests that the filter finds and that are in no group, since it does not ask for tests. */
  readonly testsLeftOut: number;
  /** Cancelled deliveries that the filter finds and that had failed by then; in no group, since they were ended on purpose. */
  readonly cancelledLeftOut: number;
}

/** So many groups are kept apart; what fails in yet another way is only counted. */
const mostGroups = 2000;

/** How many of the found rows are read at once. */
const rowsAtOnce = 2000;

/** The groups of a range of rows. */
export const failureSearch = search(
  'failure-groups',
  async (reader, { filter, ...range }: { readonly filter: Omit<DeliveryFilter, 'q' | 'failureGroup'> } & SeqRange, memory) => {
    const kindOf = createFailureKinds(reader, memory);
    const groups = new Map<string, Group>();
    for (const row of failedRows(reader, filter, range)) {
      const kind = kindOf(row);
      const known = kind instanceof Promise ? await kind : kind;
      // What is redelivered after it was accepted waits as failed, too.
      if (known.outcome.code === 'ok') continue;
      const group = groupOf(row, known);
      groups.set(group.key, joined(groups.get(group.key), group));
    }
    return [...groups.values()];
  },
);

/** How many deliveries of a range have failed at their last attempt that was not cancelled, of those that failed or are exhausted, or are in the given states. */
export const failedCountSearch = search(
  'failed-count',
  (
    reader,
    {
      filter,
      ...range
    }: { readonly filter: Omit<DeliveryFilter, 'q' | 'failureGroup'>; readonly statuses?: readonly DeliveryStatus[] } & SeqRange,
  ) =>
    failedRows(reader, filter, range).filter(({ id, outcomeJson }) => {
      const { code } = unpackOutcome(outcomeJson);
      // An attempt that was itself cancelled has not failed, and those before it may have.
      const decided = code === 'cancelled' ? outcomeBeforeCancel(reader, id) : code;
      return decided !== null && decided !== 'ok';
    }).length,
);

function groupOf({ id, endpointId, status: state, atMs }: FailedRow, { key, answer, outcome }: FailureKind): Group {
  const { code: outcomeCode, status, phase, reason, message } = outcome;
  const exhausted = state === 'exhausted' ? 1 : 0;
  return {
    key,
    endpointId,
    outcomeCode,
    status,
    phase,
    reason,
    answer,
    message,
    count: 1,
    exhausted,
    exampleId: id,
    firstAtMs: atMs,
    lastAtMs: atMs,
  };
}

/** Two parts of a group; the example is that of the newer. */
function joined(before: Group | undefined, group: Group): Group {
  if (before === undefined) return group;
  const newest = group.lastAtMs > before.lastAtMs ? group : before;
  return {
    ...newest,
    count: before.count + group.count,
    exhausted: before.exhausted + group.exhausted,
    firstAtMs: Math.min(before.firstAtMs, group.firstAtMs),
    lastAtMs: newest.lastAtMs,
  };
}

/** Groups the deliveries of a filter that failed or are exhausted, the newest rows first, in a thread. Stops early when the signal aborts. */
export async function failureGroupsOf(deps: SearchDeps, filter: DeliveryFilter, signal: AbortSignal | undefined): Promise<FailureGroups> {
  const groups = new Map<string, Group>();
  let [failed, ungrouped, isCut] = [0, 0, false];
  const take = (found: readonly Group[]): boolean => {
    for (const group of found) {
      failed += group.count;
      const before = groups.get(group.key);
      if (before === undefined && groups.size >= mostGroups) ungrouped += group.count;
      else groups.set(group.key, joined(before, group));
    }
    return failed < failuresLookedAt;
  };
  await eachPart(deps, filter, signal, async (part, range) => {
    const more = take(await deps.searcher.look(failureSearch, { filter: part, ...range }));
    if (!more) isCut = range.fromSeq > 1;
    return more;
  });
  const testsLeftOut = filter.isTest === undefined ? await failedCount(deps, { ...filter, isTest: true }, signal) : 0;
  const asksForCancelled = filter.status === undefined || filter.status === 'cancelled';
  const cancelledLeftOut = asksForCancelled ? await failedCount(deps, { ...filter, status: 'cancelled' }, signal, ['cancelled']) : 0;
  signal?.throwIfAborted();
  return { failed, isCut, groups: [...groups.values()].toSorted((a, b) => b.count - a.count), ungrouped, testsLeftOut, cancelledLeftOut };
}

async function failedCount(
  deps: SearchDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
  statuses?: readonly DeliveryStatus[],
): Promise<number> {
  let count = 0;
  await eachPart(deps, filter, signal, async (part, range) => {
    count += await deps.searcher.look(failedCountSearch, { filter: part, ...range, ...(statuses === undefined ? {} : { statuses }) });
    return true;
  });
  return count;
}

/** The rows of a filter part by part, newest first: by its columns, or those in which a text was found. */
async function eachPart(
  { database, searcher }: SearchDeps,
  filter: DeliveryFilter,
  signal: AbortSignal | undefined,
  look: (part: Omit<DeliveryFilter, 'q' | 'failureGroup'>, range: SeqRange) => Promise<boolean>,
): Promise<void> {
  const range = { fromSeq: 1, beforeSeq: newestSeq(database) + 1 };
  if (!isSearch(filter)) return inSteps(range.beforeSeq, signal, (step) => look(filter, step));
  const seqs = (await searchSeqs(searcher, filter, range, signal)).toReversed();
  for (let from = 0; from < seqs.length && signal?.aborted !== true; from += rowsAtOnce) {
    const some = seqs.slice(from, from + rowsAtOnce);
    if (!(await look({ seqs: some, isTest: filter.isTest }, { fromSeq: some.at(-1) ?? 1, beforeSeq: range.beforeSeq }))) return;
  }
}
