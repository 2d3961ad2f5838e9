import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { base } from './common.ts';
import { json } from './json.ts';
import { projectKinds } from './project-file.ts';

/** Characters that the files of a project may have together. */
export const projectCharacters = 16_000_000;

/** Characters that a secret of a project has at most. */
export const secretCharacters = 400_000;

/** Reads of one project that are known at most; others are new each time. */
export const mostKnownReads = 1000;

/** A file by the name that errors give it. */
export const givenFile = z.strictObject({ name: z.string().min(1, 'Give each file a name.').max(500), text: z.string() });

/** A project in one of three forms. */
export const projectTexts = {
  /** The project as one file in YAML or JSON ... */
  text: z.string().optional(),
  /** ... or as several, whose names are told with errors ... */
  files: z.array(givenFile).min(1, 'Give at least one file.').max(1000).optional(),
  /** ... or as an object. */
  document: namedValues(z.string(), json).optional(),
};

/** A place in a file, counted from 1. */
export const place = z.strictObject({ file: z.string(), line: z.number().int(), column: z.number().int() });

/** A value that is another, as JSON text; a secret is never told. */
const fieldChange = z.strictObject({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() });

/**
 * References that have no value where the project is applied, such as a variable that is not set there. The secret that the workspace has in the
 * place of one stays, like one that the project leaves out; where it has none, the reference is refused as missing.
 */
const unset = z.array(z.string().max(4100)).max(100_000).default([]);

/** What becomes of one thing. */
export const projectChange = z.strictObject({
  kind: z.enum(projectKinds),
  name: z.string(),
  action: z.enum(['create', 'change', 'remove']),
  /** The values that differ, of a thing that is changed; the first 50. */
  fields: z.array(fieldChange),
  /** `planned` in a dry run. After the first that failed, the others are `not-done`. */
  state: z.enum(['planned', 'done', 'failed', 'not-done']),
  /** Why it failed; null for the others. */
  message: z.string().nullable(),
});
export type ProjectChange = z.infer<typeof projectChange>;

/** Something that is read for a project: a secret, or the body of a step. */
const projectRead = z.strictObject({
  /**
   * `env:NAME`, `file:PATH`, or `vault:ENVIRONMENT/VARIABLE` for a secret variable of the workspace. `kept:KIND.NAME.FIELD` is another secret that
   * the workspace has, where applying the project leaves it as it is and sends it, or what it signs, to other hosts.
   */
  what: z.string(),
  /** What it is for, such as `endpoints.Shop` or `runs.refund`. */
  thing: z.string(),
  /**
   * Hosts that get it or what it signs, with `http://` where it goes over a network in clear, and ` (any certificate)` where that of the host is not
   * checked; of a URL with variables also its text, long ones cut in the middle. Empty where no URL of the project does. Of what stays in the workspace only those that did not get it before.
   */
  hosts: z.array(z.string()),
  /** Of these three, and of all that decides which hosts they are and who can read what they get. Empty where a file of the project decides it: then it is never known. */
  key: z.string(),
  /** It was read before, for the same thing and the same hosts. */
  isKnown: z.boolean(),
});
export type ProjectRead = z.infer<typeof projectRead>;

/** A run whose reads are asked for, with the target that it gets in place of its own. */
const askedRun = z.strictObject({ name: z.string().max(200), to: z.string().max(4096).optional() });

/** Where a project is, by which its reads are known: the path of its folder. */
const projectAt = z.string().min(1).max(4096);

/** What applying a project does, or did. */
export const applyResult = z.strictObject({
  dryRun: z.boolean(),
  /** Whether the workspace is as the project says now, or would be; false where something failed. */
  isComplete: z.boolean(),
  changes: z.array(projectChange),
  /** Things that are as the project says. */
  unchanged: z.number().int(),
  /** Things of the workspace that the project does not have: they stay, unless they are pruned. */
  others: z.array(z.strictObject({ kind: z.enum(projectKinds), name: z.string() })),
  /** Secrets that stay as the workspace has them, since their reference is `unset`; each with a sentence. */
  kept: z.array(
    z.strictObject({ reference: z.string(), kind: z.enum(projectKinds), name: z.string(), path: z.string(), message: z.string() }),
  ),
  /** Of these changes; removing takes that of a dry run. */
  planId: z.string(),
  /** In a sentence. */
  message: z.string(),
});
export type ApplyResult = z.infer<typeof applyResult>;

