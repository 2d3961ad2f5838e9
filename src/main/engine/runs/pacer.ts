import type { Clock } from '../base/ports.ts';

/** Keeps the gaps between the steps of a run. */
export interface Pacer {
  /** How long it is from now until so much time, made shorter by the speed, is over since the step before began. */
  readonly leftMs: (afterMs: number) => number;
  /** Settles when that is over. Rejects with the reason of the signal when it aborts. */
  readonly next: (afterMs: number, signal: AbortSignal) => Promise<void>;
}

/** A pacer whose first step begins now; without a speed there are no gaps. */
export function createPacer(clock: Clock, speed: number | null): Pacer {
  let beganMs = clock.now();
  const atMs = (afterMs: number) => beganMs + (speed === null ? 0 : afterMs / speed);
  return {
    leftMs: (afterMs) => Math.max(0, atMs(afterMs) - clock.now()),
    next: async (afterMs, signal) => {
      await until(clock, atMs(afterMs), signal);
      beganMs = clock.now();
    },
  };
}

async function until(clock: Clock, atMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (atMs <= clock.now()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.at(Math.ceil(atMs), resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  cancel();
  signal.throwIfAborted();
}
