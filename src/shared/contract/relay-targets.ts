import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { headerMap, headerName } from './header-fields.ts';
import { endpointHealth, rateLimit } from './health.ts';
import { requestMatch } from './request-match.ts';
import { retryPolicyChoice } from './retry-choice.ts';
import { secretText, signing } from './signing.ts';
import { successRulePattern } from './success-rule.ts';
import { plainUrl } from './target-url.ts';

const pathPrefix = z
  .string()
  .max(1000)
  .regex(/^\/[^?#\s]*$/, 'Write a path that begins with /, without a query.');

/** How the path behind the bin's own goes on: appended to that of the target, left out, or with another beginning. */
const pathMapping = z.union([
  z.enum(['append', 'drop'], 'Use append, drop, or {"replace": "/v1", "by": "/hooks"}.'),
  z.strictObject({ replace: pathPrefix, by: pathPrefix }),
]);
export type PathMapping = z.infer<typeof pathMapping>;

const queryMapping = z.strictObject({
  /** Whether the query of the request goes on. */
  keep: z.boolean(),
  set: namedValues(z.string().min(1).max(200), z.string().max(2000)).default({}),
  remove: z.array(z.string().min(1).max(200)).max(50).default([]),
});
export type QueryMapping = z.infer<typeof queryMapping>;

const headerChanges = z.strictObject({
  /** Takes the place of the first header of the same name, and stands at the end otherwise. */
  set: headerMap.default({}),
  remove: z.array(headerName).max(100).default([]),
});
export type HeaderChanges = z.infer<typeof headerChanges>;

/** Fields of a target that is a URL; an endpoint has its own. */
const urlFields = {
  retryPolicy: retryPolicyChoice,
  rateLimit: rateLimit.nullable(),
  maxConcurrency: z.number().int().min(1).max(512).nullable(),
  /** One at a time in the order in which they came: one that fails holds back those behind it until it has ended. */
  isOrdered: z.boolean(),
  timeoutMs: z.number().int().min(50).max(600_000),
  verifyTls: z.boolean(),
  successRule: z.string().regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200-204,302.'),
};

/** Fields of an input that go with a URL; an endpoint has its own. */
export const targetUrlFields = [
  'signing',
  'secret',
  'retryPolicy',
  'rateLimit',
  'maxConcurrency',
  'isOrdered',
  'timeoutMs',
  'verifyTls',
  'successRule',
] as const;

/** Where a relay forwards to. */
export const relayTargetInput = z.strictObject({
  /** In an update: the target that this is, which keeps its secret and what waits for it. */
  id: z.string().max(100).optional(),
  /** An endpoint ... */
  endpointId: z.string().max(100).optional(),
  /** ... or a URL. */
  url: plainUrl.optional(),
  name: z.string().trim().max(200).default(''),
  /** What goes to this target, of what the relay forwards; null for all of it. */
  match: requestMatch.nullable().default(null),
  /** By default appended to a URL, and left out for an endpoint. */
  path: pathMapping.optional(),
  /** By default it goes on where the path does. */
  query: queryMapping.optional(),
  headers: headerChanges.prefault({}),
  /** `received` keeps every header and the signature; `resigned` signs with a new timestamp. */
  as: z.enum(['received', 'resigned']).default('received'),
  /**
   * For an endpoint: whether the headers of its authentication take the place of captured ones of the same names. By default they do
   * where it has one.
   */
  withAuth: z.boolean().optional(),
  /** For a URL: the scheme to sign with; without it the one that the bin verifies with. */
  signing: signing.optional(),
  /** For a URL: without it the secret of the bin, where the scheme is that of the bin. */
  secret: secretText.optional(),
  retryPolicy: urlFields.retryPolicy.optional(),
  rateLimit: urlFields.rateLimit.optional(),
  maxConcurrency: urlFields.maxConcurrency.optional(),
  isOrdered: urlFields.isOrdered.optional(),
  timeoutMs: urlFields.timeoutMs.optional(),
  verifyTls: urlFields.verifyTls.optional(),
  successRule: urlFields.successRule.optional(),
});
export type RelayTargetInput = z.infer<typeof relayTargetInput>;

/** Where a relay forwards to, with how that goes. */
export const relayTarget = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** The endpoint of the list that it is; null for a URL. */
  endpointId: z.string().nullable(),
  url: z.string(),
  match: requestMatch.nullable(),
  path: pathMapping,
  query: queryMapping,
  headers: headerChanges,
  as: z.enum(['received', 'resigned']),
  /** Whether it gets the headers of the endpoint's authentication; false for a URL. */
  withAuth: z.boolean(),
  signing: signing.nullable(),
  secretFingerprints: z.array(z.string()),
  ...urlFields,
  health: endpointHealth,
  /** In a sentence. */
  healthMessage: z.string(),
  /** Captures forwarded to it. */
  forwarded: z.number().int(),
  /** Deliveries to it that wait for their next attempt. */
  pendingDeliveries: z.number().int(),
  lastDelivery: z.strictObject({ id: z.string(), atMs: z.number(), outcomeCode: z.string(), status: z.number().nullable() }).nullable(),
  /** Up to 20 newest attempts, oldest first. */
  recentAttempts: z.array(z.strictObject({ ok: z.boolean(), durationMs: z.number() })),
});
export type RelayTarget = z.infer<typeof relayTarget>;
