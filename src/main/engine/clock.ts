import { performance } from 'node:perf_hooks';
import type { Clock } from './ports.ts';

/**
 * Longest wait of one timer; a longer one is waited for in steps. setTimeout overflows at 2^31 ms, and stands still while a
 * laptop sleeps: this is also how late it may be noticed that the laptop is awake again.
 */
const longestWaitMs = 2000;

/** A difference between the wall clock and the time that went by which is no drift: somebody set the clock, or the computer slept. */
const jumpMs = 1000;

/** What a clock is made of; tests set it by hand. */
export interface ClockSources {
  /** Epoch milliseconds, which may be set forward and back. */
  readonly wallMs: () => number;
  /** Milliseconds that only go forward; they may stand still during sleep. */
  readonly elapsedMs: () => number;
  /** Calls back after so many milliseconds that went by; the answer takes it back. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/**
 * A clock that tells the wall time. A timer fires when the wall clock says so, or when as much time went by as was left
 * when it was set, whichever is first: neither sleep nor a clock that is set back makes it late.
 */
export function createClock({ wallMs, elapsedMs, after }: ClockSources): Clock {
  const listeners = new Set<(byMs: number) => void>();
  let offsetMs = wallMs() - elapsedMs();
  const now = () => {
    const atMs = wallMs();
    const movedMs = atMs - elapsedMs() - offsetMs;
    // A little each time is the clock being kept right.
    offsetMs += movedMs;
    if (Math.abs(movedMs) >= jumpMs) for (const tell of listeners) tell(movedMs);
    return atMs;
  };
  return {
    now,
    at: (atMs, callback) => {
      const untilMs = elapsedMs() + (atMs - now());
      let takeBack: () => void = () => undefined;
      const wait = () => {
        const leftMs = Math.min(atMs - now(), untilMs - elapsedMs());
        takeBack = after(Math.max(0, Math.min(leftMs, longestWaitMs)), leftMs <= 0 ? callback : look);
      };
      const look = () => (now() >= atMs || elapsedMs() >= untilMs ? callback() : wait());
      wait();
      return () => takeBack();
    },
    followJumps: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The machine's own clock. */
export const systemClock: Clock = createClock({
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
