import { z } from 'zod';
import { base64 } from './common.ts';
import { endpointInput } from './endpoints.ts';
import { eventName } from './events.ts';
import { givenMethods } from './given-head.ts';
import { headerName, headerValue, refuseReserved } from './header-fields.ts';
import { binInput } from './bins.ts';
import { givenJson, givenJsonText } from './json.ts';
import { outcomeCode } from './outcome.ts';
import { jsonPlace, textPattern } from './request-match.ts';
import { secretReference } from './secret-reference.ts';
import { signing } from './signing.ts';
import { successRulePattern } from './success-rule.ts';
import { targetUrl } from './target-url.ts';
import { captureWait, longestWaitMs } from './waits.ts';

/** Steps of one run, at most. */
export const mostRunSteps = 500;

/** Bytes that the body of a step has at most in a file. */
export const runBodyBytes = 16_777_216;

/** Times that the gaps of a run can be shorter than they were. */
export const fastestRun = 1_000_000;

/** How long a step waits for what it expects, unless it says otherwise. */
export const usualStepMs = 10_000;

/** What `hookyard run` calls commands of its own. */
const commandNames: readonly string[] = ['save'];

export const runName = z
  .string()
  .max(80)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9._-])?$/,
    'Begin the name of a run with a letter or a digit; letters, digits, spaces, dots, - and _ may follow, and no space at the end.',
  )
  .refine((name) => !commandNames.includes(name), '"hookyard run save" is a command: choose another name.');

/** Name of an endpoint, or a URL. */
export const runTarget = z
  .string()
  .max(4096)
  .superRefine((to, context) => {
    if (!isRunUrl(to)) return;
    const parsed = targetUrl.safeParse(to);
    for (const { message } of parsed.error?.issues ?? []) context.addIssue({ code: 'custom', message });
  });

/** Whether a target is a URL, which may begin with a variable, and not the name of an endpoint. */
export function isRunUrl(to: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(to);
}

/** Values by their place in JSON, each of its own type; in texts, `*` stands for any characters, and `*` alone for any value. */
const jsonValues = z.record(jsonPlace, z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]));

const answerExpected = z.strictObject({
  /** Values of a JSON answer by their place, such as `$.ok: true`, which `"true"` is not; in texts, `*` stands for any characters. */
  json: jsonValues.optional(),
  /** The same as JSON text, for numbers that JavaScript cannot hold; a project in YAML can have them in `json`. */
  jsonText: z.record(jsonPlace, z.string().min(1).max(1000)).optional(),
  headers: z.record(headerName, textPattern).optional(),
  /** A text that the answer has somewhere. */
  contains: z.string().min(1).max(10_000).optional(),
});

/** What has to come of a step. Without `status`, `outcome` or `delivered: false`, it has to be delivered. */
export const stepExpected = z.strictObject({
  /** Of a whole answer: `200`, `2xx`, or a list such as `200-204,409`. */
  status: z
    .union([
      z.number().int().min(100).max(599),
      z.string().regex(successRulePattern, 'Use 2xx, 200, or a list of statuses and ranges such as 200-204,302.'),
    ])
    .optional(),
  /** What an attempt ends in, for what is not answered, or not to its end: `timeout`, `refused` ... */
  outcome: outcomeCode.optional(),
  /** True for success by the rule of the endpoint, after retries where it has some; false for an end in an answer that is none, or in `outcome`. */
  delivered: z.boolean().optional(),
  answer: answerExpected.optional(),
  /** How long an attempt takes at most, from its beginning to the end of the answer. */
  answeredWithinMs: z.number().min(0).max(600_000).optional(),
  /** How long all of this is waited for. */
  withinMs: z.number().int().min(1).max(longestWaitMs).default(usualStepMs),
});
export type StepExpected = z.infer<typeof stepExpected>;

const headerValues = z.record(headerName, z.union([headerValue, z.array(headerValue).min(1).max(100)])).superRefine(refuseReserved);

const bodyFields = ['data', 'dataText', 'body', 'bodyFile', 'bodyBase64'] as const;

const stepShape = {
  /** What reports call it. */
  name: z.string().trim().min(1, 'Give the step a name, or leave this out.').max(200).optional(),
  /** The event type; of a request, what it says itself. */
  event: eventName.optional(),
  /** How long after the step before, in real time; a run makes it shorter by its speed. */
  afterMs: z.number().int().min(0).max(31_536_000_000).default(0),
  /** Where to, in place of the target of the run. */
  to: runTarget.optional(),
  /** Data of the event, of which the endpoint makes the body ... */
  data: givenJson.optional(),
  /** ... the same as JSON text, for what YAML cannot say ... */
  dataText: givenJsonText,
  /** ... or the body, byte for byte: as text ... */
  body: z.string().optional(),
  /** ... from a file, by its path from the folder of the project ... */
  bodyFile: z.string().min(1).max(500).optional(),
  /** ... or in base64. */
  bodyBase64: base64.optional(),
  /** With a method, path or headers, the step is a request as it stands here; of the endpoint it gets the signature, the authentication and the secret headers. */
  method: z.enum(givenMethods).optional(),
  /** Path and query in place of those of the target. */
  path: z
    .string()
    .max(8192)
    // Of a path, the parser of URLs makes / of each backslash.
    .regex(
      /^\/[!"$->@-[\]-~]*(?:\?[!"$-~]*)?$/,
      'Begin the path with /, and write it as it goes on the wire: without spaces, #, and \\ before the query.',
    )
    .optional(),
  headers: headerValues.optional(),
  /** False sends it without a signature, or with the one that stands in its headers. */
  sign: z.boolean().default(true),
  /** How it is signed, in place of what the target says; with a secret. */
  signing: signing.optional(),
  secret: secretReference.optional(),
  /** Sends the message of that step once more, counted from 1: the same id and body. */
  again: z.number().int().min(1).max(mostRunSteps).optional(),
  expect: stepExpected.default({ withinMs: usualStepMs }),
};

