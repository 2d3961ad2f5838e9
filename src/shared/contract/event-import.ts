import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './common.ts';

/** The most characters that the documents of one import may have together. */
export const importCharacters = 16_000_000;

const count = z.number().int();

/** An event type that a document describes, beside the one that the catalogue has. */
const importedType = z.strictObject({
  name: z.string(),
  title: z.string(),
  group: z.string(),
  hasSchema: z.boolean(),
  samples: count,
  /** What was changed or left out in reading it, in sentences. */
  notes: z.array(z.string()),
  /** Whether the import takes it over; by default all but those that would undo what somebody wrote by hand. */
  isChosen: z.boolean(),
});

/** The parts of an event type that an import writes. */
const importedPart = z.enum(['title', 'description', 'group', 'schema', 'samples']);

const changedType = z.strictObject({
  ...importedType.shape,
  /** In what the document differs from the catalogue. */
  changes: z.array(importedPart),
  /** The one in the catalogue was added or changed by hand. */
  isEdited: z.boolean(),
});

const removedType = z.strictObject({ ...importedType.pick({ name: true, title: true, isChosen: true }).shape, isEdited: z.boolean() });

const readDocument = z.strictObject({
  /** The file it was read from; null for pasted text. */
  file: z.string().nullable(),
  /** Such as `OpenAPI 3.1.0` or `JSON Schema`. */
  format: z.string(),
  /** Its title, by which a later import of the same document is recognised; null where it has none. */
  source: z.string().nullable(),
});

/** What an import does, or did. */
export const importResult = z.strictObject({
  dryRun: z.boolean(),
  documents: z.array(readDocument),
  added: z.array(importedType),
  changed: z.array(changedType),
  /** Those that an earlier import of the same source brought, and that it no longer has. */
  removed: z.array(removedType),
  /** Names of those that are as in the documents already. */
  unchanged: z.array(z.string()),
  /** What could not be understood or was left out, with the reason. */
  leftOut: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  /** By which the import can be undone until the next one, or until Hookyard ends; null where nothing was written, or too much to be kept. */
  undoId: z.string().nullable(),
});
export type ImportResult = z.infer<typeof importResult>;
export type ImportedPart = z.infer<typeof importedPart>;

/** How far an import is: documents read, event types found in them, event types written. */
const importProgress = z.strictObject({
  kind: z.literal('progress'),
  phase: z.enum(['reading', 'finding', 'writing']),
  done: count,
  total: count,
});
export type ImportProgress = z.infer<typeof importProgress>;

const importEvent = z.discriminatedUnion('kind', [importProgress, z.strictObject({ kind: z.literal('result'), result: importResult })]);
export type ImportEvent = z.infer<typeof importEvent>;

const importInput = z.strictObject({
  /** One document. */
  text: z.string().max(importCharacters, 'The document is over the limit of 16 million characters.').optional(),
  /** Or several, which may refer to each other by their names. */
  files: z
    .array(z.strictObject({ name: z.string().min(1, 'Give each file a name.').max(500), text: z.string() }))
    .min(1, 'Give at least one file.')
    .max(1000)
    .optional(),
  /** Only say what the import would do. */
  dryRun: z.boolean().default(false),
  /** Take over these only: names of what it lists as added, changed or removed. */
  only: z.array(z.string().max(200)).max(10_000).optional(),
});
export type ImportInput = z.infer<typeof importInput>;

/** Importing event types from descriptions of webhooks. */
export const eventImport = {
  import: base
    .route({
      method: 'POST',
      path: '/event-types/import',
      summary: 'Import event types from OpenAPI, AsyncAPI, JSON Schema or JSON samples',
      description: 'Nothing is fetched: references to other documents lead to the given files, and others are left out and named.',
    })
    .input(importInput)
    .output(importResult),
  undoImport: base
    .route({
      method: 'POST',
      path: '/event-types/import/undo',
      summary: 'Undo the last import: what it added goes, and what it changed or removed is as it was before',
    })
    .input(z.strictObject({ undoId: z.string().max(100) }))
    .output(
      z.strictObject({
        removed: z.array(z.string()),
        restored: z.array(z.string()),
        /** Changed, deleted or added anew since the import: these stay as they are. */
        left: z.array(z.string()),
      }),
    ),
  importInSteps: base
    .route({
      method: 'POST',
      path: '/event-types/import/steps',
      summary: 'The same, with progress',
      description: 'Returns server-sent events: progress, then one result. Reading ends when the caller disconnects.',
    })
    .input(importInput)
    .output(eventIterator(importEvent)),
};
