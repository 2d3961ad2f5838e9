import { setTimeout as rest } from 'node:timers/promises';
import type { Clock } from '../base/ports.ts';
import { verdictOf, type Expectation, type Verdict } from './verdict.ts';
import type { Touched, Watched } from './watched.ts';

/** What changed, as somebody who waits is told it. */
export interface News {
  /** Says that these, or anything, may be other than before. */
  readonly touch: (ids: readonly string[]) => void;
  /** Ends a pause between two looks. */
  readonly wake: () => void;
  /** What was touched since the last time; settles when there is something, or it is woken. */
  readonly next: () => Promise<Touched>;
}

export function createNews(): News {
  let touched: Touched = new Set();
  let isWoken = false;
  let resume: (() => void) | null = null;
  const wake = () => {
    isWoken = true;
    resume?.();
  };
  return {
    touch: (ids) => {
      touched = ids.length === 0 || touched === 'anything' ? 'anything' : new Set([...touched, ...ids]);
      wake();
    },
    wake,
    next: async () => {
      if (!isWoken) await new Promise<void>((resolve) => (resume = resolve));
      isWoken = false;
      resume = null;
      const taken = touched;
      touched = new Set();
      return taken;
    },
  };
}

/** A look that took longer than this is followed by a rest of several times as long, so that a flood is not looked at all the time. */
const quickLookMs = 20;
const restFactor = 4;
const longestRestMs = 1000;

/** Looks at each news until it is decided what a wait comes to. Rejects with the reason of the signal when it aborts. */
export async function waitFor(
  watched: Watched,
  expectation: Expectation,
  { clock, news, signal }: { readonly clock: Clock; readonly news: News; readonly signal: AbortSignal },
): Promise<Verdict> {
  const over = new AbortController();
  const cancelTimer = clock.at(clock.now() + expectation.withinMs, () => {
    over.abort();
    news.wake();
  });
  signal.addEventListener('abort', news.wake);
  const untilEnd = AbortSignal.any([signal, over.signal]);
  try {
    for (let touched: Touched = 'anything'; ; touched = await news.next()) {
      const isOver = over.signal.aborted;
      const startedMs = performance.now();
      signal.throwIfAborted();
      await watched.look(touched, isOver, signal);
      signal.throwIfAborted();
      const verdict = verdictOf(expectation, watched.tally(), isOver);
      if (verdict !== null) return verdict;
      const tookMs = performance.now() - startedMs;
      if (tookMs > quickLookMs)
        await rest(Math.min(longestRestMs, tookMs * restFactor), undefined, { signal: untilEnd }).catch(() => undefined);
    }
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', news.wake);
  }
}
