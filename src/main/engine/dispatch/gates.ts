import type { DeliveryHold, RateLimit } from '#shared/contract/health.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { StateBook } from '../health/book.ts';
import { probeAtMs } from '#shared/health/state.ts';
import type { SettingsBook } from '../settings/settings.ts';
import { afterTaken, mayTakeAtMs, spacingMs } from './spacing.ts';

export interface GatesDeps {
  readonly endpoints: Pick<EndpointBook, 'findStanding'>;
  readonly states: StateBook;
  readonly settings: SettingsBook;
  readonly now: () => number;
  /** When the newest attempt to an endpoint began, according to the log. */
  readonly lastAttemptAtMs: (endpointId: string) => number | null;
}

/** What an endpoint's rate, circuit, order and limit of concurrent attempts let through. Endpoints outside the list have no gates. */
export interface Gates {
  /** How many attempts may be under way at once. */
  readonly capOf: (endpointId: string) => number;
  /**
   * How many attempts may be under way or claimed at once, when `sending` are under way already and `ahead` may be claimed
   * before their turn.
   */
  readonly claimCapOf: (endpointId: string, nowMs: number, sending: number, ahead: number) => number;
  /** Whether an attempt may begin at this time, apart from the cap. */
  readonly isOpen: (endpointId: string, nowMs: number) => boolean;
  /** When attempts may begin again; null when they may now. */
  readonly opensAtMs: (endpointId: string, nowMs: number) => number | null;
  /** Whether the circuit lets nothing through now, so that claims should be undone. */
  readonly isShut: (endpointId: string) => boolean;
  readonly isOrdered: (endpointId: string) => boolean;
  /** Notes that an attempt begins; returns whether it probes an open circuit. */
  readonly begin: (endpointId: string, deliveryId: string) => boolean;
  /** Lets one attempt of this delivery through an open circuit, in addition to others. */
  readonly letThrough: (endpointId: string, deliveryId: string) => void;
  /** The delivery that is let through an open circuit next, or null. */
  readonly letThroughTo: (endpointId: string) => string | null;
  readonly cancelLetThrough: (endpointId: string, deliveryId: string) => void;
  /** When the rate allows the next attempt, if that is in the future; null otherwise. */
  readonly rateLimitedUntilMs: (endpointId: string) => number | null;
  /** Moves the times of the newest attempts after the clock was set, so that rates still hold. */
  readonly clockMoved: (byMs: number) => void;
  /** What holds back a delivery whose next attempt is due at `dueAtMs`; null when nothing does. */
  readonly holdOn: (endpointId: string, dueAtMs: number) => DeliveryHold | null;
}

/** At a limited rate, deliveries that can begin within this time are claimed together: a claim waits for the disk, which would make each one late. */
const claimedAheadMs = 50;

