import { performance } from 'node:perf_hooks';

/** One timer for the deadlines of many attempts, which hardly ever expire. */
export interface Deadlines {
  /** Ensures a check at `atMs`. */
  readonly watch: (atMs: number) => void;
  readonly close: () => void;
}

/**
 * `endDue` is called with the time (of the monotonic clock, like all here) when a deadline may have come, ends what is
 * due, and returns the earliest remaining deadline, or null.
 */
export function createDeadlines(endDue: (nowMs: number) => number | null): Deadlines {
  let timer: NodeJS.Timeout | undefined;
  let armedAtMs = Number.POSITIVE_INFINITY;
  const watch = (atMs: number) => {
    if (atMs >= armedAtMs) return;
    clearTimeout(timer);
    armedAtMs = atMs;
    // A timer may fire a little early; it then finds nothing due and is set again. The open sockets keep the process alive.
    timer = setTimeout(look, Math.max(1, Math.ceil(atMs - performance.now()))).unref();
  };
  const look = () => {
    armedAtMs = Number.POSITIVE_INFINITY;
    const nextMs = endDue(performance.now());
    if (nextMs !== null) watch(nextMs);
  };
  return {
    watch,
    close: () => clearTimeout(timer),
  };
}
