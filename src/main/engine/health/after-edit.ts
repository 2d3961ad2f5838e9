import type { HealthEvent } from '#shared/contract/health.ts';
import { freshState, type EndpointState, type StateChange } from '#shared/health/state.ts';

/** The settings of an endpoint after an edit. */
export interface Edited {
  readonly isActive: boolean;
  readonly hasBreaker: boolean;
}

/**
 * The state of an endpoint after somebody changed it; the same object when that changes nothing of it. Switching it on again
 * begins its counts anew and closes its circuit.
 */
export function afterEdit(
  state: EndpointState,
  { isActive, hasBreaker }: Edited,
  made: { readonly nowMs: number; readonly actor: string },
): StateChange {
  const { nowMs, actor } = made;
  const revision = state.revision + 1;
  const event = (kind: HealthEvent['kind'], message: string): HealthEvent => ({ kind, message, atMs: nowMs });
  if (isActive && state.disabled !== null)
    return { state: { ...freshState, revision, enabledAtMs: nowMs }, events: [event('enabled', `Switched on by ${actor}.`)] };
  if (!isActive && state.disabled === null) {
    const message = `Switched off by ${actor}.`;
    return { state: { ...state, revision, disabled: { reason: 'byHand', message, atMs: nowMs } }, events: [event('disabled', message)] };
  }
  if (!hasBreaker && state.openCircuit !== null)
    return {
      state: { ...state, revision, openCircuit: null },
      events: [event('circuitClosed', `The circuit closed: ${actor} took its breaker off.`)],
    };
  return { state, events: [] };
}
