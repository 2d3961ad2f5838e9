import type { CaseOutcome, CheckStatus } from '#shared/contract/checks.ts';
import { setMaxListeners } from 'node:events';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Log } from '../base/ports.ts';
import { conflict, Refusal, stopping } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { diagnose } from './diagnosis.ts';
import { runCases, type Ran, type RunPorts } from './run.ts';
import {
  endCheck,
  findCheck,
  insertCase,
  insertCheck,
  interruptedReason,
  interruptLeft,
  noCounts,
  type CaseCounts,
  type StoredCheck,
  type StoredSubject,
} from './store.ts';

export interface ChecksDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly changes: Pick<Changes, 'publish'>;
}

/** A check that is about to begin. */
export interface PlannedCheck {
  readonly subject: StoredSubject;
  readonly timeoutMs: number;
  readonly creator: string;
  /** What its cases take, but for what the check itself adds. */
  readonly ports: (signal: AbortSignal) => Omit<RunPorts, 'signal' | 'onCase' | 'now' | 'mostWaitMs' | 'onWaiting'>;
  /** Takes the secrets of the receiver out of what it answered, before that is stored. */
  readonly clean: (outcome: CaseOutcome) => CaseOutcome;
  readonly total: number;
}

/** Checks of receivers, some of which are running. */
export interface Checks {
  /** Marks what the end of the process interrupted. */
  readonly start: () => Promise<void>;
  /** Ends those that run, as interrupted. */
  readonly stop: () => Promise<void>;
  /** Begins a check; settles once it is on disk. Rejects with a Refusal. */
  readonly begin: (planned: PlannedCheck) => Promise<StoredCheck>;
  /** Cancels one that runs; settles when it has ended. False when it does not run. */
  readonly cancel: (id: string) => Promise<boolean>;
  /** What one that runs waits for, in a sentence; null where it does not wait. */
  readonly waitingOf: (id: string) => string | null;
}

/** Checks at once; each sends one case after the other. */
const mostRunning = 8;
/** The part of its time that a check may wait for a receiver that limits its rate. */
const waitingPart = 0.5;

interface Running {
  readonly stop: AbortController;
  status: Extract<CheckStatus, 'cancelled' | 'interrupted' | 'timed-out'>;
  waiting: string | null;
  ended: Promise<void>;
}

export function createChecks(deps: ChecksDeps): Checks {
  const { database, clock, changes } = deps;
  const running = new Map<string, Running>();
  let isStopped = false;

  const publish = (id: string) => changes.publish('checks', [id]);

  const run = async (id: string, planned: PlannedCheck, own: Running): Promise<void> => {
    let counts: CaseCounts = noCounts;
    let genuine: CaseOutcome | null = null;
    const onCase = async (outcome: CaseOutcome) => {
      counts = { ...counts, [outcome.result]: counts[outcome.result] + 1 };
      const cleaned = planned.clean(outcome);
      if (cleaned.family === 'genuine') genuine = cleaned;
      await database.write((writer) => insertCase(writer, id, cleaned, counts));
      publish(id);
    };
    const onWaiting = (waiting: string | null) => {
      own.waiting = waiting;
      publish(id);
    };
    const mostWaitMs = planned.timeoutMs * waitingPart;
    const ran = await runCases({
      ...planned.ports(own.stop.signal),
      signal: own.stop.signal,
      now: clock.now,
      onCase,
      mostWaitMs,
      onWaiting,
    });
    const end = endOf(ran, own.status, planned.timeoutMs);
    const defects = diagnose(ran.seen, genuine, planned.subject.signing !== null);
    await database.write((writer) => endCheck(writer, id, { ...end, defects, endedAtMs: clock.now() }));
  };

  /** A store that refuses, or a bug, ends the check with the reason as far as that can be written. */
  const failed = async (id: string, error: unknown): Promise<void> => {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Refusal))
      deps.log.error({ check: id, error: error instanceof Error ? (error.stack ?? message) : message }, 'A check failed unexpectedly');
    try {
      await database.write((writer) =>
        endCheck(writer, id, {
          status: 'interrupted',
          reason: `Hookyard could not go on: ${message}`,
          defects: [],
          endedAtMs: clock.now(),
        }),
      );
    } catch {
      // In the store it is still running, and the next start marks it.
    }
  };

  return {
    start: async () => await database.write((writer) => interruptLeft(writer, clock.now())),
    stop: async () => {
      isStopped = true;
      for (const one of running.values()) {
        one.status = 'interrupted';
        one.stop.abort();
      }
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
    begin: async (planned) => {
      if (isStopped) throw stopping();
      if (running.size >= mostRunning) {
        const message = `${mostRunning} checks are running, and no more may run at once: wait for one of them to end, or cancel one.`;
        throw conflict('', message);
      }
      const id = deps.ids.next('chk');
      const own: Running = { stop: new AbortController(), status: 'cancelled', waiting: null, ended: Promise.resolve() };
      // Each request of a burst listens to it.
      setMaxListeners(0, own.stop.signal);
      running.set(id, own);
      try {
        const { subject, total, creator } = planned;
        await database.write((writer) => insertCheck(writer, { id, subject, total, creator, createdAtMs: clock.now() }));
      } catch (error) {
        running.delete(id);
        throw error;
      }
      const timer = setTimeout(() => {
        own.status = 'timed-out';
        own.stop.abort();
      }, planned.timeoutMs);
      own.ended = run(id, planned, own)
        .catch((error: unknown) => failed(id, error))
        .finally(() => {
          clearTimeout(timer);
          running.delete(id);
          publish(id);
        });
      publish(id);
      const stored = findCheck(database, id);
      if (stored === undefined) throw new Error('A check is missing from the data file that was just written.');
      return stored;
    },
    cancel: async (id) => {
      const one = running.get(id);
      if (one === undefined) return false;
      one.stop.abort();
      await one.ended;
      return true;
    },
    waitingOf: (id) => running.get(id)?.waiting ?? null,
  };
}

function endOf(
  { end }: Ran,
  aborted: Running['status'],
  timeoutMs: number,
): { readonly status: CheckStatus; readonly reason: string | null } {
  switch (end.kind) {
    case 'completed':
      return { status: 'completed', reason: null };
    case 'stopped':
      return { status: 'stopped', reason: end.reason };
    case 'aborted':
      return { status: aborted, reason: abortReasons[aborted](timeoutMs) };
  }
}

const abortReasons: Readonly<Record<Running['status'], (timeoutMs: number) => string>> = {
  cancelled: () => 'It was cancelled.',
  interrupted: () => interruptedReason,
  'timed-out': (timeoutMs) => `It was not done within ${timeoutMs / 1000} s: give it more time, or fewer cases.`,
};
