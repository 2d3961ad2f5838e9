import type { Boot, Clock } from '#engine/base/ports.ts';

export interface FakeClock extends Clock {
  /** Moves time on by `ms`, firing what falls due on the way in order. */
  readonly advance: (ms: number) => void;
  /** Moves to the earliest timer and fires it; false when none waits. */
  readonly advanceToNext: () => boolean;
  /** Sets the clock forward or back without time going by, as a person does; timers keep the wait they have left, or are due. */
  readonly set: (byMs: number) => void;
  /** Lets time go by during which nothing runs: what comes due fires at the end of it. */
  readonly sleep: (ms: number) => void;
  /** When the earliest timer is due, or null. */
  readonly nextAtMs: () => number | null;
}

/** A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z unless told. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1), boot: () => Boot | null = () => null): FakeClock {
  let nowMs = startMs;
  let timers: { atMs: number; readonly callback: () => void }[] = [];
  const earliest = () =>
    timers.reduce<(typeof timers)[number] | null>((best, timer) => (best === null || timer.atMs < best.atMs ? timer : best), null);
  const fire = (timer: (typeof timers)[number]) => {
    timers = timers.filter((other) => other !== timer);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.callback();
  };
  const listeners = new Set<(byMs: number) => void>();
  let movedMs = 0;
  const fireDue = () => {
    for (let timer = earliest(); timer !== null && timer.atMs <= nowMs; timer = earliest()) fire(timer);
  };
  return {
    now: () => nowMs,
    followJumps: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (byMs) => {
      nowMs = Math.round(nowMs + byMs);
      movedMs += Math.round(byMs);
      if (byMs < 0) timers = timers.map((timer) => Object.assign(timer, { atMs: timer.atMs + byMs }));
      for (const tell of listeners) tell(Math.round(byMs));
      fireDue();
    },
    movedMs: () => movedMs,
    boot,
    sleep: (ms) => {
      nowMs += ms;
      fireDue();
    },
    at: (atMs, callback) => {
      const timer = { atMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let timer = earliest(); timer !== null && timer.atMs <= untilMs; timer = earliest()) fire(timer);
      nowMs = untilMs;
    },
    advanceToNext: () => {
      const timer = earliest();
      if (timer === null) return false;
      fire(timer);
      return true;
    },
    nextAtMs: () => earliest()?.atMs ?? null,
  };
}