/** A workspace as a file of a project, and reading and applying one. */
export const project = {
  get: base
    .route({ method: 'GET', path: '/project', summary: 'The workspace as the file of a project, in YAML; secrets are references' })
    .output(
      z.strictObject({
        text: z.string(),
        /** What the file refers to, such as `env:SHOP_SECRET`. */
        secrets: z.array(z.string()),
      }),
    ),
  writeOver: base
    .route({
      method: 'POST',
      path: '/project/text',
      summary: 'The workspace as the file of a project, with the runs and documents that the file has now',
      description:
        'Runs and the names in `eventTypesFrom` are of the file and not of the workspace, so they stay as they stand there, comments included. Event types that are in the workspace as these documents bring them are not written, nor those that the same documents brought before they were edited: they are left to the document. A document whose text is not given is left out. Nothing is saved.',
    })
    .input(
      z.strictObject({
        current: givenFile,
        /** Texts of the documents of `eventTypesFrom`, by the names that it gives them. */
        documents: z.array(givenFile).max(1000).default([]),
      }),
    )
    .output(
      z.strictObject({
        text: z.string(),
        secrets: z.array(z.string()),
        /** The documents that the file names, whether they stay or not. */
        documents: z.array(z.string()),
        /** What is not as it was, such as a document that is left out, each a sentence. */
        notes: z.array(z.string()),
      }),
    ),
  references: base
    .route({
      method: 'POST',
      path: '/project/references',
      summary: 'Say which secrets and documents the files of a project refer to, or what is wrong with the files',
    })
    .input(z.strictObject(projectTexts))
    .output(
      z.strictObject({
        secrets: z.array(z.strictObject({ reference: z.string(), place })),
        documents: z.array(z.strictObject({ name: z.string(), place })),
      }),
    ),
  reads: base
    .route({
      method: 'POST',
      path: '/project/reads',
      summary: 'Say what is read for a project, or for some of its runs, and to which hosts it goes',
      description:
        'The engine reads nothing of it: whoever applies the project or runs the run does, and hands the values in. Ask whoever is there before you read for a project that somebody else wrote.',
    })
    .input(
      z.strictObject({
        ...projectTexts,
        at: projectAt.optional(),
        /** Of these runs, told by the `thing` of each read, such as `runs.refund`; otherwise of applying the project. */
        runs: z.array(askedRun).min(1, 'Name a run, or leave runs out.').max(10_000).optional(),
        unset,
      }),
    )
    .output(z.strictObject({ reads: z.array(projectRead) })),
  noteReads: base
    .route({ method: 'POST', path: '/project/reads/known', summary: 'Keep that these were read for the project of a place' })
    .input(z.strictObject({ at: projectAt, keys: z.array(z.string().max(100)).max(mostKnownReads) }))
    .output(z.strictObject({ known: z.number().int() })),
  apply: base
    .route({
      method: 'POST',
      path: '/project/apply',
      summary: 'Make the workspace as a project says, or with `dryRun` say what that would change',
      description:
        'What the project does not have stays, unless `prune` is set. Nothing is done where an entry is wrong or a secret is missing; one that is `unset` stays as the workspace has it. Otherwise one thing is changed after the other, and the first that is refused ends it; the answer says what was done.',
    })
    .input(
      z.strictObject({
        ...projectTexts,
        dryRun: z.boolean().default(false),
        /** Remove what the project does not have; needs the `planId` of a dry run with it. */
        prune: z.boolean().default(false),
        planId: z.string().max(100).optional(),
        /** Values of the secrets that the project refers to, by reference, such as `env:SHOP_SECRET`; `vault:` ones are of the workspace. */
        secrets: namedValues(z.string().max(4100), z.string().max(secretCharacters)).default({}),
        unset,
        /** Texts of the documents of `eventTypesFrom`, by the names that it gives them. */
        documents: z.array(givenFile).max(1000).default([]),
      }),
    )
    .output(applyResult),
};
