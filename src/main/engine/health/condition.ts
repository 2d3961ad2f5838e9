import type { Circuit, EndpointHealth } from '#shared/contract/health.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { countOf, warningsOf } from '#shared/health/disable-rules.ts';
import { probeAtMs, type EndpointState } from '#shared/health/state.ts';

/** What else the condition of an endpoint depends on. */
export interface ConditionFacts {
  readonly nowMs: number;
  readonly timeScale: number;
  /** The newest attempts, in any order; may include some that say nothing about the receiver. */
  readonly newestAttempts: readonly RecentAttempt[];
  readonly hasLastAttemptAhead: boolean;
  readonly rateLimitedUntilMs: number | null;
}

/** How an attempt ended, and when. */
export interface RecentAttempt {
  readonly code: string;
  readonly endedAtMs: number;
}

/** How many attempts are considered, and for how long: an outage last week says nothing about a receiver today. */
export const recentAttempts = 30;
const recentMs = 86_400_000;

/** How many failures make an endpoint unsteady: a single one, or one in many, is what retries are for. */
const unsteadyFailures = 2;
const unsteadyShare = 0.1;

/** The fields of an endpoint about its condition. */
export type Condition = Pick<
  Endpoint,
  | 'health'
  | 'healthSinceMs'
  | 'healthMessage'
  | 'failuresInARow'
  | 'recent'
  | 'disabledReason'
  | 'disablesSoon'
  | 'circuit'
  | 'rateLimitedUntilMs'
>;

type Target = Pick<EndpointConfig, 'isActive' | 'autoDisable' | 'circuitBreaker' | 'createdAtMs' | 'updatedAtMs'>;

/** The condition of an endpoint, from its state and the log. */
export function conditionOf(target: Target, state: EndpointState, facts: ConditionFacts): Condition {
  const recent = recentOf(target, state, facts);
  return {
    ...healthOf(target, state, recent),
    failuresInARow: state.failuresInARow,
    recent: { attempts: recent.attempts, failed: recent.failed },
    disabledReason: target.isActive ? null : (state.disabled?.reason ?? 'byHand'),
    disablesSoon: target.isActive ? [...warningsOf(state, target.autoDisable, facts)] : [],
    circuit: circuitOf(target, state, facts),
    rateLimitedUntilMs: facts.rateLimitedUntilMs,
  };
}

interface Recent {
  readonly attempts: number;
  readonly failed: number;
  readonly firstFailureAtMs: number | null;
  /** Whether an attempt was accepted since the endpoint was made or enabled again, however long ago. */
  readonly hasSuccess: boolean;
}

/** The newest attempts that count: they say something about the receiver, are recent, and came after the counts were reset. */
function recentOf(target: Target, { enabledAtMs }: EndpointState, { newestAttempts, nowMs }: ConditionFacts): Recent {
  const beganAtMs = enabledAtMs ?? target.createdAtMs;
  const since = newestAttempts.filter(({ code, endedAtMs }) => code !== 'cancelled' && code !== 'interrupted' && endedAtMs >= beganAtMs);
  const counted = since.filter(({ endedAtMs }) => endedAtMs > nowMs - recentMs);
  const failures = counted.filter(({ code }) => code !== 'ok');
  return {
    attempts: counted.length,
    failed: failures.length,
    firstFailureAtMs: failures.length === 0 ? null : Math.min(...failures.map(({ endedAtMs }) => endedAtMs)),
    hasSuccess: since.some(({ code }) => code === 'ok'),
  };
}

function healthOf(
  target: Target,
  state: EndpointState,
  recent: Recent,
): { readonly health: EndpointHealth; readonly healthSinceMs: number | null; readonly healthMessage: string } {
  if (!target.isActive)
    return {
      health: 'disabled',
      healthSinceMs: state.disabled?.atMs ?? target.updatedAtMs,
      healthMessage: state.disabled?.message ?? 'Switched off by hand.',
    };
  const { attempts, failed, firstFailureAtMs, hasSuccess } = recent;
  const share = `${failed} of its last ${attempts} attempts failed`;
  if (state.failuresInARow > 0) {
    const beside = failed > state.failuresInARow ? `; ${share}` : '';
    return {
      health: 'failing',
      healthSinceMs: state.failingSinceMs,
      healthMessage: `${countOf(state.failuresInARow)} in a row${beside}.`,
    };
  }
  if (state.recoveredAtMs !== null || hasSuccess) {
    if (failed >= unsteadyFailures && failed >= attempts * unsteadyShare)
      return {
        health: 'unsteady',
        healthSinceMs: state.recoveredAtMs ?? firstFailureAtMs,
        healthMessage: `${share}; the newest was accepted.`,
      };
    return {
      health: 'healthy',
      healthSinceMs: state.recoveredAtMs,
      healthMessage: failed === 0 ? 'Its newest attempt was accepted.' : `Its newest attempt was accepted; ${share}.`,
    };
  }
  const since = state.enabledAtMs === null ? 'yet' : 'since it was switched on';
  return {
    health: 'pending',
    healthSinceMs: state.enabledAtMs ?? target.createdAtMs,
    healthMessage: `No event was sent to it ${since}; tests do not count.`,
  };
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
