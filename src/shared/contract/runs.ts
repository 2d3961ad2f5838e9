import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { captureFields } from './capture-filter.ts';
import { base, base64 } from './common.ts';
import { deliveryFilter } from './delivery-filter.ts';
import { deliveryStatus } from './delivery-status.ts';
import { fastestRun, mostRunSteps, runName, runTarget } from './project-runs.ts';
import { givenFile, place, projectTexts, secretCharacters } from './project.ts';
import { nearestMiss } from './waits.ts';

/** A step of a run in a few words. */
const stepOutline = {
  title: z.string(),
  /** Its own target, in place of that of the run; null where it has none. */
  to: z.string().nullable(),
  /** The gap before it, in real time. */
  afterMs: z.number().int(),
  /** What it expects, such as `status 200`. */
  expects: z.array(z.string()),
};

/** A run of a project, as far as a list shows it. */
export const runSummary = z.strictObject({
  name: z.string(),
  description: z.string().nullable(),
  /** An endpoint or a URL; null where each step says its own. */
  to: z.string().nullable(),
  steps: z.number().int(),
  /** The steps in order. */
  outline: z.array(z.strictObject(stepOutline)),
  /** All gaps together, in real time. */
  gapsMs: z.number().int(),
  speed: z.number(),
  place,
  /** References of its secrets, whose values running it takes. */
  secrets: z.array(z.string()),
  /** Files with bodies, whose bytes running it takes: paths from the folder of the project. */
  bodyFiles: z.array(z.string()),
});
export type RunSummary = z.infer<typeof runSummary>;

const judged = {
  number: z.number().int(),
  title: z.string(),
  isMet: z.boolean(),
  /** What came out, in a sentence. */
  message: z.string(),
  /** What came closest, and what it lacks; null where it is met, and where nothing came. */
  nearest: nearestMiss.nullable(),
  tookMs: z.number(),
};

/** The body of an answer, as far as a report shows it. */
export const runAnswer = z.strictObject({
  /** Unpacked: the first 1,000 characters and 20 lines of it, with `…` behind them where there is more; null where it is no text. */
  text: z.string().nullable(),
  /** As it came. */
  bytes: z.number().int(),
});
export type RunAnswer = z.infer<typeof runAnswer>;

/** What a report of a run is made of, as it comes. */
const runReport = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    /** Begins the ids of its messages, so that the log finds them by it. */
    id: z.string(),
    name: z.string(),
    /** Where to, in words. */
    to: z.string(),
    steps: z.number().int(),
    /** Of the steps in order. */
    titles: z.array(z.string()),
    /** Of what is expected of the whole, in order. */
    wholeTitles: z.array(z.string()),
    gapsMs: z.number().int(),
    /** How many times shorter the gaps are; null for none at all. */
    speed: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('step'),
    ...judged,
    messageId: z.string().nullable(),
    deliveryId: z.string().nullable(),
    /** Of its delivery when the step was decided; null where there is none. */
    state: deliveryStatus.nullable(),
    attempts: z.number().int(),
    /** Of the last answer; null without one. */
    status: z.number().int().nullable(),
    /** The last answer, without secrets that it repeats; null where the step is met, and where nothing was answered. */
    answer: runAnswer.nullable(),
    /** From the start of the run until it was sent. */
    sentAfterMs: z.number(),
  }),
  /** What is expected of the whole, once all steps are decided. */
  z.strictObject({ kind: z.literal('whole'), ...judged }),
  z.strictObject({
    kind: z.literal('ended'),
    isMet: z.boolean(),
    met: z.number().int(),
    total: z.number().int(),
    tookMs: z.number(),
    /** In a sentence. */
    message: z.string(),
  }),
]);
export type RunReport = z.infer<typeof runReport>;

/** What a run is waiting for now; each takes the place of the one before. */
const runWaiting = z.strictObject({
  kind: z.literal('waiting'),
  number: z.number().int(),
  title: z.string(),
  /** The gap before a step; the end of an attempt, or its begin where an endpoint lets none begin yet; the next attempt; or captures of the whole. */
  for: z.enum(['gap', 'attempt', 'retry', 'captures']),
  /** That the step has made. */
  attempts: z.number().int(),
  /** Of the last answer; null without one. */
  status: z.number().int().nullable(),
  /** Until the gap is over, or the next attempt begins; null where that is not known. */
  nextInMs: z.number().nullable(),
  /** How long a step, or what is expected of the whole, is waited for at most; null for a gap. */
  leftMs: z.number().nullable(),
});
export type RunWaiting = z.infer<typeof runWaiting>;

