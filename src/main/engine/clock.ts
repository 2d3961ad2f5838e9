import type { Clock } from './ports.ts';

/**
 * Longest wait of one timer; a longer one is waited for in steps, since setTimeout overflows at 2^31 ms and stands still
 * while a laptop sleeps: this is also how late it may be noticed that the laptop is awake again.
 */
const longestWaitMs = 60_000;

/** The machine's own clock. Timers look at the wall clock when they wake, so a laptop that slept is noticed. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at: (atMs, callback) => {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const leftMs = atMs - Date.now();
      if (leftMs <= 0) timer = setTimeout(callback, 0);
      else timer = setTimeout(() => (Date.now() >= atMs ? callback() : wait()), Math.min(leftMs, longestWaitMs));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
