import { setTimeout as pause } from 'node:timers/promises';
import { capturesInRange, newestCaptureSeq } from '../capture/sent-captures.ts';
import type { Database } from '../store/database.ts';

/** Counts the calls that a receiver makes to a bin when it acts. */
export interface EffectCounter {
  /** Whether the genuine request made a call, so that counting says something. */
  readonly isCounting: () => boolean;
  /** Waits until calls of earlier requests have come; those after that count. */
  readonly begin: () => Promise<void>;
  /** Waits for the first call of the genuine request, and learns from it how long calls take to come. */
  readonly learn: () => Promise<number>;
  /** How many calls have come since the beginning, after waiting for those that are late. */
  readonly count: () => Promise<number>;
}

/** Longest wait for the first call, and the bounds of the wait for later ones, in real time. */
const firstCallMs = 2000;
const shortestWaitMs = 150;
const lookEveryMs = 10;
/** So many times as long as the first call took. */
const patience = 3;
const mostCounted = 1000;

export function createEffectCounter(database: Database, binId: string, signal: AbortSignal): EffectCounter {
  let afterSeq = newestCaptureSeq(database);
  let waitMs: number | null = null;
  const calls = () =>
    capturesInRange(database, { binId, seqs: null }, { afterSeq, uptoSeq: newestCaptureSeq(database), limit: mostCounted, inlineBytes: 0 })
      .length;
  const rest = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined);
  return {
    isCounting: () => waitMs !== null,
    begin: async () => {
      if (waitMs !== null) await rest(waitMs);
      afterSeq = newestCaptureSeq(database);
    },
    learn: async () => {
      const startedMs = performance.now();
      while (calls() === 0 && performance.now() - startedMs < firstCallMs && !signal.aborted) await rest(lookEveryMs);
      if (calls() === 0) return 0;
      waitMs = Math.min(firstCallMs, Math.max(shortestWaitMs, patience * (performance.now() - startedMs)));
      await rest(waitMs);
      return calls();
    },
    count: async () => {
      await rest(waitMs ?? 0);
      return calls();
    },
  };
}