/** What happens while a run is under way. */
export const runEvent = z.discriminatedUnion('kind', [runReport, runWaiting]);
export type RunEvent = z.infer<typeof runEvent>;

/** What a run that is written expects of each step. */
const expectations = z.strictObject({
  /** The status that was answered; otherwise only that it is delivered. */
  status: z.boolean().default(true),
  /** The values at the top of a JSON answer. */
  answer: z.boolean().default(false),
  /** That an answer takes no longer than the next round time. */
  time: z.boolean().default(false),
  /** Where a delivery failed: that it is delivered, as it is once its receiver is mended. Otherwise that it fails in the same way. */
  fixed: z.boolean().default(false),
});

const logId = z.string().max(100);

/** Deliveries and captures that become the steps of a run, in the order in which they were made. */
const runSources = {
  deliveryIds: z.array(logId).min(1).max(mostRunSteps).optional(),
  /** Or those that a filter finds. */
  deliveryFilter: z.strictObject(deliveryFilter).optional(),
  captureIds: z.array(logId).min(1).max(mostRunSteps).optional(),
  captureFilter: z.strictObject(captureFields).optional(),
};

/** A run as it was written of the log. */
export const writtenRun = z.strictObject({
  name: z.string(),
  /** The run in YAML, under `runs:`. It holds no secret, and no header that lets its bearer in. */
  text: z.string(),
  /** The file that was given, with the run in it; null without one. */
  fileText: z.string().nullable(),
  /** Bodies that do not stand in the text, by their path from the folder of the project. */
  bodies: z.array(z.strictObject({ path: z.string(), bytes: z.number().int(), contentBase64: z.string() })),
  steps: z.array(
    z.strictObject({
      ...stepOutline,
      /** The delivery or capture that it was made of. */
      sourceId: z.string(),
      atMs: z.number().int(),
      bodyBytes: z.number().int(),
    }),
  ),
  /** How many of the deliveries failed. */
  failed: z.number().int(),
  to: z.string(),
  gapsMs: z.number().int(),
  speed: z.number(),
  /** References of secrets that running it takes. */
  secrets: z.array(z.string()),
  /** What is other than it was, and what to look out for, each a sentence. */
  notes: z.array(z.string()),
});
export type WrittenRun = z.infer<typeof writtenRun>;

/** Tests of a project: sequences of deliveries with what has to come of them. */
export const runs = {
  list: base
    .route({ method: 'POST', path: '/runs/list', summary: 'List the runs that the files of a project have' })
    .input(z.strictObject(projectTexts))
    .output(z.strictObject({ items: z.array(runSummary) })),
  write: base
    .route({
      method: 'POST',
      path: '/runs/write',
      summary: 'Write deliveries or captures as a run of a project, and save nothing',
      description:
        'Bodies, order, gaps and what was answered become the steps. Signatures are left out, since running it signs anew; secrets are references. With `file`, the answer has its text with the run in it; nothing else of it is changed.',
    })
    .input(
      z.strictObject({
        name: runName,
        ...runSources,
        /** Where the run sends to: an endpoint by its name, or a URL; by default where the deliveries went. */
        to: runTarget.min(1).optional(),
        expect: expectations.prefault({}),
        file: givenFile.optional(),
        /** Put it in the place of a run of this name. */
        replace: z.boolean().default(false),
      }),
    )
    .output(writtenRun),
  run: base
    .route({
      method: 'POST',
      path: '/runs',
      summary: 'Run a run of a project, with an event for each step as it is decided',
      description:
        'Each step is a delivery of the log, marked as a test: it is retried as its endpoint is, and has no consequence for it. It ends when the caller leaves; what was not delivered by then is cancelled.',
    })
    .input(
      z.strictObject({
        ...projectTexts,
        name: z.string().max(200),
        /** Another target: an endpoint by its name or id, or a URL. */
        to: runTarget.min(1).optional(),
        /** In place of the speed of the run. */
        speed: z.number().min(0.001).max(fastestRun).optional(),
        /** Whether there are gaps at all. */
        gaps: z.boolean().default(true),
        /** Whether it also tells what it is waiting for. */
        progress: z.boolean().default(false),
        /** Values of its secrets by their reference, such as `env:SHOP_SECRET`; `vault:` ones are of the workspace. */
        secrets: namedValues(z.string().max(4100), z.string().max(secretCharacters)).default({}),
        /** Bodies of its files by their path. */
        bodies: z
          .array(z.strictObject({ name: z.string().min(1).max(500), contentBase64: base64 }))
          .max(mostRunSteps)
          .default([]),
      }),
    )
    .output(eventIterator(runEvent)),
};