export function createGates({ endpoints, states, settings, now, lastAttemptAtMs }: GatesDeps): Gates {
  /** By endpoint with a rate: the time slot that its newest attempt took. */
  const taken = new Map<string, number>();
  /** By endpoint, the deliveries whose next attempt is let through its open circuit, in the order of the requests. */
  const letThrough = new Map<string, Set<string>>();
  const leaveOut = (endpointId: string, deliveryId: string) => {
    const through = letThrough.get(endpointId);
    through?.delete(deliveryId);
    if (through?.size === 0) letThrough.delete(endpointId);
  };

  const takenAtMs = (endpointId: string): number => {
    const known = taken.get(endpointId);
    if (known !== undefined) return known;
    const atMs = lastAttemptAtMs(endpointId) ?? Number.NEGATIVE_INFINITY;
    taken.set(endpointId, atMs);
    return atMs;
  };
  const rateOpensAtMs = (endpointId: string, rate: RateLimit, nowMs: number): number | null => {
    const atMs = Math.ceil(mayTakeAtMs(takenAtMs(endpointId), rate, nowMs));
    return atMs > nowMs ? atMs : null;
  };
  const circuitOpensAtMs = (target: EndpointConfig, nowMs: number): number | null => {
    const open = openCircuitOf(target);
    if (open === null || target.circuitBreaker === null || letThrough.has(target.id)) return null;
    const atMs = probeAtMs(open, target.circuitBreaker, settings.get().timeScale);
    return atMs > nowMs ? atMs : null;
  };
  const openCircuitOf = (target: EndpointConfig) => (target.circuitBreaker === null ? null : states.of(target.id).openCircuit);
  const opensAtMs = (endpointId: string, nowMs: number): number | null => {
    const target = endpoints.findStanding(endpointId);
    if (target === undefined || !hasGate(target)) return null;
    const byCircuit = circuitOpensAtMs(target, nowMs);
    const byRate = target.rateLimit === null ? null : rateOpensAtMs(endpointId, target.rateLimit, nowMs);
    if (byCircuit === null) return byRate;
    return byRate === null ? byCircuit : Math.max(byCircuit, byRate);
  };
  const capOf = (endpointId: string): number => {
    const { maxConcurrencyPerEndpoint } = settings.get();
    const target = endpoints.findStanding(endpointId);
    if (target === undefined) return maxConcurrencyPerEndpoint;
    if (target.isOrdered || openCircuitOf(target) !== null) return 1;
    return target.maxConcurrency === null ? maxConcurrencyPerEndpoint : Math.min(maxConcurrencyPerEndpoint, target.maxConcurrency);
  };

  return {
    capOf,
    claimCapOf: (endpointId, nowMs, sending, ahead) => {
      const cap = capOf(endpointId);
      const target = endpoints.findStanding(endpointId);
      if (target === undefined) return cap + ahead;
      if (hasGate(target) && opensAtMs(endpointId, nowMs) !== null) return 0;
      if (target.isOrdered || openCircuitOf(target) !== null) return cap;
      if (target.rateLimit === null) return cap + ahead;
      return Math.min(cap, sending + Math.max(1, Math.floor(claimedAheadMs / spacingMs(target.rateLimit))));
    },
    isOpen: (endpointId, nowMs) => opensAtMs(endpointId, nowMs) === null,
    opensAtMs,
    isShut: (endpointId) => {
      const target = endpoints.findStanding(endpointId);
      return target !== undefined && circuitOpensAtMs(target, now()) !== null;
    },
    isOrdered: (endpointId) => endpoints.findStanding(endpointId)?.isOrdered === true,
    begin: (endpointId, deliveryId) => {
      const target = endpoints.findStanding(endpointId);
      if (target === undefined) return false;
      leaveOut(endpointId, deliveryId);
      if (target.rateLimit !== null) taken.set(endpointId, afterTaken(takenAtMs(endpointId), target.rateLimit, now()));
      // If a rate is set later, the newest attempt is read from the log.
      else taken.delete(endpointId);
      return openCircuitOf(target) !== null;
    },
    letThrough: (endpointId, deliveryId) => {
      const target = endpoints.findStanding(endpointId);
      if (target === undefined || openCircuitOf(target) === null) return;
      const through = letThrough.get(endpointId);
      if (through === undefined) letThrough.set(endpointId, new Set([deliveryId]));
      else through.add(deliveryId);
    },
    letThroughTo: (endpointId) => letThrough.get(endpointId)?.values().next().value ?? null,
    cancelLetThrough: leaveOut,
    clockMoved: (byMs) => {
      for (const [endpointId, atMs] of taken) taken.set(endpointId, atMs + byMs);
    },
    rateLimitedUntilMs: (endpointId) => {
      const rate = endpoints.findStanding(endpointId)?.rateLimit ?? null;
      return rate === null ? null : rateOpensAtMs(endpointId, rate, now());
    },
    holdOn: (endpointId, dueAtMs) => {
      const target = endpoints.findStanding(endpointId);
      if (target === undefined) return null;
      if (!target.isActive) return { by: 'disabled', untilMs: null };
      const nowMs = now();
      const byCircuit = circuitOpensAtMs(target, nowMs);
      if (byCircuit !== null && byCircuit > dueAtMs) return { by: 'circuit', untilMs: byCircuit };
      if (dueAtMs > nowMs) return null;
      const byRate = target.rateLimit === null ? null : rateOpensAtMs(endpointId, target.rateLimit, nowMs);
      if (byRate !== null) return { by: 'rateLimit', untilMs: byRate };
      return target.isOrdered ? { by: 'order', untilMs: null } : null;
    },
  };
}

function hasGate(target: EndpointConfig): boolean {
  return target.rateLimit !== null || target.circuitBreaker !== null;
}
