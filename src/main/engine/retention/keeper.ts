import { dirname } from 'node:path';
import type { CleanUp, Removed, RetentionPreview } from '#shared/contract/retention.ts';
import type { ClockWitness } from './clock-witness.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import { conflict, Refusal, stopping } from '../base/refusal.ts';
import type { SettingsBook } from '../settings/settings.ts';
import { takenAwayCode } from '../store/store-problem.ts';
import { makeReserve } from '../store/reserve.ts';
import type { ClosableDatabase } from '../store/sqlite.ts';
import type { Progress } from './clean-up-deps.ts';
import { startJob, type Job, type JobEnd, type Measured } from './job.ts';
import { limitsOf, type RetentionLimits } from './limits.ts';

export interface KeeperDeps {
  readonly database: ClosableDatabase;
  readonly clock: Clock;
  readonly settings: SettingsBook;
  readonly changes: Changes;
  readonly log: Log;
  readonly witness: Pick<ClockWitness, 'note' | 'trustedNowMs'>;
}

/** Keeps the data file within its limits. */
export interface Keeper {
  /** Begins; if scheduled, it cleans up a little after the start and then every hour. */
  readonly start: (how: { readonly isScheduled: boolean }) => void;
  /** Ends the current work after its step. */
  readonly stop: () => Promise<void>;
  readonly stored: () => Promise<Measured>;
  /** What these limits would remove now. */
  readonly preview: (limits: RetentionLimits) => Promise<RetentionPreview>;
  /** The clean-up under way, or the last one; null before the first. */
  readonly current: () => CleanUp | null;
  /**
   * Begins a clean-up, or returns the one under way; `withDeleted` also removes what could still be restored. Throws a Refusal
   * CONFLICT when the one under way does not.
   */
  readonly cleanUp: (how: { readonly withDeleted: boolean }) => CleanUp;
  /** Begins one because a limit was exceeded, if clean-ups are scheduled. */
  readonly cleanUpSoon: () => void;
  /** Cancels the one under way; resolves once it has ended. Throws a Refusal CONFLICT when there is none. */
  readonly cancel: () => Promise<CleanUp>;
}

const firstAfterMs = 60_000;
const everyMs = 3_600_000;
/** Looking for unreferenced bodies reads the whole log: once a day, unless much was removed. */
const sweepEveryMs = 86_400_000;
/** How many steps of a clean-up are published together. */
const stepsPerChange = 20;

const nothing: Removed = { messages: 0, deliveries: 0, attempts: 0, captures: 0, bodies: 0 };

