import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './common.ts';

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  /** `electron`, `headless` or `cli`. */
  host: z.string(),
  dataDir: z.string(),
  /** Base URL of the capture listener, without a slash at the end; null when it could not listen. */
  captureUrl: z.string().nullable(),
  /** False while the store refuses writes, so nothing can be accepted; `problem` says why. */
  isAccepting: z.boolean(),
  /** Why captures or the store are degraded, such as a disk that did not take the body of a capture, or null. */
  problem: z.string().nullable(),
  timeScale: z.number(),
  pendingDeliveries: z.number().int(),
  inFlightAttempts: z.number().int(),
  startedAtMs: z.number().int(),
});
export type Health = z.infer<typeof health>;

export const settings = z.strictObject({
  /** How many times faster than real the retry schedule runs. */
  timeScale: z.number().min(1).max(3600),
  /** Largest body of a message or capture that is accepted. */
  bodyLimitBytes: z.number().int().min(1024).max(268_435_456),
  /** How much of a response body is kept; its true size always is. */
  responseBodyKeptBytes: z.number().int().min(0).max(67_108_864),
  /**
   * Attempts under way at once, over all endpoints and to one of them. Half of those over all are kept for endpoints that
   * have fewer than two, or fewer than one after a slow answer.
   */
  maxConcurrency: z.number().int().min(1).max(4096),
  maxConcurrencyPerEndpoint: z.number().int().min(1).max(512),
  /** A message is removed this many days after its last change, a capture after it was received; null keeps them. */
  keepDays: z.number().int().min(1).max(36_500).nullable(),
  /** Deliveries and captures kept at most, and bytes of the data file; the oldest go first. Null sets no limit. */
  keepDeliveries: z.number().int().min(0).max(1_000_000_000).nullable(),
  keepCaptures: z.number().int().min(0).max(1_000_000_000).nullable(),
  keepBytes: z.number().int().min(1_048_576).max(1_125_899_906_842_624).nullable(),
  /** Bytes that all captures together may take up; the oldest go first. Null sets no limit. */
  keepCaptureBytes: z.number().int().min(1_048_576).max(1_125_899_906_842_624).nullable(),
  /** Show times in UTC. */
  isUtc: z.boolean(),
  theme: z.enum(['system', 'light', 'dark']),
  /** Id of the environment that new messages take; null for none. */
  activeEnvironmentId: z.string().max(100).nullable(),
});
export type Settings = z.infer<typeof settings>;

export const changeTopic = z.enum([
  'endpoints',
  'endpoint-health',
  'event-types',
  'messages',
  'deliveries',
  'replays',
  'relays',
  'bins',
  'captures',
  'refused-requests',
  'policies',
  'auths',
  'environments',
  'profiles',
  'settings',
  'retention',
  'health',
]);
export type ChangeTopic = z.infer<typeof changeTopic>;

/**
 * One step of the change stream. A gap in `seq` means some were missed: ask again for what is shown. An empty `ids` means anything of the
 * topic.
 */
export const change = z.strictObject({ seq: z.number().int(), topic: changeTopic, ids: z.array(z.string()) });
export type Change = z.infer<typeof change>;

export const system = {
  health: base.route({ method: 'GET', path: '/health', summary: 'State of the engine' }).output(health),
  getSettings: base.route({ method: 'GET', path: '/settings', summary: 'Read the settings' }).output(settings),
  updateSettings: base
    .route({
      method: 'PATCH',
      path: '/settings',
      summary: 'Change settings; a limit that would remove something is refused without confirm',
    })
    .input(z.strictObject({ ...settings.partial().shape, confirm: z.boolean().default(false) }))
    .output(settings),
  changes: base.route({ method: 'GET', path: '/changes', summary: 'Follow changes as server-sent events' }).output(eventIterator(change)),
};
