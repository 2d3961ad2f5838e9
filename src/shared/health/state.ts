import type { CircuitBreaker, DisableReason, HealthEvent } from '../contract/health.ts';

/** What is kept about an endpoint's attempts besides the log; a success after a success does not change it. */
export interface EndpointState {
  /** Increases with every change, so that an older state never replaces a newer one in the store. */
  readonly revision: number;
  /** Failed attempts since the last success. */
  readonly failuresInARow: number;
  /** End of the first of them. */
  readonly failingSinceMs: number | null;
  /** When the last run of failed attempts ended with a success. */
  readonly recoveredAtMs: number | null;
  /** When it was last enabled again, which resets the counts; null when never. */
  readonly enabledAtMs: number | null;
  /** Whether there was a warning since its last success that a rule is about to disable it. */
  readonly isWarned: boolean;
  readonly disabled: Disabled | null;
  /** Null while the circuit is closed. */
  readonly openCircuit: OpenCircuit | null;
}

/** Why nothing is sent to an endpoint, and since when. */
export interface Disabled {
  readonly reason: DisableReason;
  readonly message: string;
  readonly atMs: number;
}

export interface OpenCircuit {
  readonly openedAtMs: number;
  readonly failedProbes: number;
}

/** A state with the events that led to it. */
export interface StateChange {
  readonly state: EndpointState;
  readonly events: readonly HealthEvent[];
}

/** The state of an endpoint without attempts. */
export const freshState: EndpointState = {
  revision: 0,
  failuresInARow: 0,
  failingSinceMs: null,
  recoveredAtMs: null,
  enabledAtMs: null,
  isWarned: false,
  disabled: null,
  openCircuit: null,
};

/** A state after the clock was set: times of waits and durations are moved. */
export function movedState(state: EndpointState, byMs: number): EndpointState {
  const { failingSinceMs, openCircuit } = state;
  if (failingSinceMs === null && openCircuit === null) return state;
  return {
    ...state,
    failingSinceMs: failingSinceMs === null ? null : failingSinceMs + byMs,
    openCircuit: openCircuit === null ? null : { ...openCircuit, openedAtMs: openCircuit.openedAtMs + byMs },
  };
}

/** How long an open circuit waits for its next probe, in real milliseconds. */
export function circuitPauseMs(breaker: CircuitBreaker, failedProbes: number, timeScale: number): number {
  // The power may overflow to Infinity; the longest pause limits it.
  return Math.ceil(Math.min(breaker.pauseMs * 2 ** failedProbes, breaker.maxPauseMs) / timeScale);
}

/** When the next probe of an open circuit may be sent. */
export function probeAtMs(open: OpenCircuit, breaker: CircuitBreaker, timeScale: number): number {
  return open.openedAtMs + circuitPauseMs(breaker, open.failedProbes, timeScale);
}