export function createKeeper({ database, clock, settings, changes, log, witness }: KeeperDeps): Keeper {
  const jobs = new Set<Job>();
  let current: CleanUp | null = null;
  let running: Promise<void> | null = null;
  let cleaning: Job | null = null;
  let isRunning = false;
  let isByItself = false;
  let cancelTimer: () => void = () => undefined;

  const start = (request: Parameters<typeof startJob>[1], onProgress: (step: Progress) => void): Job => {
    if (database.shared === null || !isRunning) throw stopping();
    const job = startJob(database.shared, request, onProgress);
    jobs.add(job);
    void job.ended.then(() => jobs.delete(job));
    return job;
  };

  const begin = (trigger: CleanUp['trigger'], withDeleted = false): CleanUp => {
    if (current?.status === 'running') return current;
    const nowMs = clock.now();
    const sweptAtMs = settings.recall<number>('internal.sweptAtMs') ?? 0;
    const isThorough = trigger === 'manual' || nowMs - sweptAtMs >= sweepEveryMs || sweptAtMs > nowMs;
    const state: CleanUp = {
      status: 'running',
      phase: 'removing',
      removed: nothing,
      returnedBytes: 0,
      problem: null,
      trigger,
      startedAtMs: nowMs,
      endedAtMs: null,
    };
    let steps = 0;
    const job = start(
      { kind: 'cleanUp', limits: limitsOf(settings.get()), nowMs: witness.trustedNowMs(), isThorough, isRestorableTaken: withDeleted },
      (step) => {
        current = withStep(current ?? state, step);
        steps += 1;
        if (step.phase !== undefined || steps % stepsPerChange === 0) changes.publish('retention', []);
      },
    );
    current = state;
    cleaning = job;
    running = job.ended.then((end) => finish(end, isThorough));
    changes.publish('retention', []);
    return state;
  };

  const finish = async (end: JobEnd, isThorough: boolean) => {
    if (current === null) return;
    const problem = end.kind === 'failed' ? sentenceOf(end) : null;
    const status = problem !== null ? 'failed' : end.kind === 'cleanedUp' && end.isCancelled ? 'cancelled' : 'completed';
    current = { ...current, status, phase: null, problem, endedAtMs: clock.now() };
    const { removed, returnedBytes } = current;
    if (problem !== null) log.warn({ problem, ...removed }, 'A clean-up of the data file failed');
    else if (Object.values(removed).some((count) => count > 0) || returnedBytes > 0)
      log.info({ ...removed, returnedBytes }, 'The data file was cleaned up');
    changes.publish('retention', []);
    for (const topic of ['messages', 'deliveries', 'captures', 'refused-requests', 'bins'] as const) changes.publish(topic, []);
    if (status !== 'completed' || !isThorough) return;
    const { startedAtMs } = current;
    await database
      .write((writer) => settings.remember(writer, 'internal.sweptAtMs', startedAtMs))
      .catch(() => {
        // It only means that unreferenced bodies are looked for again next time.
      });
  };

  const measured = async (limits: RetentionLimits): Promise<Measured> => {
    const end = await start({ kind: 'measure', limits, nowMs: witness.trustedNowMs() }, () => undefined).ended;
    if (end.kind === 'measured') return end.stored;
    throw end.kind === 'failed' ? new Refusal('STORE_UNAVAILABLE', sentenceOf(end), { reason: end.code }) : stopping();
  };

  /** Reserves room for a clean-up of a full disk, as long as the disk is not full. */
  const reserve = () => {
    if (database.shared !== null && database.problem() === null) void makeReserve(dirname(database.shared.file));
  };

  const wakeIn = (ms: number) => {
    cancelTimer = clock.at(clock.now() + ms, () => {
      void witness.note();
      reserve();
      begin('schedule');
      wakeIn(everyMs);
    });
  };

  return {
    start: ({ isScheduled }) => {
      isRunning = true;
      isByItself = isScheduled;
      if (isScheduled) wakeIn(firstAfterMs);
    },
    stop: async () => {
      isRunning = false;
      cancelTimer();
      for (const job of jobs) job.cancel();
      await Promise.all([...jobs].map((job) => job.ended));
      await running;
    },
    stored: () => measured(limitsOf(settings.get())),
    preview: async (limits) => {
      const { wouldGo, heldBack } = await measured(limits);
      return { wouldGo, heldBack };
    },
    current: () => current,
    cleanUp: ({ withDeleted }) => {
      if (withDeleted && current?.status === 'running')
        throw conflict('', 'A clean-up is under way. Wait for it to end, or cancel it; then ask again.');
      return begin('manual', withDeleted);
    },
    cleanUpSoon: () => {
      if (isRunning && isByItself) begin('schedule');
    },
    cancel: async () => {
      if (current?.status !== 'running') throw conflict('', 'No clean-up is under way, so there is nothing to cancel.');
      cleaning?.cancel();
      await running;
      return current;
    },
  };
}

function withStep(state: CleanUp, { phase, returnedBytes = 0, ...step }: Progress): CleanUp {
  const { removed } = state;
  return {
    ...state,
    phase: phase ?? state.phase,
    returnedBytes: state.returnedBytes + returnedBytes,
    removed: {
      messages: removed.messages + (step.messages ?? 0),
      deliveries: removed.deliveries + (step.deliveries ?? 0),
      attempts: removed.attempts + (step.attempts ?? 0),
      captures: removed.captures + (step.captures ?? 0),
      bodies: removed.bodies + (step.bodies ?? 0),
    },
  };
}

function sentenceOf({ code, message }: Extract<JobEnd, { readonly kind: 'failed' }>): string {
  if (code.startsWith('SQLITE_FULL'))
    return 'The disk is full, and removing rows needs a little room too: free some space, then clean up again.';
  if (code === takenAwayCode) return message;
  return `The clean-up could not continue (${message}). What it has removed stays removed; nothing else was changed.`;
}
