import { z } from 'zod';
import { base, base64, headerFields, pageOf, pageQuery, queryNumber } from './common.ts';
import { newTarget } from './endpoints.ts';
import { eventName } from './events.ts';
import { givenJson, givenJsonText } from './json.ts';
import { outcome } from './outcome.ts';
import { secretText } from './signing.ts';

/** What a case is about; the cases are made and shown in this order. */
export const checkFamily = z.enum([
  'genuine',
  'signature',
  'time',
  'rotation',
  'encoding',
  'identity',
  'transport',
  'variants',
  'data',
  'answering',
]);

/** Whether a receiver that does otherwise is wrong, or only worse than it could be. */
export const checkLevel = z.enum(['must', 'should']);
export type CheckLevel = z.infer<typeof checkLevel>;

/**
 * `failed` is about a must and `advice` about a should; `noted` has nothing right or wrong about it; `skipped` does not apply, and its
 * message says why; `undecided` applies, but the answers did not tell: the receiver limits its rate, or does not answer the same request alike.
 */
export const caseResult = z.enum(['passed', 'failed', 'advice', 'noted', 'skipped', 'undecided']);
export type CaseResult = z.infer<typeof caseResult>;

/** A case of the catalogue. */
export const checkCase = z.strictObject({
  id: z.string(),
  family: checkFamily,
  level: checkLevel,
  title: z.string(),
  /** What a correct receiver does. */
  expects: z.string(),
  /** Why it matters. */
  why: z.string(),
});
export type CheckCase = z.infer<typeof checkCase>;

/** A request that was sent and how it was answered. Bodies are shown to a length, their true size stands beside. */
export const checkExchange = z.strictObject({
  /** The delivery in the log; null for a request that was written to the wire in a way of its own. */
  deliveryId: z.string().nullable(),
  /** How it was sent where that was not as usual, such as in chunks; null as usual. */
  sentHow: z.string().nullable(),
  request: z.strictObject({
    method: z.string(),
    url: z.string(),
    headers: headerFields,
    bodyBase64: base64,
    bodyBytes: z.number().int(),
  }),
  outcome,
  /** Null when no answer came. */
  answer: z.strictObject({ status: z.number().int(), headers: headerFields, bodyBase64: base64, bodyBytes: z.number().int() }).nullable(),
  durationMs: z.number().nullable(),
});
export type CheckExchange = z.infer<typeof checkExchange>;

/** The smallest difference from an event that is taken with which another one is not, although its schema allows both. */
export const checkFinding = z.strictObject({
  id: z.string(),
  level: checkLevel,
  /** What it does and when, such as "It answers 500 when `customer.email` is null; with a number there it answers 200." */
  message: z.string(),
  /** What is different, and where in the data of the event. */
  places: z.array(z.strictObject({ path: z.string(), is: z.string() })).min(1),
  /** The delivery that was not taken; null in checks from before this was kept. */
  deliveryId: z.string().nullable(),
  /** Whether it took the same request when that was sent again. */
  isFlaky: z.boolean(),
  eventType: z.string(),
  /** The data of the event as JSON, with all digits. */
  dataText: z.string(),
});
export type CheckFinding = z.infer<typeof checkFinding>;

/** A case as it came out. */
export const caseOutcome = z.strictObject({
  ...checkCase.shape,
  /** 1 for the first of the check. */
  number: z.number().int(),
  result: caseResult,
  /** What was seen, or why it was skipped, in a sentence. */
  message: z.string(),
  exchanges: z.array(checkExchange),
  /** The deliveries of these whose answers are other than the case expects. */
  unmet: z.array(z.string()),
  /** Calls of the receiver that the bin of effects captured while the case was at work; null where none were counted. */
  effects: z.number().int().nullable(),
  /** Of cases that try many variants of an event: those that are not taken. */
  findings: z.array(checkFinding),
  durationMs: z.number(),
});
export type CaseOutcome = z.infer<typeof caseOutcome>;

/** What a receiver does wrong, as the answers to several cases show it. */
export const defect = z.strictObject({
  id: z.string(),
  level: checkLevel,
  title: z.string(),
  /** What it seems to do, and from which answers that follows. */
  message: z.string(),
  /** What to change. */
  fix: z.string(),
  /** The cases whose answers show it, by their ids. */
  evidence: z.array(z.string()).min(1),
  /** Whether receiver code that verifies the scheme shows how it is done right. */
  isAboutVerifying: z.boolean(),
});
export type Defect = z.infer<typeof defect>;

/**
 * `stopped` where the genuine request was refused or the receiver went away; `interrupted` by the end of Hookyard. All but `running` have
 * ended.
 */
export const checkStatus = z.enum(['running', 'completed', 'stopped', 'cancelled', 'timed-out', 'interrupted']);
export type CheckStatus = z.infer<typeof checkStatus>;

