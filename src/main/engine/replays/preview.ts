import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { ReplayPreview, SkipReason } from '#shared/contract/replays.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { ItemGroup, ItemSource, ReplayItem } from './source.ts';
import type { RowRange } from '../log/replay-rows.ts';
import type { SkipCounts } from './store.ts';
import { createWindow } from './window.ts';

/** How many groups a preview names. */
const groupsNamed = 20;

/** How many rows to be replayed are shown. */
const sampleSize = 10;

/** Counts the contents of a source up to a row, with other work in between. Stops early when the signal aborts. */
export async function countAll(source: ItemSource, uptoSeq: number, signal: AbortSignal | undefined): Promise<readonly ItemGroup[]> {
  const groups: ItemGroup[] = [];
  await eachWindow(uptoSeq, signal, async (range) => {
    groups.push(...(await source.count(range)));
    return true;
  });
  return groups;
}

/** The totals. */
export function totalOf(groups: readonly ItemGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The dry run: counts by status, endpoint and so on, and the first rows. */
export async function previewOf(
  source: ItemSource,
  endpoints: Pick<EndpointBook, 'find' | 'findListed'>,
  signal: AbortSignal | undefined,
): Promise<ReplayPreview> {
  const uptoSeq = source.newestSeq();
  const groups = await countAll(source, uptoSeq, signal);
  const sample: ReplayItem[] = [];
  await eachWindow(uptoSeq, signal, async (range) => {
    sample.push(...(await source.list(range, sampleSize)).filter(({ skip }) => skip === null));
    return sample.length < sampleSize;
  });
  const skipped = sumBy<SkipReason>(groups, ({ skip }) => skip);
  const total = totalOf(groups);
  return {
    total,
    replayable: total - [...skipped.values()].reduce((sum, count) => sum + count, 0),
    skipped: [...skipped].map(([reason, count]) => ({ reason, count })),
    byStatus: Object.fromEntries(sumBy<DeliveryStatus>(groups, ({ status }) => status)),
    byEndpoint: largest(sumBy(groups, ({ endpointId }) => endpoints.find(endpointId)?.testOf ?? endpointId)).map(([endpointId, count]) => {
      const endpointName = endpoints.find(endpointId)?.name ?? endpointId;
      return { endpointId, endpointName, isListed: endpoints.findListed(endpointId) !== undefined, count };
    }),
    byEventType: largest(sumBy(groups, ({ eventType }) => eventType)).map(([eventType, count]) => ({ eventType, count })),
    sample: sample.slice(0, sampleSize).map(({ view }) => view),
  };
}

/** Skips as a list, in the order they first occurred. */
export function skippedList(skipped: SkipCounts): ReplayPreview['skipped'] {
  return (Object.entries(skipped) as [SkipReason, number][]).map(([reason, count]) => ({ reason, count }));
}

async function eachWindow(uptoSeq: number, signal: AbortSignal | undefined, look: (range: RowRange) => Promise<boolean>): Promise<void> {
  const window = createWindow();
  let afterSeq = 0;
  while (afterSeq < uptoSeq && signal?.aborted !== true) {
    const range = window.next(afterSeq, uptoSeq);
    if (!(await window.timed(() => look(range)))) return;
    afterSeq = range.uptoSeq;
    await nextTurn();
  }
}

function sumBy<Key>(groups: readonly ItemGroup[], keyOf: (group: ItemGroup) => Key | null): ReadonlyMap<Key, number> {
  const sums = new Map<Key, number>();
  for (const group of groups) {
    const key = keyOf(group);
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + group.count);
  }
  return sums;
}

function largest(sums: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...sums].toSorted(([, a], [, b]) => b - a).slice(0, groupsNamed);
}
