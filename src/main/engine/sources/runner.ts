import type { Source, SourceGap } from '#shared/contract/sources.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Background } from '../background/background.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import type { Capture } from '../capture/capture.ts';
import { putSourcePosition, sourcePositionOf } from '../capture/source-position.ts';
import type { ServerEvent } from '../http/event-stream.ts';
import type { Sender } from '../http/sender.types.ts';
import type { Database } from '../store/database.ts';
import type { SourceConfig } from './config.ts';
import { openConnection, type Connection, type ConnectionEnd } from './connection.ts';
import { createIntakeOf, type LastOpen } from './take-event.ts';
import { stackOf } from '../base/stack-of.ts';

export interface SourceRunnerDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly changes: Changes;
  readonly sender: Pick<Sender, 'send'>;
  readonly bring: Capture['bring'];
  readonly bodyLimitBytes: () => number;
  /** The source as it is now; undefined once it was removed. */
  readonly find: (id: string) => SourceConfig | undefined;
  /** Keeps what was or may have been missed. */
  readonly addGap: (id: string, gap: SourceGap) => Promise<void>;
}

/** How a source does now. */
export type SourceState = Pick<Source, 'state' | 'message' | 'nextTryAtMs' | 'connectedAtMs'>;

/** Follows the channels of sources, and connects again after a drop. */
export interface SourceRunner {
  readonly start: (ids: readonly string[]) => void;
  readonly stop: () => Promise<void>;
  /** Begins to follow a source, or goes by what it has become. */
  readonly restart: (id: string) => Promise<void>;
  readonly stateOf: (id: string) => SourceState;
}

interface Job {
  state: SourceState;
  connection: Connection | null;
  isEnding: boolean;
  endSleep: () => void;
  done: Promise<void>;
}

const firstWaitMs = 1000;
const longestWaitMs = 60_000;
/** A side that refuses is asked again at this pace: it may have been a mistake there. */
const refusedWaitMs = 300_000;
/** Wait before the store is tried again after it refused a write. */
const storeAgainMs = 1000;

const paused: SourceState = { state: 'paused', message: 'It is paused.', nextTryAtMs: null, connectedAtMs: null };

