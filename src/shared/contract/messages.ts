import { z } from 'zod';
import { givenJson, givenJsonText, answerJson, answerJsonText } from './json.ts';
import { base, givenBytes, headerFields, namedEndpoint, queryNumber } from './common.ts';
import { newTarget } from './endpoints.ts';
import { environmentChoice } from './environments.ts';
import { givenHead } from './given-head.ts';
import { eventName } from './events.ts';
import { messageAnswer, messageId } from './message-answer.ts';
import { deferrableText } from './deferred-text.ts';

/** One occurrence of an event. `bodyBase64` gives the exact body instead of a rendered one. `dataText` gives the data as JSON text. */
export const eventInput = {
  type: eventName,
  data: givenJson.default({}),
  dataText: givenJsonText,
  /** The data is a list, and each item of it the data of one event of this type: all of them go in one request. */
  isBatch: z.boolean().default(false),
  id: messageId.optional(),
  bodyBase64: givenBytes.optional(),
};

/** Messages that are looked at for those that no endpoint got, from the newest on. */
export const undeliveredLookedAt = 1000;

/** A message that no endpoint got. */
export const undeliveredMessage = z.strictObject({
  id: z.string(),
  type: z.string(),
  createdAtMs: z.number().int(),
  /** Why, or what has changed since, in a sentence. */
  why: z.string(),
  /** The endpoints that the sentence is about, the first five of them. */
  endpoints: z.array(namedEndpoint),
});
export type UndeliveredMessage = z.infer<typeof undeliveredMessage>;

export const messages = {
  send: base
    .route({
      method: 'POST',
      path: '/messages',
      successStatus: 202,
      summary: 'Send an event to every active endpoint that listens to it; returns once it is on disk',
    })
    .input(
      z.strictObject({
        ...eventInput,
        /** Send to these endpoints only, whatever they listen to. */
        endpointIds: z.array(z.string()).min(1).max(500).optional(),
        /** Or to a target that is not registered: an endpoint's fields without events and limits. It is kept for the log and the retries, but not listed. */
        target: newTarget.optional(),
        environment: environmentChoice,
        head: givenHead.optional(),
        /** The capture that this is a replay of; the delivery then names it. */
        sourceCaptureId: z.string().max(100).optional(),
      }),
    )
    .output(messageAnswer),
  withoutDelivery: base
    .route({
      method: 'GET',
      path: '/messages/without-delivery',
      summary: 'Messages among the newest 1,000 that no endpoint got, newest first, each with the current reason',
    })
    .input(z.strictObject({ limit: queryNumber(z.number().int().min(1).max(50)).default(20) }))
    .output(z.strictObject({ items: z.array(undeliveredMessage), total: z.number().int() })),
  get: base
    .route({ method: 'GET', path: '/messages/{id}', summary: 'Read a message' })
    .input(z.strictObject({ id: z.string() }))
    .output(
      z.strictObject({
        id: z.string(),
        type: z.string(),
        data: answerJson,
        dataText: answerJsonText,
        /** Whether the data is a list of the data of several events, which go in one request. */
        isBatch: z.boolean(),
        bodyBase64: deferrableText.nullable(),
        /** Method and headers that it brought along; null where the endpoint's fields make them. */
        head: z
          .strictObject({
            method: z.string(),
            headers: headerFields,
            isSigned: z.boolean(),
            isAuthenticated: z.boolean(),
            /** Path and query in place of those of the endpoint's URL, where a relay mapped them. */
            target: z.string().nullable(),
          })
          .nullable(),
        /** The capture that it brings; null for an event. */
        sourceCaptureId: z.string().nullable(),
        createdAtMs: z.number().int(),
        deliveries: messageAnswer.shape.deliveries,
      }),
    ),
};
