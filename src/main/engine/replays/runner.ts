import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import type { Database, Writer } from '../store/database.ts';
import { caughtUp, nextTakeAtMs, startPace, takeableNow, withTaken, type Pace } from './pace.ts';
import type { ItemResult, ItemSource, ReplayItem } from './source.ts';
import { findReplay, runningReplays, updateReplay, type SkipCounts, type StoredReplay } from './store.ts';
import { insertReplayItem } from '../log/replay-rows.ts';
import { createWindow, type Window } from './window.ts';

export interface RunnerDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: Changes;
  readonly openSource: (source: StoredReplay['source']) => ItemSource;
  /** Wakes the dispatcher: deliveries of these endpoints are due. */
  readonly onDue: (endpointIds: readonly string[], dueAtMs: number) => void;
}

/** Runs stored replays. Progress is stored in the same write as its effects, so a restart continues without doing anything twice. */
export interface ReplayRunner {
  /** Continues every replay that was under way. */
  readonly start: () => void;
  /** Ends after the write under way. */
  readonly stop: () => Promise<void>;
  /** Starts a replay whose stored status is running. */
  readonly begin: (replay: StoredReplay) => void;
  /** Stops a replay that was paused or cancelled; resolves once none of its writes is under way. */
  readonly leave: (id: string) => Promise<void>;
  /** Why a replay under way makes no progress, or null. */
  readonly problemOf: (id: string) => string | null;
}

interface Job {
  readonly id: string;
  readonly timestamp: StoredReplay['timestamp'];
  readonly uptoSeq: number;
  readonly source: ItemSource;
  readonly window: Window;
  /** Rows up to here are done; the stored position may lag behind by rows without work. */
  afterSeq: number;
  pace: Pace;
  problem: string | null;
  isHalted: boolean;
  wake: () => void;
  done: Promise<void>;
}

/** Wait before the store is tried again after it refused a write. */
const storeAgainMs = 1000;

