import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { bodyStyleNames } from '../json/body-style.ts';
import { givenJson, givenJsonText, answerJson } from './json.ts';
import { base, ifUpdatedAtMs, pageOf, pageQuery, warnings } from './common.ts';
import { autoDisable, circuitBreaker, endpointCondition, healthEvent, rateLimit } from './health.ts';
import { retryPolicyChoice } from './retry-choice.ts';
import { secretText, signing } from './signing.ts';
import { headerMap, headerName, headerValue, reservedHeaders } from './header-fields.ts';
import { stopAnswers } from './stop-answers.ts';
import { eventName } from './events.ts';
import { messageAnswer } from './message-answer.ts';
import { successRulePattern } from './success-rule.ts';
import { targetUrl } from './target-url.ts';
import { templateVersionId, templateVersions, wholeTemplateVersion } from './template-versions.ts';

/** Names and patterns an endpoint listens to: `invoice.paid`, `invoice.*` or `*`. */
export const eventPattern = z
  .string()
  .max(200)
  .regex(
    /^(\*|[A-Za-z0-9_\-/:]+(\.[A-Za-z0-9_\-/:]+)*(\.\*)?)$/,
    'Use an event name such as invoice.paid, a pattern such as invoice.*, or *.',
  );

export const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;

/**
 * `refuse` ends an attempt at a redirect; otherwise up to so many are followed, of those that do not change the request and do not take
 * secrets to another origin.
 */
export const redirectRule = z.union([
  z.literal('refuse', 'Use refuse, or how many to follow, from 1 to 10, such as {"follow": 3}.'),
  z.strictObject({ follow: z.number().int().min(1).max(10) }),
]);
export type RedirectRule = z.infer<typeof redirectRule>;

