import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { eventNameForm } from '../names/event-name-form.ts';
import { base, ifUpdatedAtMs, pageOf, pageQuery, warnings } from './common.ts';
import { deferrableText } from './deferred-text.ts';
import { eventImport } from './event-import.ts';
import { givenJson, givenJsonText, isJson, json, JsonText, answerJson, answerJsonText, type Json } from './json.ts';

/** A name in the catalogue, such as `invoice.paid`. */
export const eventName = z.string().max(200).regex(eventNameForm, 'Use words joined by dots, such as invoice.paid.');

/** What is done about data that breaks the schema of its event type. */
export const dataCheck = z.enum(['off', 'warn', 'refuse']);
export type DataCheck = z.infer<typeof dataCheck>;

const sampleName = z.string().trim().min(1, 'Give the sample a name.').max(100);

/** A named sample payload: the `data` of a test event. */
const eventSample = z.strictObject({ name: sampleName, data: answerJson, dataText: answerJsonText });

/** A JSON Schema, which a door may write as text where it is large. */
const answerSchema = z.custom<Readonly<Record<string, Json>> | null>(
  (value) => value === null || value instanceof JsonText || (typeof value === 'object' && !Array.isArray(value) && isJson(value)),
  'Give a JSON Schema.',
);

export const eventType = z.strictObject({
  name: eventName,
  title: z.string().max(200),
  description: z.string().max(10_000),
  /** What it is listed under, such as a tag of the document that it was imported from. Empty for none. */
  group: z.string().max(200),
  /** The data of the first sample. */
  sample: answerJson,
  sampleText: answerJsonText,
  /** All samples, at least one; the first is used where none is named. */
  samples: z.array(eventSample).min(1, 'Give at least one sample.').max(50),
  /** JSON Schema of the data, or null. */
  schema: answerSchema,
  dataCheck,
  /** The title of the document that it was imported from; null for one that was added by hand. */
  source: z.string().nullable(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type EventType = z.infer<typeof eventType>;

/** An event type in a list. */
const eventTypeSummary = z.strictObject({
  ...eventType.pick({ name: true, title: true, description: true, group: true, dataCheck: true, source: true, updatedAtMs: true }).shape,
  hasSchema: z.boolean(),
  /** How many samples it has. */
  samples: z.number().int(),
});
export type EventTypeSummary = z.infer<typeof eventTypeSummary>;

/** A saved event type, with warnings about its schema and samples. */
const savedEventType = z.strictObject({ ...eventType.shape, warnings });

const givenSchema = namedValues(z.string(), json).nullable();
const givenSamples = z
  .array(z.strictObject({ name: sampleName, data: givenJson.optional(), dataText: givenJsonText }))
  .min(1, 'Give at least one sample.')
  .max(50)
  .refine((samples) => new Set(samples.map(({ name }) => name)).size === samples.length, 'Give each sample a name of its own.');

export const eventTypeInput = z.strictObject({
  name: eventName,
  title: eventType.shape.title.default(''),
  description: eventType.shape.description.default(''),
  group: eventType.shape.group.default(''),
  sample: givenJson.default({}),
  /** The sample as JSON text, in the place of `sample`. */
  sampleText: givenJsonText,
  /** Several named samples, in the place of `sample`. */
  samples: givenSamples.optional(),
  schema: givenSchema.default(null),
  dataCheck: dataCheck.default('warn'),
});

const listQuery = z.strictObject({ ...pageQuery, q: z.string().max(200).optional() });

export const eventTypes = {
  list: base
    .route({
      method: 'GET',
      path: '/event-types',
      summary: 'List event types by name; a page has fewer than `limit` where their schemas and samples are large',
    })
    .input(listQuery)
    .output(pageOf(eventType)),
  summaries: base
    .route({ method: 'GET', path: '/event-type-summaries', summary: 'List event types by name, without schemas and samples' })
    .input(listQuery)
    .output(pageOf(eventTypeSummary)),
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
        title: eventType.shape.title.optional(),
        description: eventType.shape.description.optional(),
        group: eventType.shape.group.optional(),
        /** Replaces the data of the first sample. */
        sample: givenJson.optional(),
        sampleText: givenJsonText,
        /** Replaces all samples. */
        samples: givenSamples.optional(),
        schema: givenSchema.optional(),
        dataCheck: dataCheck.optional(),
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
  ...eventImport,
  propose: base
    .route({
      method: 'POST',
      path: '/event-types/propose',
      summary: 'Propose an event type from a captured request, and save nothing',
      description:
        'The sample is the JSON of its body with all digits; the schema is inferred from it. Change what does not fit, and create it.',
    })
    .input(z.strictObject({ captureId: z.string(), name: eventName.optional() }))
    .output(
      z.strictObject({
        eventType: z.strictObject({
          name: eventName,
          samples: z.array(z.strictObject({ name: sampleName, dataText: deferrableText })),
          schema: answerSchema,
        }),
        /** Whether the catalogue has an event type of that name, to which the body can be added as a sample. */
        isKnown: z.boolean(),
        /** What was assumed or left open, each a sentence. */
        notes: z.array(z.string()),
      }),
    ),
  addSample: base
    .route({
      method: 'POST',
      path: '/event-types/{name}/samples',
      successStatus: 201,
      summary: 'Add a sample: the body of a captured request, or data',
    })
    .input(
      z
        .strictObject({
          name: eventName,
          /** The request whose body it is ... */
          captureId: z.string().optional(),
          /** ... or the data itself. */
          data: givenJson.optional(),
          dataText: givenJsonText,
          /** What the sample is called; by default `captured` or `saved`, with a number where there is one. */
          sample: sampleName.optional(),
        })
        .superRefine(({ captureId, data, dataText }, context) => {
          if ((captureId === undefined) === (data === undefined && dataText === undefined))
            context.addIssue({ code: 'custom', path: ['captureId'], message: 'Give captureId or data, and only one of them.' });
        }),
    )
    .output(z.strictObject({ ...savedEventType.shape, addedSample: z.string() })),
};
