import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Boot, Clock } from './ports.ts';

/**
 * Longest wait of one timer; longer ones are split. setTimeout overflows at 2^31 ms, and stands still while a
 * laptop sleeps, so this is also how late waking up may be noticed.
 */
const longestWaitMs = 2000;

/** A larger difference between wall clock and elapsed time is not drift: somebody set the clock, or the computer slept. */
const jumpMs = 1000;

/** Some systems report the time since the computer started in whole seconds. */
const uptimeStepMs = 1500;

/** What a clock is made of; tests set it by hand. */
export interface ClockSources {
  /** Epoch milliseconds, which may be set forward and back. */
  readonly wallMs: () => number;
  /** Milliseconds that only go forward; they may stand still during sleep. */
  readonly elapsedMs: () => number;
  /** Milliseconds since the computer was started, sleep included; null when unknown. */
  readonly uptimeMs: () => number | null;
  readonly boot: () => Boot | null;
  /** Calls back after so many elapsed milliseconds; the returned function cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/**
 * A clock of wall time. A timer fires when the wall clock says so, or when as much time has passed as was left
 * when it was set, whichever is first: neither sleep nor a clock that is set back makes it late.
 */
export function createClock({ wallMs, elapsedMs, uptimeMs, boot, after }: ClockSources): Clock {
  const listeners = new Set<(byMs: number) => void>();
  let offsetMs = wallMs() - elapsedMs();
  let uptimeOffsetMs = (uptimeMs() ?? 0) - elapsedMs();
  let movedInAllMs = 0;
  /** How long the computer slept since the last call; 0 when unknown. */
  const sleptMs = () => {
    const upMs = uptimeMs();
    if (upMs === null) return 0;
    const slept = upMs - elapsedMs() - uptimeOffsetMs;
    uptimeOffsetMs += slept;
    return slept < uptimeStepMs ? 0 : slept;
  };
  const onJump = (jumpedMs: number) => {
    const slept = sleptMs();
    // These clocks count fractions of a millisecond; our times are whole.
    const setMs = Math.round(jumpedMs - slept);
    if (Math.abs(setMs) < (slept > 0 ? uptimeStepMs : jumpMs)) return;
    movedInAllMs += setMs;
    for (const tell of listeners) tell(setMs);
  };
  const now = () => {
    const atMs = wallMs();
    const movedMs = atMs - elapsedMs() - offsetMs;
    // Small differences come from the clock being kept in step.
    offsetMs += movedMs;
    if (Math.abs(movedMs) >= jumpMs) onJump(movedMs);
    return atMs;
  };
  return {
    now,
    at: (atMs, callback) => {
      const untilMs = elapsedMs() + (atMs - now());
      let cancel: () => void = () => undefined;
      const wait = () => {
        const leftMs = Math.min(atMs - now(), untilMs - elapsedMs());
        cancel = after(Math.max(0, Math.min(leftMs, longestWaitMs)), leftMs <= 0 ? callback : look);
      };
      const look = () => (now() >= atMs || elapsedMs() >= untilMs ? callback() : wait());
      wait();
      return () => cancel();
    },
    followJumps: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    movedMs: () => movedInAllMs,
    boot,
  };
}

function systemUptimeMs(): number | null {
  try {
    return Math.round(uptime() * 1000);
  } catch {
    return null;
  }
}

/** Linux has an id for each boot; elsewhere two boots cannot be distinguished with certainty. */
function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

const bootId = readBootId();

/** The machine's own clock. */
export const systemClock: Clock = createClock({
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  uptimeMs: systemUptimeMs,
  boot: () => {
    const upMs = systemUptimeMs();
    return bootId === null || upMs === null ? null : { id: bootId, uptimeMs: upMs };
  },
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
