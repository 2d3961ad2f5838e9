import type { CircuitBreaker, HealthEvent } from '../contract/health.ts';
import { formatDurationMs } from '../duration-text.ts';
import type { OutcomeCode } from '../contract/outcome.ts';
import { countOf, disabledBy, warningsOf, type DisableRules, type FailedAttempt } from './disable-rules.ts';
import { circuitPauseMs, type EndpointState, type OpenCircuit, type StateChange } from './state.ts';

/** What health needs of an attempt that has ended. */
export interface EndedAttempt extends FailedAttempt {
  readonly code: OutcomeCode;
  /** How many attempts its delivery has left. */
  readonly attemptsLeft: number;
  /** Whether it went out while the circuit was open. */
  readonly isProbe: boolean;
}

export interface HealthRules extends DisableRules {
  readonly circuitBreaker: CircuitBreaker | null;
}

/**
 * The state of an endpoint after another attempt; the same object when nothing changes, as after a success
 * that follows a success. Attempts that say nothing about the receiver (cancelled, interrupted) are neither success nor failure.
 */
export function afterAttempt(state: EndpointState, ended: EndedAttempt, rules: HealthRules, timeScale: number): StateChange {
  if (ended.code === 'cancelled' || ended.code === 'interrupted') return { state, events: [] };
  return ended.code === 'ok' ? disabledAsAsked(afterSuccess(state, ended.endedAtMs), ended) : afterFailure(state, ended, rules, timeScale);
}

function afterSuccess(state: EndpointState, endedAtMs: number): StateChange {
  if (state.failuresInARow === 0 && state.openCircuit === null) return { state, events: [] };
  return {
    state: {
      ...state,
      revision: state.revision + 1,
      failuresInARow: 0,
      failingSinceMs: null,
      recoveredAtMs: endedAtMs,
      isWarned: false,
      openCircuit: null,
    },
    events: [
      ...(state.failuresInARow > 0 && state.disabled === null ? [recoveredEvent(state.failuresInARow, endedAtMs)] : []),
      ...(state.openCircuit === null
        ? []
        : [{ kind: 'circuitClosed' as const, atMs: endedAtMs, message: 'The circuit closed: an attempt was accepted.' }]),
    ],
  };
}

/** A receiver that accepts an attempt may ask for no more of them. */
function disabledAsAsked(change: StateChange, { disableReason = null, endedAtMs: atMs }: EndedAttempt): StateChange {
  if (disableReason === null || change.state.disabled !== null) return change;
  const disabled = { reason: 'asked' as const, message: disableReason, atMs };
  return {
    state: { ...change.state, revision: change.state.revision + 1, disabled },
    events: [...change.events, { kind: 'disabled', atMs, message: disableReason }],
  };
}

function afterFailure(before: EndpointState, ended: EndedAttempt, rules: HealthRules, timeScale: number): StateChange {
  const { endedAtMs } = ended;
  const row = { failuresInARow: before.failuresInARow + 1, failingSinceMs: before.failingSinceMs ?? endedAtMs };
  const disabled = before.disabled ?? disabledBy(row, ended, rules, timeScale);
  const hasLastAttemptAhead = !ended.isExhausted && ended.attemptsLeft === 1;
  const warnings =
    disabled === null && !before.isWarned ? warningsOf(row, rules.autoDisable, { nowMs: endedAtMs, timeScale, hasLastAttemptAhead }) : [];
  const openCircuit = circuitAfterFailure(before.openCircuit, row.failuresInARow, ended, rules.circuitBreaker);
  const events: HealthEvent[] = [];
  if (row.failuresInARow === 1 && before.disabled === null)
    events.push({ kind: 'failing', atMs: endedAtMs, message: failingMessage(ended) });
  if (openCircuit !== before.openCircuit && openCircuit !== null && rules.circuitBreaker !== null)
    events.push(circuitEvent(openCircuit, rules.circuitBreaker, row.failuresInARow, timeScale));
  if (warnings[0] !== undefined) events.push({ kind: 'warned', atMs: endedAtMs, message: warnings[0].message });
  if (disabled !== null && before.disabled === null) events.push({ kind: 'disabled', atMs: endedAtMs, message: disabled.message });
  return {
    state: {
      ...before,
      ...row,
      revision: before.revision + 1,
      isWarned: before.isWarned || warnings.length > 0,
      disabled,
      openCircuit,
    },
    events,
  };
}

function failingMessage({ code, status }: EndedAttempt): string {
  return `Began to fail: an attempt ${code === 'http_status' && status !== null ? `was answered ${status}` : `ended in ${code}`}.`;
}

function recoveredEvent(failures: number, atMs: number): HealthEvent {
  return { kind: 'recovered', atMs, message: `An attempt was accepted after ${countOf(failures)} in a row.` };
}

/** Attempts that began before the circuit opened do not count as probes. */
function circuitAfterFailure(
  open: OpenCircuit | null,
  failuresInARow: number,
  { endedAtMs, isProbe }: EndedAttempt,
  breaker: CircuitBreaker | null,
): OpenCircuit | null {
  if (breaker === null) return null;
  if (open === null) return failuresInARow >= breaker.failures ? { openedAtMs: endedAtMs, failedProbes: 0 } : null;
  return isProbe ? { openedAtMs: endedAtMs, failedProbes: open.failedProbes + 1 } : open;
}

function circuitEvent(open: OpenCircuit, breaker: CircuitBreaker, failuresInARow: number, timeScale: number): HealthEvent {
  const pause = formatDurationMs(circuitPauseMs(breaker, open.failedProbes, timeScale));
  return open.failedProbes === 0
    ? {
        kind: 'circuitOpened',
        atMs: open.openedAtMs,
        message: `The circuit opened after ${countOf(failuresInARow)} in a row; the first probe goes out after ${pause}.`,
      }
    : {
        kind: 'circuitReopened',
        atMs: open.openedAtMs,
        message: `A probe failed, so the circuit stays open; the next goes out after ${pause}.`,
      };
}
