import { z } from 'zod';

/**
 * Health of an endpoint: `failing` while its newest attempts failed; `unsteady` where the newest was accepted, but two or more of the
 * recent ones, and a tenth of them at least, failed; `pending` before any attempt; `disabled` while nothing is sent. Tests never count.
 */
export const endpointHealth = z.enum(['healthy', 'unsteady', 'failing', 'pending', 'disabled']);
export type EndpointHealth = z.infer<typeof endpointHealth>;

/** Why an endpoint is disabled: by hand, or by one of its own rules; `gone` is for 410, `asked` for one of `stopAnswers`. */
export const disableReason = z.enum(['byHand', 'exhausted', 'failures', 'failingFor', 'gone', 'asked']);
export type DisableReason = z.infer<typeof disableReason>;

const longestMs = 30 * 86_400_000;

/** When an endpoint is disabled automatically. A failed attempt is one with any outcome but `ok`, `cancelled` and `interrupted`. */
export const autoDisable = z.strictObject({
  /** When a delivery has used up its attempts. */
  onExhaustion: z.boolean().default(false),
  /** After so many failed attempts with no success between them. */
  afterFailures: z.number().int().min(1).max(10_000).nullable().default(null),
  /** At a failed attempt, this long after the first one in the row; the time scale shortens it. */
  afterFailingMs: z.number().int().min(1000).max(longestMs).nullable().default(null),
});
export type AutoDisable = z.infer<typeof autoDisable>;

/** Attempts begin at least `perMs / count` apart, in real time. */
export const rateLimit = z
  .strictObject({
    count: z.number().int().min(1).max(1_000_000),
    perMs: z.number().int().min(1).max(86_400_000),
  })
  .refine(({ count, perMs }) => perMs >= count, 'A rate goes up to 1000 a second: lower count, or leave the limit out.');
export type RateLimit = z.infer<typeof rateLimit>;

/** Nothing is attempted for a while after so many failed attempts in a row; then one attempt at a time probes. */
export const circuitBreaker = z
  .strictObject({
    failures: z.number().int().min(1).max(1000).default(5),
    /** Until the first probe; the time scale shortens it. It doubles with each probe that fails. */
    pauseMs: z.number().int().min(100).max(86_400_000).default(30_000),
    maxPauseMs: z.number().int().min(100).max(86_400_000).default(900_000),
  })
  .refine(({ pauseMs, maxPauseMs }) => maxPauseMs >= pauseMs, {
    path: ['maxPauseMs'],
    message: 'The longest pause cannot be shorter than the first: raise it.',
  });
export type CircuitBreaker = z.infer<typeof circuitBreaker>;

/** State of the circuit breaker of an endpoint. */
export const circuit = z.strictObject({
  state: z.enum(['closed', 'open', 'halfOpen']),
  /** When it opened last; null while closed. */
  openedAtMs: z.number().int().nullable(),
  /** When the next probe may go out, time scale applied; null while closed. */
  probeAtMs: z.number().int().nullable(),
  /** Probes that failed since it opened. */
  failedProbes: z.number().int(),
});
export type Circuit = z.infer<typeof circuit>;

/** A rule of `autoDisable` that is about to apply. */
export const disableWarning = z.strictObject({
  reason: z.enum(['exhausted', 'failures', 'failingFor']),
  /** Such as "2 more failed attempts disable this endpoint." */
  message: z.string(),
  /** For `failures`. */
  failuresLeft: z.number().int().nullable(),
  /** For `failingFor`: from when on a failed attempt disables. */
  atMs: z.number().int().nullable(),
});
export type DisableWarning = z.infer<typeof disableWarning>;

/** Health of an endpoint as judged by the engine; read only. */
export const endpointCondition = {
  health: endpointHealth,
  /**
   * Since when it has this health, for `unsteady` the success that ended its last row of failures; null for one that was healthy from its
   * first attempt.
   */
  healthSinceMs: z.number().int().nullable(),
  /** Why it has this health, as a sentence. */
  healthMessage: z.string(),
  /** Failed attempts since the last success. */
  failuresInARow: z.number().int(),
  /** The newest attempts, up to 30 of the last 24 hours, since it was enabled: how many there are and how many of them failed. */
  recent: z.strictObject({ attempts: z.number().int(), failed: z.number().int() }),
  /** Null while it is active. */
  disabledReason: disableReason.nullable(),
  /** Empty while no rule is about to disable it. */
  disablesSoon: z.array(disableWarning),
  /** Null if it has no circuit breaker. */
  circuit: circuit.nullable(),
  /** When the rate limit lets the next attempt begin, where that is to come; null otherwise. */
  rateLimitedUntilMs: z.number().int().nullable(),
};

/** Something that happened to the health of an endpoint. */
export const healthEvent = z.strictObject({
  kind: z.enum(['failing', 'recovered', 'enabled', 'disabled', 'warned', 'circuitOpened', 'circuitReopened', 'circuitClosed']),
  message: z.string(),
  atMs: z.number().int(),
});
export type HealthEvent = z.infer<typeof healthEvent>;

/** What holds a delivery back although it is due, or will once it is. */
export const deliveryHold = z.strictObject({
  by: z.enum(['disabled', 'circuit', 'rateLimit', 'order']),
  /** When that ends, where it is known. */
  untilMs: z.number().int().nullable(),
});
export type DeliveryHold = z.infer<typeof deliveryHold>;
