import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Replay, ReplaySource, ReplayStatus } from '#shared/contract/replays.ts';
import type { Changes } from '../base/changes.ts';
import { assertKnownFilter } from './known-filter.ts';
import { assertActive } from '../messages/messages.ts';
import type { Procedures } from '../base/procedures.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { frozen, openSource } from '../replays/open-source.ts';
import { countAll, previewOf, skippedList, totalOf } from '../replays/preview.ts';
import type { ReplayRunner } from '../replays/runner.ts';
import type { SourceDeps } from '../replays/source.ts';
import { countItems } from '../log/replay-rows.ts';
import { findReplay, insertReplay, listReplays, updateReplay, type StoredReplay } from '../replays/store.ts';

const pages = seqPages('replays');

export interface ReplayDeps extends SourceDeps {
  readonly changes: Changes;
  readonly runner: ReplayRunner;
}

/** How many deliveries of a replay are counted in one step. */
const countedAtOnce = 5000;

/** Starting replays, following them and stopping them. */
export function createReplayHandlers(os: Procedures, deps: ReplayDeps) {
  const { database, clock, ids, changes, endpoints, runner } = deps;
  const inTurn = createInTurn();
  const get = (id: string): StoredReplay => {
    const replay = findReplay(database, id);
    if (replay === undefined) throw notFound('replay', id);
    return replay;
  };
  const view = (replay: StoredReplay) => toReplay(replay, runner.problemOf(replay.id));
  /** A replay to one endpoint is refused when nothing could be sent; a replay over many skips each such delivery with the reason. */
  const assertSendable = (source: ReplaySource) => {
    if (source.kind === 'redeliver') assertKnownFilter(deps, source.filter);
    else assertActive(endpoints.get(source.endpointId));
  };

  const start = async (
    input: { readonly source: ReplaySource; readonly timestamp: StoredReplay['timestamp']; readonly ratePerSecond: number | null },
    creator: string,
    signal: AbortSignal | undefined,
  ) => {
    assertSendable(input.source);
    const nowMs = clock.now();
    const source = frozen(input.source, nowMs);
    const rows = openSource(deps, source);
    const uptoSeq = rows.newestSeq();
    const total = totalOf(await countAll(rows, uptoSeq, signal));
    // The caller left before the count was done, so nobody would know of the replay.
    signal?.throwIfAborted();
    if (total === 0) throw conflict('source', nothingFound(source));
    const id = ids.next('rpl');
    const { timestamp, ratePerSecond } = input;
    await database.write((writer) =>
      insertReplay(writer, { id, source, timestamp, ratePerSecond, total, uptoSeq, creator, createdAtMs: nowMs }),
    );
    const stored = get(id);
    runner.begin(stored);
    changes.publish('replays', [id]);
    return view(stored);
  };

  /** Moves a replay to another status if its current one allows that. */
  const move = (id: string, from: readonly ReplayStatus[], to: ReplayStatus, verb: string) =>
    inTurn(id, async () => {
      get(id);
      const nowMs = clock.now();
      const refused = await database.write((writer) => {
        const current = findReplay(writer, id);
        if (current === undefined || !from.includes(current.status)) return current?.status ?? 'cancelled';
        const endedAtMs = to === 'cancelled' ? nowMs : null;
        updateReplay(writer, id, { status: to, problem: null, updatedAtMs: nowMs, endedAtMs });
        return null;
      });
      if (refused !== null) throw conflict('id', `This replay is ${refused}; there is nothing to ${verb}.`);
      await runner.leave(id);
      if (to === 'running') runner.begin(get(id));
      changes.publish('replays', [id]);
      return view(get(id));
    });

  return {
    preview: os.replays.preview.handler(({ input, signal }) => {
      assertSendable(input.source);
      return previewOf(openSource(deps, input.source), endpoints, signal);
    }),
    start: os.replays.start.handler(({ input, context, signal }) => start(input, context.actor, signal)),
    list: os.replays.list.handler(({ input: { cursor, limit } }) =>
      pages.page(listReplays(database, { beforeSeq: pages.before(cursor), limit: limit + 1 }), limit, view),
    ),
    get: os.replays.get.handler(async ({ input, signal }) => {
      const replay = get(input.id);
      return { ...view(replay), byStatus: await countByStatus(database, replay.seq, signal) };
    }),
    pause: os.replays.pause.handler(({ input }) => move(input.id, ['running'], 'paused', 'pause')),
    resume: os.replays.resume.handler(({ input }) => move(input.id, ['paused'], 'running', 'resume')),
    cancel: os.replays.cancel.handler(({ input }) => move(input.id, ['running', 'paused'], 'cancelled', 'cancel')),
  };
}

/** A replay as the contract shows it. */
function toReplay(stored: StoredReplay, problem: string | null): Replay {
  const { seq: _seq, afterSeq: _afterSeq, uptoSeq: _uptoSeq, skipped, ...shown } = stored;
  return { ...shown, problem: problem ?? stored.problem, skipped: skippedList(skipped) };
}

/** The deliveries of a replay by status, counted in steps so that a large replay blocks nothing. */
async function countByStatus(
  database: Database,
  replaySeq: number,
  signal: AbortSignal | undefined,
): Promise<Partial<Record<DeliveryStatus, number>>> {
  const byStatus: Partial<Record<DeliveryStatus, number>> = {};
  let afterSeq = 0;
  while (signal?.aborted !== true) {
    const groups = countItems(database, replaySeq, { afterSeq, limit: countedAtOnce });
    for (const { status, count, lastSeq } of groups) {
      byStatus[status] = (byStatus[status] ?? 0) + count;
      afterSeq = Math.max(afterSeq, lastSeq);
    }
    if (groups.reduce((sum, { count }) => sum + count, 0) < countedAtOnce) break;
    await nextTurn();
  }
  return byStatus;
}

function nothingFound(source: ReplaySource): string {
  switch (source.kind) {
    case 'redeliver':
      return 'No delivery matches this filter, so there is nothing to replay. Widen the filter.';
    case 'recover':
      return 'No delivery to this endpoint failed in this time, so there is nothing to recover. Choose an earlier time.';
    case 'missing':
      return 'This endpoint has a delivery of every message it listens to in this time. Choose an earlier time, or change the events it listens to.';
  }
}

function conflict(path: string, message: string): Refusal<'CONFLICT'> {
  return new Refusal('CONFLICT', message, { issues: [{ path, message }] });
}