/** Headers for the delivery id, the attempt number and the event type; null sends none. The same names for every attempt. */
export const metaHeaders = z
  .strictObject({
    deliveryId: headerName.nullable().default(null),
    /** 1 for the first attempt. */
    attempt: headerName.nullable().default(null),
    eventType: headerName.nullable().default(null),
  })
  .superRefine((names, context) => {
    const seen = new Set<string>();
    for (const [field, name] of Object.entries(names)) {
      if (name === null) continue;
      const complain = (message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if ((reservedHeaders as readonly string[]).includes(name.toLowerCase()))
        complain(`Use another name: Hookyard writes ${name} itself.`);
      else if (seen.has(name.toLowerCase())) complain(`${name} is given twice: give each its own name.`);
      seen.add(name.toLowerCase());
    }
  });

/**
 * How many events one request may hold. The template of such an endpoint renders a JSON array of one event; those of the events of a batch
 * are joined.
 */
export const batch = z.strictObject({ maxEvents: z.number().int().min(2).max(1000) });
export type Batch = z.infer<typeof batch>;

const fields = {
  /** The profile whose fields it was made with; a field that was changed since is its own. */
  profile: z.string().max(100).nullable(),
  name: z.string().trim().min(1, 'Give the endpoint a name.').max(200),
  url: targetUrl,
  description: z.string().max(2000),
  method: z.enum(methods),
  contentType: z
    .string()
    .max(200)
    .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(\s*;\s*[\w-]+=("[^"\r\n]*"|[\w.+-]+))*$/, 'Use a media type such as application/json.'),
  events: z.array(eventPattern).min(1, 'Choose at least one event, or * for all.').max(500),
  headers: headerMap,
  /** Sent with each retry as well, in place of headers of the same name; a redelivery begins without them. */
  retryHeaders: headerMap,
  secretHeaders: headerMap,
  signing: signing.nullable(),
  secret: secretText,
  /** Id of the authentication that applies to every request; null for none. What it writes replaces what the endpoint writes itself. */
  authId: z.string().max(100).nullable(),
  /** LiquidJS template of the body, or null for the default envelope `{type, timestamp, data}`. */
  template: z.string().max(1_000_000).nullable(),
  /** Several events in one request, where the endpoint takes them; null for one event each. */
  batch: batch.nullable(),
  /** How a JSON body is written before it is signed; null leaves it as the template writes it, and compact without one. */
  bodyStyle: z.enum(bodyStyleNames).nullable(),
  /** Whether the body is rendered again for each attempt, whose number its template may name; otherwise all attempts send the same bytes. */
  bodyPerAttempt: z.boolean(),
  retryPolicy: retryPolicyChoice,
  /** `2xx`, `200`, or a list such as `200-204,302`. */
  successRule: z.string().regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200-204,302.'),
  /** The same for retries; null where they have the same one. A redelivery begins without it. */
  retrySuccessRule: z.string().regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200-204,302.').nullable(),
  /** Time from the start of an attempt to the last byte of its answer. Never scaled. */
  timeoutMs: z.number().int().min(50).max(600_000),
  verifyTls: z.boolean(),
  httpsOnly: z.boolean(),
  redirects: redirectRule,
  metaHeaders,
  autoDisable,
  /** Whether an answer of 410 Gone disables the endpoint. */
  disableOn410: z.boolean(),
  /** Answers that end the delivery or disable the endpoint. */
  stopAnswers,
  rateLimit: rateLimit.nullable(),
  /** Attempts under way at once, within the workspace's own limit for each endpoint; null for only that limit. */
  maxConcurrency: z.number().int().min(1).max(512).nullable(),
  /** One at a time in the order of acceptance: a delivery that fails holds back those behind it until it has ended. */
  isOrdered: z.boolean(),
  circuitBreaker: circuitBreaker.nullable(),
  isActive: z.boolean(),
};

/** The fields of a new endpoint; only name and URL have no default. */
export const endpointInput = z.strictObject({
  profile: fields.profile.default(null),
  name: fields.name,
  url: fields.url,
  description: fields.description.default(''),
  method: fields.method.default('POST'),
  contentType: fields.contentType.default('application/json'),
  events: fields.events.default(['*']),
  headers: fields.headers.default({}),
  retryHeaders: fields.retryHeaders.default({}),
  secretHeaders: fields.secretHeaders.default({}),
  signing: fields.signing.default({ scheme: 'standard-webhooks' }),
  secret: fields.secret.optional(),
  authId: fields.authId.default(null),
  template: fields.template.default(null),
  batch: fields.batch.default(null),
  bodyStyle: fields.bodyStyle.default(null),
  bodyPerAttempt: fields.bodyPerAttempt.default(false),
  retryPolicy: fields.retryPolicy.default('standard-webhooks'),
  successRule: fields.successRule.default('2xx'),
  retrySuccessRule: fields.retrySuccessRule.default(null),
  timeoutMs: fields.timeoutMs.default(15_000),
  verifyTls: fields.verifyTls.default(true),
  httpsOnly: fields.httpsOnly.default(false),
  redirects: fields.redirects.default('refuse'),
  metaHeaders: fields.metaHeaders.default({ deliveryId: null, attempt: null, eventType: null }),
  autoDisable: fields.autoDisable.default({ onExhaustion: false, afterFailures: null, afterFailingMs: null }),
  disableOn410: fields.disableOn410.default(false),
  stopAnswers: fields.stopAnswers.default([]),
  rateLimit: fields.rateLimit.default(null),
  maxConcurrency: fields.maxConcurrency.default(null),
  isOrdered: fields.isOrdered.default(false),
  circuitBreaker: fields.circuitBreaker.default(null),
  isActive: fields.isActive.default(true),
});
export type EndpointInput = z.infer<typeof endpointInput>;

/**
 * What may be changed; a field left out stays as it is. In `secretHeaders` a null value removes that header and a name left out keeps its
 * value.
 */
export const endpointPatch = z.strictObject({ ...fields, secretHeaders: namedValues(headerName, headerValue.nullable()) }).partial();
export type EndpointPatch = z.infer<typeof endpointPatch>;

const newEndpointFields = {
  ...endpointPatch.shape,
  url: fields.url,
  /** May be left out where a profile is chosen, whose name it then has. */
  name: fields.name.optional(),
  secretHeaders: fields.secretHeaders.optional(),
};

/** A plan of the profile, whose named retry policy the endpoint gets; it is saved where it is not there yet. */
const plan = z.string().max(80).optional();

/** A new endpoint: what is left out comes from the profile, where one is chosen, and otherwise from the defaults. */
export const newEndpoint = z.strictObject({ ...newEndpointFields, plan }).superRefine(assertNamed);
export type NewEndpoint = z.infer<typeof newEndpoint>;

function assertNamed(
  { name, profile }: { readonly name?: string | undefined; readonly profile?: string | null | undefined },
  context: z.RefinementCtx,
): void {
  if (name === undefined && (profile === undefined || profile === null))
    context.addIssue({ code: 'custom', path: ['name'], message: 'Give the endpoint a name.' });
}

export { endpointHealth, type EndpointHealth } from './health.ts';

/** Fields that say how an endpoint with a stream of deliveries is treated: of no meaning for a target of one message. */
export const streamFields = {
  autoDisable: true,
  disableOn410: true,
  rateLimit: true,
  maxConcurrency: true,
  isOrdered: true,
  circuitBreaker: true,
  events: true,
  isActive: true,
} as const;

/** A target of one message that is not in the list. */
export const newTarget = z.strictObject(newEndpointFields).omit(streamFields).superRefine(assertNamed);
export type NewTarget = z.infer<typeof newTarget>;

/** Those fields as a target of one message has them: their defaults. */
export const streamDefaults: Pick<EndpointInput, keyof typeof streamFields> = endpointInput.pick(streamFields).parse({});

/** An endpoint without secret values: of secrets only names, count and fingerprints are shown. */
export const endpoint = z.strictObject({
  id: z.string(),
  ...endpointInput.omit({ secret: true, secretHeaders: true }).shape,
  /** Fields that differ from those of its profile. */
  changedFromProfile: z.array(z.string()),
  /** Fields about which its profile says something else now than when the endpoint was filled from it. */
  changedInProfile: z.array(z.string()),
  secretHeaderNames: z.array(z.string()),
  /** First 8 hex digits of SHA-256 over each secret's text, newest first; to distinguish secrets without showing them. */
  secretFingerprints: z.array(z.string()),
  /** In schemes that sign with a private key: the public half of each secret, newest first, in the form that receivers take. */
  publicKeys: z.array(z.string()),
  /** Who made it and through which door, such as `alice (window)`. */
  creator: z.string(),
  ...endpointCondition,
  /** Like all figures of an endpoint, it leaves tests out. */
  lastDelivery: z.strictObject({ id: z.string(), atMs: z.number(), outcomeCode: z.string(), status: z.number().nullable() }).nullable(),
  /** Up to 20 newest attempts, oldest first: duration and whether each was a success. */
  recentAttempts: z.array(z.strictObject({ ok: z.boolean(), durationMs: z.number() })),
  /** Those that wait for an attempt; no tests. */
  pendingDeliveries: z.number().int(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Endpoint = z.infer<typeof endpoint>;

/** The public half of a secret, to set the receiver up with; null where the scheme has shared secrets. */
const publicKey = z.string().nullable();

/** An endpoint with its secret in clear, returned once; null if the endpoint does not sign. */
export const endpointWithSecret = z.strictObject({ ...endpoint.shape, secret: z.string().nullable(), publicKey, warnings });

const id = z.strictObject({ id: z.string() });

/** A field that a newer version of its profile would change in an endpoint, with the values that it has there. */
export const profileChange = z.strictObject({
  field: z.string(),
  /** What the profile said when the endpoint was filled from it; null where it said nothing. */
  was: answerJson,
  now: answerJson,
  own: answerJson,
});
export type ProfileChange = z.infer<typeof profileChange>;

/** What a test sends: by default the sample of the first event type that the endpoint listens to. */
const testedEvent = {
  eventType: eventName.optional(),
  /** The name of one of the samples that the profile has for it, in place of the first one. */
  sample: z.string().max(100).optional(),
  data: givenJson.optional(),
  dataText: givenJsonText,
};

export const endpoints = {
  create: base
    .route({ method: 'POST', path: '/endpoints', successStatus: 201, summary: 'Register an endpoint' })
    .input(newEndpoint)
    .output(endpointWithSecret),
  list: base
    .route({ method: 'GET', path: '/endpoints', summary: 'List endpoints' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(endpoint)),
  get: base.route({ method: 'GET', path: '/endpoints/{id}', summary: 'Read an endpoint' }).input(id).output(endpoint),
  history: base
    .route({ method: 'GET', path: '/endpoints/{id}/history', summary: 'What happened to the health of an endpoint, newest first' })
    .input(id)
    .output(z.strictObject({ items: z.array(healthEvent) })),
  update: base
    .route({ method: 'PATCH', path: '/endpoints/{id}', summary: 'Change an endpoint; {"isActive": true} re-enables it' })
    .input(z.strictObject({ id: z.string(), ifUpdatedAtMs, ...endpointPatch.shape, plan }))
    .output(z.strictObject({ ...endpoint.shape, warnings })),
  remove: base
    .route({ method: 'DELETE', path: '/endpoints/{id}', summary: 'Delete an endpoint and cancel its pending deliveries' })
    .input(id)
    .output(
      z.strictObject({
        id: z.string(),
        /** Without its tests, which are cancelled too. */
        cancelledDeliveries: z.number().int(),
      }),
    ),
  templateVersions: base
    .route({
      method: 'GET',
      path: '/endpoints/{id}/template-versions',
      summary: 'Versions of the body template of an endpoint, newest first',
    })
    .input(id)
    .output(templateVersions),
  templateVersion: base
    .route({ method: 'GET', path: '/endpoints/{id}/template-versions/{number}', summary: 'A version of a template with its text' })
    .input(templateVersionId)
    .output(wholeTemplateVersion),
  restoreTemplate: base
    .route({
      method: 'POST',
      path: '/endpoints/{id}/template-versions/{number}/restore',
      summary: 'Give the endpoint an earlier template again, which becomes its newest version',
    })
    .input(z.strictObject({ ...templateVersionId.shape, ifUpdatedAtMs }))
    .output(z.strictObject({ ...endpoint.shape, warnings })),
  profileChanges: base
    .route({
      method: 'GET',
      path: '/endpoints/{id}/profile-changes',
      summary: 'What a newer version of its profile would change in an endpoint',
    })
    .input(id)
    .output(z.strictObject({ profile: z.string().nullable(), items: z.array(profileChange) })),
  settleProfileChanges: base
    .route({
      method: 'POST',
      path: '/endpoints/{id}/profile-changes',
      summary: 'Take fields as the profile has them now, or keep them as they are and be offered them no longer',
    })
    .input(
      z.strictObject({
        id: z.string(),
        take: z.array(z.string().max(100)).max(100).default([]),
        keep: z.array(z.string().max(100)).max(100).default([]),
        ifUpdatedAtMs,
      }),
    )
    .output(z.strictObject({ ...endpoint.shape, warnings })),
  test: base
    .route({
      method: 'POST',
      path: '/endpoints/{id}/test',
      successStatus: 202,
      summary: 'Send a sample event to this endpoint, once and without effect on its health; the fields of a draft replace its own',
    })
    .input(z.strictObject({ id: z.string(), ...testedEvent, draft: endpointPatch.optional() }))
    .output(messageAnswer),
  testDraft: base
    .route({
      method: 'POST',
      path: '/endpoints/test',
      successStatus: 202,
      summary: 'Send a sample event once, to an endpoint that does not exist yet',
    })
    .input(z.strictObject({ draft: newEndpoint, ...testedEvent }))
    .output(messageAnswer),
  rotateSecret: base
    .route({
      method: 'POST',
      path: '/endpoints/{id}/rotate-secret',
      summary: 'Create a new secret; the old one also signs during the overlap',
    })
    .input(
      z.strictObject({
        id: z.string(),
        secret: secretText.optional(),
        overlapMs: z.number().int().min(0).max(604_800_000).default(86_400_000),
      }),
    )
    .output(z.strictObject({ ...endpoint.shape, secret: z.string(), publicKey, previousExpiresAtMs: z.number().int(), warnings })),
};