type Step = { readonly [Field in keyof typeof stepShape]?: z.infer<(typeof stepShape)[Field]> };
type Complain = (path: readonly (string | number)[], message: string) => void;

const runStep = z.strictObject(stepShape).superRefine((step, context) => {
  checkStep(step, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }));
});
export type RunStep = z.infer<typeof runStep>;

function checkStep(step: Step, complain: Complain): void {
  const bodies = bodyFields.filter((field) => step[field] !== undefined);
  const request = (['method', 'path', 'headers'] as const).filter((field) => step[field] !== undefined);
  const [, second] = bodies;
  if (second !== undefined) complain([second], `Give one of ${bodies.join(' and ')}: each says what the body is.`);
  const [data] = bodies.filter((field) => field === 'data' || field === 'dataText');
  if (data !== undefined && request.length > 0)
    complain([data], `A request has a body: give it as body or bodyFile, or leave out ${request.join(' and ')}.`);
  if (step.event === undefined && request.length === 0 && step.again === undefined)
    complain(['event'], 'Say which event this is, or give the headers of a request.');
  if (step.secret !== undefined && step.signing === undefined) complain(['secret'], 'Say with which signing this secret is used.');
  if (step.signing !== undefined && step.secret === undefined) complain(['secret'], 'Say where the secret is, such as env:WEBHOOK_SECRET.');
  if (step.signing !== undefined && step.sign === false) complain(['sign'], 'Leave out sign: false, or signing.');
  const others = [...bodies, ...request, 'event', 'to', 'signing', 'secret'] as const;
  const other = others.find((field) => step[field as keyof Step] !== undefined);
  if (step.again !== undefined && other !== undefined)
    complain([other], `again sends the message of step ${step.again} as it was: leave ${other} out.`);
}

const { for: _for, binId: _binId, sinceMs: _sinceMs, afterId: _afterId, ...waitShape } = captureWait.shape;

/** What a bin has to have captured since the run began, such as what the receiver sends on. */
const captureExpected = z.strictObject({ bin: binInput.shape.slug.unwrap(), ...waitShape }).superRefine(({ bin, ...wait }, context) => {
  const parsed = captureWait.safeParse({ for: 'captures', binId: bin, ...wait });
  for (const { path, message } of parsed.error?.issues ?? []) context.addIssue({ code: 'custom', path: [...path], message });
});
export type CaptureExpected = z.infer<typeof captureExpected>;

/** A run: what is sent, in which order and with which gaps, and what has to come of it. */
export const run = z
  .strictObject({
    description: z.string().max(2000).optional(),
    /** Where to: the name of an endpoint of the workspace, or a URL. */
    to: runTarget.optional(),
    /** Of a URL: the profile whose envelope and headers events get. */
    profile: z.string().max(200).optional(),
    /** Of a URL: how requests are signed; with a secret. Null for not at all, whatever the profile says. */
    signing: signing.nullable().optional(),
    secret: secretReference.optional(),
    /** Of a URL. */
    verifyTls: z.boolean().optional(),
    /** Of a URL: time from the start of an attempt to the last byte of its answer. */
    timeoutMs: endpointInput.shape.timeoutMs.unwrap().optional(),
    /** How many times shorter the gaps between steps are. */
    speed: z.number().min(0.001).max(fastestRun).default(1),
    steps: z.array(runStep).min(1, 'Give at least one step.').max(mostRunSteps),
    /** What has to come of the whole. */
    expect: z.strictObject({ captures: z.array(captureExpected).max(20).default([]) }).optional(),
  })
  .superRefine((given, context) => {
    const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
    const ofUrl = (['profile', 'signing', 'secret', 'verifyTls', 'timeoutMs'] as const).find((field) => given[field] !== undefined);
    if (given.to !== undefined && !isRunUrl(given.to) && ofUrl !== undefined)
      complain([ofUrl], `An endpoint has its own: leave ${ofUrl} out, or give a URL in to.`);
    if (given.secret !== undefined && (given.signing === null || (given.signing === undefined && given.profile === undefined)))
      complain(['signing'], 'Say how to sign with the secret, such as { scheme: standard-webhooks }, or give a profile.');
    if (given.signing != null && given.secret === undefined) complain(['secret'], 'Say where the secret is, such as env:WEBHOOK_SECRET.');
    for (const [index, { again }] of given.steps.entries())
      if (again !== undefined && (again > index || given.steps[again - 1]?.again !== undefined))
        complain(['steps', index, 'again'], 'Give the number of a step before this one that sends a message of its own.');
  });
export type Run = z.infer<typeof run>;