export function createSourceRunner(deps: SourceRunnerDeps): SourceRunner {
  const { clock, database } = deps;
  const { touch } = createGathered(deps.changes);
  const jobs = new Map<string, Job>();
  const madeAtMs = clock.now();
  /** When each source was connected last, also while it is paused. */
  const lastOpen = new Map<string, LastOpen>();
  let isRunning = false;

  const become = (id: string, job: Job, state: SourceState) => {
    job.state = state;
    touch('sources', id);
  };
  const sleep = (job: Job, delayMs: number) =>
    new Promise<void>((resolve) => {
      if (job.isEnding) return resolve();
      const end = () => {
        cancel();
        job.endSleep = () => undefined;
        resolve();
      };
      const cancel = clock.at(clock.now() + delayMs, end);
      job.endSleep = end;
      return undefined;
    });

  /** Keeps an event; where the store takes nothing it holds the channel back until it does. */
  const keep = async (id: string, job: Job, take: () => Promise<void>) => {
    while (!job.isEnding) {
      try {
        await take();
        return;
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'STORE_UNAVAILABLE') throw error;
        become(id, job, { ...job.state, message: `${error.message} The channel is held back until then.` });
        await sleep(job, storeAgainMs);
      }
    }
  };

  const connectOnce = async (source: SourceConfig, job: Job, intake: ReturnType<typeof createIntakeOf>): Promise<ConnectionEnd> => {
    const connection = openConnection(
      {
        sender: deps.sender,
        clock,
        limitBytes: deps.bodyLimitBytes() * 2 + 1_048_576,
        lastId: intake.lastId(),
        onOpen: () => {
          become(source.id, job, { state: 'connected', message: 'It is connected.', nextTryAtMs: null, connectedAtMs: clock.now() });
        },
        onEvent: async (event: ServerEvent) => {
          await keep(source.id, job, () => intake.take(event));
          if (job.state.state === 'connected' && job.state.message !== 'It is connected.')
            become(source.id, job, { ...job.state, message: 'It is connected.' });
          touch('sources', source.id);
        },
      },
      source,
    );
    job.connection = connection;
    const end = await connection.done;
    job.connection = null;
    if (end.wasOpen) {
      lastOpen.set(source.id, { atMs: end.openUntilMs, isExact: true });
      intake.dropped(end.openUntilMs);
    }
    return end;
  };

  /** Up to when a source of an earlier process is known to have been connected, by what is on disk: its last event, or the end of a gap. */
  const openBefore = ({ id, createdAtMs, gaps }: SourceConfig): LastOpen | undefined => {
    if (createdAtMs >= madeAtMs) return undefined;
    const eventAtMs = sourcePositionOf(database, id)?.lastAtMs ?? createdAtMs;
    return { atMs: Math.max(createdAtMs, eventAtMs, gaps.at(-1)?.toMs ?? createdAtMs), isExact: false };
  };

  const run = async (id: string, job: Job) => {
    const first = deps.find(id);
    if (first === undefined) return;
    const intake = createIntakeOf(
      {
        ...deps,
        lastOpen: lastOpen.get(id) ?? openBefore(first),
        position: () => sourcePositionOf(database, id),
        notePosition: (eventId) => database.write((writer) => putSourcePosition(writer, { sourceId: id, eventId, atMs: clock.now() }, 0)),
      },
      first,
    );
    let failures = 0;
    while (!job.isEnding) {
      const source = deps.find(id);
      if (source?.isActive !== true) break;
      become(id, job, { state: 'connecting', message: 'It is being connected.', nextTryAtMs: null, connectedAtMs: null });
      const end = await connectOnce(source, job, intake);
      if (job.isEnding) break;
      failures = end.wasOpen ? 0 : failures + 1;
      const waitMs = waitOf(end, failures, deps.random());
      become(id, job, {
        state: end.isRefused ? 'refused' : 'waiting',
        message: end.message,
        nextTryAtMs: clock.now() + waitMs,
        connectedAtMs: null,
      });
      await sleep(job, waitMs);
      await nextTurn();
    }
  };

  const begin = (id: string) => {
    if (!isRunning || deps.find(id)?.isActive !== true) return;
    const job: Job = { state: paused, connection: null, isEnding: false, endSleep: () => undefined, done: Promise.resolve() };
    jobs.set(id, job);
    job.done = run(id, job)
      .catch((error: unknown) => deps.log.error({ sourceId: id, error: stackOf(error) }, 'A source failed unexpectedly'))
      .finally(() => {
        if (jobs.get(id) === job) jobs.delete(id);
        touch('sources', id);
      });
  };
  const end = async (id: string) => {
    const job = jobs.get(id);
    if (job === undefined) return;
    job.isEnding = true;
    job.endSleep();
    job.connection?.close('It was ended here.');
    await job.done;
  };

  return {
    start: (ids) => {
      isRunning = true;
      for (const id of ids) begin(id);
    },
    stop: async () => {
      isRunning = false;
      await Promise.all([...jobs.keys()].map(end));
    },
    restart: async (id) => {
      await end(id);
      begin(id);
      touch('sources', id);
    },
    stateOf: (id) => jobs.get(id)?.state ?? paused,
  };
}

/** How long to wait before the next try: longer each time, within a quarter more or less, so that many do not come at once. */
function waitOf({ isRefused, retryAfterMs }: ConnectionEnd, failures: number, random: number): number {
  const plainMs = isRefused ? refusedWaitMs : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 10));
  return Math.round(Math.max(plainMs * (0.75 + random / 2), Math.min(retryAfterMs ?? 0, refusedWaitMs)));
}
