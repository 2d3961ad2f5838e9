import { z } from 'zod';

/** What an attempt ended in. `ok` is success by the endpoint's rule; every other code is a failure. */
export const outcomeCode = z.enum([
  'ok',
  'http_status',
  'redirect',
  'dns',
  'refused',
  'reset',
  'unreachable',
  'timeout',
  'tls',
  'proxy',
  'protocol',
  'incomplete',
  'template',
  'policy',
  'auth',
  'interrupted',
  'cancelled',
  'unknown',
]);
export type OutcomeCode = z.infer<typeof outcomeCode>;

/** Where in an attempt the time ran out. */
export const timeoutPhase = z.enum(['dns', 'connect', 'tls', 'request', 'response', 'body']);
export type TimeoutPhase = z.infer<typeof timeoutPhase>;

/** An outcome: its code, one sentence for people, and what the code needs to be exact. */
export const outcome = z.strictObject({
  code: outcomeCode,
  message: z.string(),
  /** HTTP status when there was a response. */
  status: z.number().int().nullable(),
  /** For `timeout`. */
  phase: timeoutPhase.nullable(),
  /** The error code behind it, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  reason: z.string().nullable(),
});
export type Outcome = z.infer<typeof outcome>;
