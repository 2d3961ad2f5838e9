import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery, warnings } from './common.ts';
import { givenJson, givenJsonText, json, toldJson, toldJsonText } from './json.ts';

/** What a name in the catalogue looks like. */
export const eventNameForm = /^[A-Za-z0-9_\-/:]+(\.[A-Za-z0-9_\-/:]+)*$/;

/** A name in the catalogue, such as `invoice.paid`. */
export const eventName = z.string().max(200).regex(eventNameForm, 'Use words joined by dots, such as invoice.paid.');

export const eventType = z.strictObject({
  name: eventName,
  description: z.string().max(2000),
  /** Sample payload: the `data` of a test event. */
  sample: toldJson,
  sampleText: toldJsonText,
  /** JSON Schema of the data, or null. */
  schema: z.record(z.string(), json).nullable(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type EventType = z.infer<typeof eventType>;

/** A saved event type, with warnings about its schema and sample. */
const savedEventType = z.strictObject({ ...eventType.shape, warnings });

export const eventTypeInput = z.strictObject({
  name: eventName,
  description: eventType.shape.description.default(''),
  sample: givenJson.default({}),
  /** The sample as JSON text, in the place of `sample`. */
  sampleText: givenJsonText,
  schema: eventType.shape.schema.default(null),
});

export const eventTypes = {
  list: base
    .route({ method: 'GET', path: '/event-types', summary: 'List event types by name' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(eventType)),
  get: base
    .route({ method: 'GET', path: '/event-types/{name}', summary: 'Read an event type' })
    .input(z.strictObject({ name: eventName }))
    .output(eventType),
  create: base
    .route({ method: 'POST', path: '/event-types', successStatus: 201, summary: 'Add an event type' })
    .input(eventTypeInput)
    .output(savedEventType),
  update: base
    .route({ method: 'PATCH', path: '/event-types/{name}', summary: 'Change an event type' })
    .input(
      z.strictObject({
        name: eventName,
        ifUpdatedAtMs,
        description: eventType.shape.description.optional(),
        sample: givenJson.optional(),
        sampleText: givenJsonText,
        schema: eventType.shape.schema.optional(),
      }),
    )
    .output(savedEventType),
  remove: base
    .route({
      method: 'DELETE',
      path: '/event-types/{name}',
      summary: 'Delete an event type; messages sent with it stay',
    })
    .input(z.strictObject({ name: eventName }))
    .output(z.strictObject({ name: z.string() })),
};
