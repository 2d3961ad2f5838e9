import type { Circuit, EndpointHealth } from '#shared/contract/health.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { countOf, warningsOf } from './disable-rules.ts';
import { probeAtMs, type EndpointState } from './state.ts';

/** What else tells how an endpoint is. */
export interface ConditionFacts {
  readonly nowMs: number;
  readonly timeScale: number;
  /** End of the newest attempt that was a success, of the few newest; null when there is none. */
  readonly lastSuccessAtMs: number | null;
  readonly hasLastAttemptAhead: boolean;
  readonly rateLimitedUntilMs: number | null;
}

/** Part of an endpoint that says how it is. */
export type Condition = Pick<
  Endpoint,
  'health' | 'healthSinceMs' | 'healthMessage' | 'failuresInARow' | 'disabledReason' | 'disablesSoon' | 'circuit' | 'rateLimitedUntilMs'
>;

type Target = Pick<EndpointConfig, 'isActive' | 'autoDisable' | 'circuitBreaker' | 'createdAtMs' | 'updatedAtMs'>;

/** How an endpoint is, by its state and the log. */
export function conditionOf(target: Target, state: EndpointState, facts: ConditionFacts): Condition {
  return {
    ...healthOf(target, state, facts),
    failuresInARow: state.failuresInARow,
    disabledReason: target.isActive ? null : (state.disabled?.reason ?? 'byHand'),
    disablesSoon: target.isActive ? [...warningsOf(state, target.autoDisable, facts)] : [],
    circuit: circuitOf(target, state, facts),
    rateLimitedUntilMs: facts.rateLimitedUntilMs,
  };
}

function healthOf(
  target: Target,
  state: EndpointState,
  facts: ConditionFacts,
): { readonly health: EndpointHealth; readonly healthSinceMs: number | null; readonly healthMessage: string } {
  if (!target.isActive)
    return {
      health: 'disabled',
      healthSinceMs: state.disabled?.atMs ?? target.updatedAtMs,
      healthMessage: state.disabled?.message ?? 'Switched off by hand.',
    };
  if (state.failuresInARow > 0)
    return { health: 'failing', healthSinceMs: state.failingSinceMs, healthMessage: `${countOf(state.failuresInARow)} in a row.` };
  const beganAtMs = state.enabledAtMs ?? target.createdAtMs;
  if (state.recoveredAtMs !== null || (facts.lastSuccessAtMs ?? Number.NEGATIVE_INFINITY) >= beganAtMs)
    return { health: 'healthy', healthSinceMs: state.recoveredAtMs, healthMessage: 'Its newest attempt was accepted.' };
  const since = state.enabledAtMs === null ? 'yet' : 'since it was switched on';
  return { health: 'pending', healthSinceMs: beganAtMs, healthMessage: `No attempt was made ${since}.` };
}

function circuitOf({ circuitBreaker }: Target, { openCircuit }: EndpointState, { nowMs, timeScale }: ConditionFacts): Circuit | null {
  if (circuitBreaker === null) return null;
  if (openCircuit === null) return { state: 'closed', openedAtMs: null, probeAtMs: null, failedProbes: 0 };
  const atMs = probeAtMs(openCircuit, circuitBreaker, timeScale);
  return {
    state: atMs > nowMs ? 'open' : 'halfOpen',
    openedAtMs: openCircuit.openedAtMs,
    probeAtMs: atMs,
    failedProbes: openCircuit.failedProbes,
  };
}