export function createReplayRunner(deps: RunnerDeps): ReplayRunner {
  const { database, clock, changes } = deps;
  const jobs = new Map<string, Job>();
  let isRunning = false;

  /** Makes one write at most; returns when to check again, null for at once, or 'end'. */
  const turn = async (job: Job): Promise<number | null | 'end'> => {
    const nowMs = clock.now();
    job.pace = caughtUp(job.pace, nowMs);
    const takeable = takeableNow(job.pace, nowMs);
    if (takeable === 0) return nextTakeAtMs(job.pace, nowMs);
    const { items, afterSeq } = await lookAhead(job, takeable);
    if (items.length === 0 && afterSeq < job.uptoSeq) {
      job.afterSeq = afterSeq;
      return null;
    }
    const applies = await prepareAll(items, job.timestamp);
    const results = await database.write((writer) => {
      const stored = findReplay(writer, job.id);
      // It may have been paused or cancelled while this write waited for its turn.
      if (stored?.status !== 'running') return null;
      const made = applies.map((apply) => apply(writer, nowMs));
      record(writer, stored, made, { afterSeq, isEnd: afterSeq >= job.uptoSeq, nowMs });
      return made;
    });
    if (results === null) return 'end';
    job.afterSeq = afterSeq;
    job.problem = null;
    tell(job, results, nowMs);
    return afterSeq >= job.uptoSeq ? 'end' : null;
  };

  const lookAhead = async (job: Job, limit: number): Promise<{ readonly items: readonly ReplayItem[]; readonly afterSeq: number }> => {
    const range = job.window.next(job.afterSeq, job.uptoSeq);
    const items = await job.window.timed(() => job.source.list(range, limit));
    return { items, afterSeq: items.length === limit ? (items.at(-1)?.seq ?? range.uptoSeq) : range.uptoSeq };
  };

  const tell = (job: Job, results: readonly ItemResult[], nowMs: number) => {
    const replayed = results.filter((result) => result.kind === 'replayed');
    job.pace = withTaken(job.pace, replayed.length);
    changes.publish('replays', [job.id]);
    if (replayed.length === 0) return;
    changes.publish(
      'deliveries',
      replayed.map(({ deliveryId }) => deliveryId),
    );
    deps.onDue([...new Set(replayed.map(({ endpointId }) => endpointId))], nowMs);
  };

  const run = async (job: Job): Promise<void> => {
    while (isRunning && !job.isHalted) {
      const next = await turn(job).catch((error: unknown) => troubled(job, error));
      if (next === 'end') break;
      if (next === null) await nextTurn();
      else if (!job.isHalted && isRunning) await sleepUntil(job, next);
    }
    if (jobs.get(job.id) === job) jobs.delete(job.id);
  };

  const sleepUntil = (job: Job, atMs: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        job.wake = () => undefined;
        resolve();
      };
      const cancel = clock.at(atMs, wake);
      job.wake = wake;
    });

  /** A write that the store refuses is retried; anything else is a bug, which pauses the replay with the reason. */
  const troubled = async (job: Job, error: unknown): Promise<number | 'end'> => {
    const message = error instanceof Error ? error.message : String(error);
    changes.publish('replays', [job.id]);
    if (error instanceof Refusal) {
      job.problem = message;
      return clock.now() + storeAgainMs;
    }
    deps.log.error({ replay: job.id, error: error instanceof Error ? (error.stack ?? message) : message }, 'A replay failed unexpectedly');
    try {
      await database.write((writer) =>
        updateReplay(writer, job.id, { status: 'paused', problem: `Hookyard could not go on: ${message}`, updatedAtMs: clock.now() }),
      );
      changes.publish('replays', [job.id]);
    } catch {
      // In the store the replay is still running, so it continues at the next start.
    }
    return 'end';
  };

  const begin = (replay: StoredReplay) => {
    const job: Job = {
      id: replay.id,
      timestamp: replay.timestamp,
      uptoSeq: replay.uptoSeq,
      source: deps.openSource(replay.source),
      window: createWindow(),
      afterSeq: replay.afterSeq,
      pace: startPace(replay.ratePerSecond, clock.now()),
      problem: null,
      isHalted: false,
      wake: () => undefined,
      done: Promise.resolve(),
    };
    jobs.set(replay.id, job);
    job.done = run(job);
  };

  return {
    start: () => {
      isRunning = true;
      for (const replay of runningReplays(database)) begin(replay);
    },
    stop: async () => {
      isRunning = false;
      const left = [...jobs.values()];
      for (const job of left) job.wake();
      await Promise.all(left.map(({ done }) => done));
    },
    begin,
    leave: async (id) => {
      const job = jobs.get(id);
      if (job === undefined) return;
      job.isHalted = true;
      job.wake();
      await job.done;
    },
    problemOf: (id) => jobs.get(id)?.problem ?? null,
  };
}

/** How many items are prepared before other work gets a turn: rendering a whole batch at once would delay attempts. */
const preparedAtOnce = 20;

async function prepareAll(items: readonly ReplayItem[], timestamp: StoredReplay['timestamp']) {
  const applies: Awaited<ReturnType<ReplayItem['prepare']>>[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % preparedAtOnce === 0) await nextTurn();
    applies.push(await item.prepare(timestamp));
  }
  return applies;
}

/** Stores the work together with the progress of the replay. */
function record(
  writer: Writer,
  stored: StoredReplay,
  results: readonly ItemResult[],
  at: { readonly afterSeq: number; readonly isEnd: boolean; readonly nowMs: number },
): void {
  let replayed = stored.replayed;
  const skipped: { -readonly [K in keyof SkipCounts]: SkipCounts[K] } = { ...stored.skipped };
  for (const result of results) {
    if (result.kind === 'skipped') {
      skipped[result.reason] = (skipped[result.reason] ?? 0) + 1;
      continue;
    }
    replayed += 1;
    insertReplayItem(writer, stored.seq, result);
  }
  const end = at.isEnd ? ({ status: 'completed', endedAtMs: at.nowMs } as const) : {};
  updateReplay(writer, stored.id, { replayed, skipped, afterSeq: at.afterSeq, problem: null, updatedAtMs: at.nowMs, ...end });
}
