import type { Clock } from '../base/ports.ts';

/** One timer, which is reset whenever the next time may have changed. */
export interface WakeTimer {
  /** Wakes at this time instead of the previous one; null for never. */
  readonly setFor: (atMs: number | null) => void;
}

/** When it calls back, the timer is no longer set. */
export function createWakeTimer(clock: Pick<Clock, 'at'>, onWake: () => void): WakeTimer {
  let setForMs: number | null = null;
  let cancel: () => void = () => undefined;
  const setFor = (atMs: number | null) => {
    // Called after every attempt; mostly nothing has changed.
    if (atMs === setForMs) return;
    cancel();
    setForMs = atMs;
    cancel =
      atMs === null
        ? () => undefined
        : clock.at(atMs, () => {
            setForMs = null;
            onWake();
          });
  };
  return { setFor };
}
