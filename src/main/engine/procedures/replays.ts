import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Replay, ReplaySource, ReplayStatus } from '#shared/contract/replays.ts';
import type { Procedures } from '../base/procedures.ts';
import { conflict, notFound } from '../base/refusal.ts';
import { liveBin } from '../capture/bin-store.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { openSource } from '../replays/open-source.ts';
import { previewOf, skippedList } from '../replays/preview.ts';
import { assertSendable, startReplay, type ReplayDeps } from './start-replay.ts';
import { countItems } from '../log/replay-rows.ts';
import { findReplay, listReplays, updateReplay, type StoredReplay } from '../replays/store.ts';

const pages = seqPages('replays');

/** How many deliveries of a replay are counted in one step. */
const countedAtOnce = 5000;

/** Starting replays, following them and stopping them. */
export function createReplayHandlers(os: Procedures, deps: ReplayDeps) {
  const { database, clock, changes, endpoints, runner } = deps;
  const inTurn = createInTurn();
  const get = (id: string): StoredReplay => {
    const replay = findReplay(database, id);
    if (replay === undefined) throw notFound('replay', id);
    return replay;
  };
  const view = (replay: StoredReplay) => toReplay(deps, replay, runner.problemOf(replay.id));
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
      assertSendable(deps, input.source);
      return previewOf(openSource(deps, input.source), endpoints, signal);
    }),
    start: os.replays.start.handler(async ({ input, context, signal }) =>
      toReplay(deps, await startReplay(deps, input, { creator: context.actor, signal }), null),
    ),
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
export function toReplay(deps: Pick<ReplayDeps, 'endpoints' | 'database'>, stored: StoredReplay, problem: string | null): Replay {
  const { seq: _seq, afterSeq: _afterSeq, uptoSeq: _uptoSeq, skipped, ...shown } = stored;
  return { ...shown, names: namesIn(deps, shown.source), problem: problem ?? stored.problem, skipped: skippedList(skipped) };
}

/** An endpoint that is in no list was made for a URL, and is called by that. */
function namesIn({ endpoints, database }: Pick<ReplayDeps, 'endpoints' | 'database'>, source: ReplaySource): Record<string, string> {
  const endpointId = source.kind === 'redeliver' ? source.filter.endpointId : source.endpointId;
  const binId = source.kind === 'captures' ? source.filter.binId : undefined;
  const endpoint = endpointId === undefined ? undefined : endpoints.find(endpointId);
  const bin = binId === undefined ? undefined : liveBin(database, binId);
  return {
    ...(endpoint === undefined ? {} : { [endpoint.id]: endpoint.isOneOff ? endpoint.url : endpoint.name }),
    ...(bin === undefined ? {} : { [bin.id]: bin.name }),
  };
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
