import type { Clock } from '../base/ports.ts';

/** One timer that is set anew whenever the time to look again may have changed. */
export interface WakeTimer {
  /** Wakes at this time of the clock instead of the one before; null for never. */
  readonly setFor: (atMs: number | null) => void;
}

/** The timer is no longer set when it calls back. */
export function createWakeTimer(clock: Pick<Clock, 'at'>, onWake: () => void): WakeTimer {
  let setForMs: number | null = null;
  let cancel: () => void = () => undefined;
  const setFor = (atMs: number | null) => {
    // Asked after every attempt, and most often nothing has changed.
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
