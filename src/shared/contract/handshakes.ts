import { z } from 'zod';
import { base } from './common.ts';
import { attempt } from './deliveries.ts';
import { eventName } from './events.ts';
import { headerMap, headerName } from './header-fields.ts';
import { successRulePattern } from './success-rule.ts';

/** Text with outputs such as `{{ challenge }}`, but without tags. */
const template = z.string().max(8192);

/** What a system asks an address before it sends anything there, or while it does. */
const handshakeRequest = z.strictObject({
  method: z.enum(['POST', 'PUT', 'GET', 'HEAD', 'OPTIONS']),
  /** Added to the query of the URL, in this order. */
  query: z
    .array(z.tuple([z.string().min(1).max(200), template]))
    .max(20)
    .default([]),
  /** In place of the endpoint's headers of the same name. */
  headers: headerMap.default({}),
  /** Whether the endpoint's other headers are sent too; the user agent always is. */
  hasOwnHeaders: z.boolean().default(true),
  /** Null for that of the endpoint. */
  contentType: z.string().max(200).nullable().default(null),
  /** Null for no body. */
  body: template.nullable().default(null),
  /** Signed as any request of the endpoint, not signed, or signed with another key, which a receiver must refuse. */
  signed: z.enum(['own', 'none', 'otherKey']).default('own'),
});

/** How a right answer looks. */
const handshakeExpectation = z.strictObject({
  /** In the grammar of success rules. */
  statuses: z.string().max(500).regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200,204.'),
  withinMs: z.number().int().min(50).max(600_000),
  /** Headers that it must have, each with one of these values. */
  headers: z
    .array(z.strictObject({ name: headerName, oneOf: z.array(template).min(1).max(10) }))
    .max(20)
    .default([]),
  /** Its media type without parameters, such as `text/plain`; null for any. */
  contentType: z.string().max(200).nullable().default(null),
  /** Forms of its body of which it must have one; any body is right where there are none. `json` must have these members, and may have more. */
  bodies: z
    .array(z.strictObject({ kind: z.enum(['text', 'json']), value: template }))
    .max(10)
    .default([]),
});

/**
 * A handshake as data. Its templates may name `challenge` and `challengeNumber`, which are new each time, `challengeHmacHex` and
 * `challengeHmacBase64` (HMAC-SHA256 of the challenge under the endpoint's secret), `verifyToken`, `timestamp`, `timestampUnix` and
 * `timestampMs`.
 */
export const handshake = z.strictObject({
  id: z
    .string()
    .max(100)
    .regex(/^[a-z0-9_-]+$/, 'Use small letters, digits, - and _ for the id of a handshake.'),
  title: z.string().trim().min(1, 'Give the handshake a title.').max(200),
  /** When the system does it, and what a receiver has to do. */
  summary: z.string().max(1000).default(''),
  /** What the request is called in the log, and in headers that name the event. */
  eventType: eventName.default('handshake'),
  request: handshakeRequest,
  expect: handshakeExpectation,
});
export type Handshake = z.infer<typeof handshake>;

/** Something that was expected of the answer, and what came, as a sentence. */
export const handshakeCheck = z.strictObject({
  about: z.enum(['answer', 'status', 'header', 'contentType', 'body']),
  isMet: z.boolean(),
  message: z.string(),
});
export type HandshakeCheck = z.infer<typeof handshakeCheck>;

/** A handshake in a list. */
export const handshakeInfo = z.strictObject({
  ...handshake.pick({ id: true, title: true, summary: true }).shape,
  /** Whether it is one of the endpoint's profile; others are of systems without a profile. */
  isOfProfile: z.boolean(),
  usesVerifyToken: z.boolean(),
});
export type HandshakeInfo = z.infer<typeof handshakeInfo>;

export const handshakeResult = z.strictObject({
  id: z.string(),
  title: z.string(),
  isPassed: z.boolean(),
  /** In one sentence, why it failed or that it passed. */
  message: z.string(),
  /** In the order in which they matter; without a whole answer there is only the one about it. */
  checks: z.array(handshakeCheck),
  /** The test in the log that it is kept as. */
  deliveryId: z.string(),
  /** The request and the answer. */
  attempt,
});
export type HandshakeResult = z.infer<typeof handshakeResult>;

export const handshakes = {
  list: base
    .route({
      method: 'GET',
      path: '/endpoints/{id}/handshakes',
      summary: 'The handshakes that an endpoint can perform: those of its profile first',
    })
    .input(z.strictObject({ id: z.string() }))
    .output(z.strictObject({ items: z.array(handshakeInfo) })),
  perform: base
    .route({
      method: 'POST',
      path: '/endpoints/{id}/handshake',
      summary: 'Ask the receiver what a system asks before it sends, and judge the answer; kept in the log as a test',
    })
    .input(
      z.strictObject({
        id: z.string(),
        /** By default the first one of the endpoint's profile. */
        handshake: z.string().max(100).optional(),
        /** What some systems let their users agree upon with them. */
        verifyToken: z.string().max(500).default('hookyard'),
      }),
    )
    .output(handshakeResult),
};