const counts = z.strictObject({
  passed: z.number().int(),
  failed: z.number().int(),
  advice: z.number().int(),
  noted: z.number().int(),
  skipped: z.number().int(),
  undecided: z.number().int(),
});

/** A check of a receiver. */
export const check = z.strictObject({
  id: z.string(),
  status: checkStatus,
  /** Why it did not complete, in a sentence; null when it did, or goes on. */
  reason: z.string().nullable(),
  /** What it waits for while it runs, in a sentence, such as a receiver that limits its rate; null where it does not wait. */
  waiting: z.string().nullable(),
  /** The endpoint that it is of; null for a URL. */
  endpointId: z.string().nullable(),
  name: z.string(),
  url: z.string(),
  profile: z.string().nullable(),
  /** The scheme that requests are signed by; null without a signature. */
  scheme: z.string().nullable(),
  eventType: z.string(),
  seed: z.number().int(),
  /** How many cases there are, and how many of them have come out. */
  total: z.number().int(),
  done: z.number().int(),
  counts,
  defects: z.array(defect),
  creator: z.string(),
  createdAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
});
export type Check = z.infer<typeof check>;

/** A check with its cases. */
export const checkDetail = z.strictObject({
  ...check.shape,
  /** Options of the scheme, as `snippets` takes them for receiver code; null without a scheme. */
  schemeOptions: z.record(z.string(), z.json()).nullable(),
  cases: z.array(caseOutcome),
});
export type CheckDetail = z.infer<typeof checkDetail>;

/** Cases that are run or left out, by their ids or their families. */
const caseNames = z.array(z.string().min(1).max(100)).min(1).max(200);

export const newCheck = z
  .strictObject({
    /** An endpoint, which is not changed and whose health failures in a check leave alone ... */
    endpointId: z.string().max(100).optional(),
    /** ... or a target that is not registered, with its secret. */
    target: newTarget.optional(),
    /** The event that is sent: that of a sample where it is left out. */
    eventType: eventName.optional(),
    sample: z.string().max(100).optional(),
    data: givenJson.optional(),
    dataText: givenJsonText,
    /** The secret from before a rotation. Without it, nothing is said of old secrets. */
    previousSecret: secretText.optional(),
    /** What the receiver expects in handshakes such as that of Meta. */
    verifyToken: z.string().min(1).max(500).optional(),
    /** The bin that the receiver calls once for each event that it acts on, so that effects can be counted. */
    effectBinId: z.string().max(100).optional(),
    /** What is made up, such as wrong secrets and the order of events, is the same for the same seed. */
    seed: z.number().int().min(0).max(4_294_967_295).optional(),
    /** How many variants of the event are made from its JSON Schema, where its event type has one. */
    variants: z.number().int().min(10).max(500).default(60),
    /** How long the whole check may take. */
    timeoutMs: z.number().int().min(1000).max(3_600_000).default(300_000),
    /** How long one request may take; that of the endpoint or profile where it is left out, and at most 30 seconds. */
    requestTimeoutMs: z.number().int().min(50).max(600_000).optional(),
    /** Go on when the genuine request is refused. */
    isWhole: z.boolean().default(false),
    only: caseNames.optional(),
    without: caseNames.optional(),
  })
  .superRefine((input, context) => {
    if ((input.endpointId === undefined) === (input.target === undefined))
      context.addIssue({ code: 'custom', path: ['endpointId'], message: 'Give endpointId or target, and only one of them.' });
  });
export type NewCheck = z.infer<typeof newCheck>;

const id = z.strictObject({ id: z.string() });

export const checks = {
  start: base
    .route({
      method: 'POST',
      path: '/checks',
      successStatus: 202,
      summary: 'Check a receiver: send it genuine, forged and unusual requests, and say what it does wrong',
    })
    .input(newCheck)
    .output(check),
  list: base
    .route({ method: 'GET', path: '/checks', summary: 'List checks, newest first' })
    .input(z.strictObject(pageQuery))
    .output(pageOf(check)),
  catalogue: base
    .route({ method: 'GET', path: '/checks/cases', summary: 'List the cases that a check is made of' })
    .output(z.strictObject({ items: z.array(checkCase) })),
  get: base
    .route({ method: 'GET', path: '/checks/{id}', summary: 'Read a check with its cases' })
    .input(z.strictObject({ id: z.string(), afterCase: queryNumber(z.number().int().min(0)).default(0) }))
    .output(checkDetail),
  cancel: base.route({ method: 'POST', path: '/checks/{id}/cancel', summary: 'Cancel a check that goes on' }).input(id).output(check),
  remove: base
    .route({ method: 'DELETE', path: '/checks/{id}', summary: 'Remove a check; what it sent stays in the log' })
    .input(id)
    .output(id),
};
