import type { ReplaySource } from '#shared/contract/replays.ts';
import type { Changes } from '../base/changes.ts';
import { conflict, type Refusal } from '../base/refusal.ts';
import { assertActive } from '../messages/targets.ts';
import { frozen, openSource } from '../replays/open-source.ts';
import { countAll, totalOf } from '../replays/preview.ts';
import type { ReplayRunner } from '../replays/runner.ts';
import type { SourceDeps } from '../replays/source.ts';
import { findReplay, insertReplay, type StoredReplay } from '../replays/store.ts';
import type { Writer } from '../store/database.ts';
import { assertKnownFilter } from './known-filter.ts';

export interface ReplayDeps extends SourceDeps {
  readonly changes: Changes;
  readonly runner: ReplayRunner;
}

interface Asked {
  readonly source: ReplaySource;
  readonly timestamp: StoredReplay['timestamp'];
  readonly ratePerSecond: number | null;
}

/** A replay to one endpoint is refused when nothing could be sent; a replay over many skips each such delivery with the reason. */
export function assertSendable(deps: SourceDeps, source: ReplaySource): void {
  if (source.kind === 'redeliver') assertKnownFilter(deps, source.filter);
  else assertActive(deps.endpoints.getOwn(source.endpointId));
}

/** Stores a replay and lets it run; `write` is made along with it. Rejects with a Refusal CONFLICT where there is nothing to do. */
export async function startReplay(
  deps: ReplayDeps,
  { source: asked, timestamp, ratePerSecond }: Asked,
  by: { readonly creator: string; readonly signal: AbortSignal | undefined; readonly write?: (writer: Writer) => void },
): Promise<StoredReplay> {
  const { database, clock, changes } = deps;
  assertSendable(deps, asked);
  const nowMs = clock.now();
  const source = frozen(asked, nowMs);
  const rows = openSource(deps, source);
  const uptoSeq = rows.newestSeq();
  const total = totalOf(await countAll(rows, uptoSeq, by.signal));
  // The caller left before the count was done, so nobody would know of the replay.
  by.signal?.throwIfAborted();
  if (total === 0) throw nothingFound(source);
  const id = deps.ids.next('rpl');
  await database.write((writer) => {
    by.write?.(writer);
    insertReplay(writer, { id, source, timestamp, ratePerSecond, total, uptoSeq, creator: by.creator, createdAtMs: nowMs });
  });
  const stored = findReplay(database, id);
  if (stored === undefined) throw new Error('A replay that was just made is missing from the data file.');
  deps.runner.begin(stored);
  changes.publish('replays', [id]);
  return stored;
}

function nothingFound(source: ReplaySource): Refusal<'CONFLICT'> {
  const message = nothingFoundText(source);
  return conflict('source', message);
}

function nothingFoundText(source: ReplaySource): string {
  switch (source.kind) {
    case 'redeliver':
      if (source.filter.failureGroup !== undefined)
        return 'No delivery that this filter finds fails in the way of this group any more, so there is nothing to replay. Read the groups again.';
      return 'No delivery matches this filter, so there is nothing to replay. Widen the filter.';
    case 'captures':
      return 'No capture matches this filter, so there is nothing to send. Widen the filter.';
    case 'recover':
      return 'No delivery to this endpoint failed in this time, so there is nothing to recover. Choose an earlier time.';
    case 'missing':
      return 'This endpoint has a delivery of every message it listens to in this time. Choose an earlier time, or change the events it listens to.';
  }
}
