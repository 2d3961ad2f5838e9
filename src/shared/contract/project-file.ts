import { z } from 'zod';
import { authInput, authPartInput, auth } from './auths.ts';
import { answerRuleInput, binAnswersInput } from './bin-answers.ts';
import { bin, binInput } from './bins.ts';
import { endpointInput, endpointPatch } from './endpoints.ts';
import { environment, variableName, variableValue } from './environments.ts';
import { eventName, eventTypeInput } from './events.ts';
import { headerName } from './header-fields.ts';
import { namedPolicy, namedPolicyInput } from './policies.ts';
import { profileInput } from './profiles.ts';
import { relayInput } from './relays.ts';
import { relayTargetInput, targetUrlFields } from './relay-targets.ts';
import { retryPolicy } from './retry.ts';
import { retryPresetNames, type RetryPresetName } from './retry-choice.ts';
import { run, runName } from './project-runs.ts';
import { secretReference } from './secret-reference.ts';

/** Fields of a part of an authentication that are secret. */
export const secretPartFields = [
  'secret',
  'password',
  'token',
  'value',
  'clientSecret',
  'certificate',
  'privateKey',
  'pkcs12Base64',
  'passphrase',
] as const;

type PartShape = (typeof authPartInput)['options'][number];

/** A part whose secrets are references. */
function withReferences(part: PartShape) {
  const hidden = Object.fromEntries(
    secretPartFields.filter((field) => field in part.shape).map((field) => [field, secretReference.optional()]),
  );
  return part.extend(hidden);
}

const [firstPart, ...otherParts] = authPartInput.options;

/** As an endpoint or target has it, where a policy of the workspace goes by its name. */
const retryPolicyByName = z.union([
  z.enum(retryPresetNames as [RetryPresetName, ...RetryPresetName[]]),
  z.discriminatedUnion('kind', [...retryPolicy.options, z.strictObject({ kind: z.literal('named'), policy: namedPolicy.shape.name })]),
]);

const targetEntry = relayTargetInput
  .omit({ id: true, endpointId: true })
  .extend({
    /** The name of an endpoint ... */
    endpoint: endpointInput.shape.name.optional(),
    secret: secretReference.optional(),
    retryPolicy: retryPolicyByName.optional(),
  })
  .superRefine((target, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const { endpoint, url, withAuth } = target;
    if (endpoint === undefined && url === undefined)
      complain('url', 'Say where to: give the name of an endpoint, or a url such as http://127.0.0.1:3000/webhooks.');
    else if (endpoint === undefined) {
      if (withAuth === true) complain('withAuth', 'A URL has no authentication: leave this out, or name an endpoint that has one.');
    } else if (url !== undefined) complain('url', 'Give either an endpoint or a url: add a second target for the other.');
    else
      for (const field of targetUrlFields)
        if (target[field] !== undefined) complain(field, `An endpoint has its own settings: leave ${field} out, or give a url.`);
  });

const entries = {
  environments: z.strictObject({
    /** Values by name; a secret one is `{secret: REFERENCE}`. */
    variables: z.record(variableName, z.union([variableValue, z.strictObject({ secret: secretReference })])).default({}),
  }),
  policies: namedPolicyInput.omit({ name: true }),
  auths: authInput.omit({ name: true }).extend({
    parts: z
      .array(z.discriminatedUnion('kind', [withReferences(firstPart), ...otherParts.map(withReferences)]))
      .min(1, 'Add at least one part, such as a signature or a bearer token.')
      .max(20),
  }),
  profiles: profileInput.omit({ name: true }),
  eventTypes: eventTypeInput.omit({ name: true, sample: true, sampleText: true }),
  bins: binInput.omit({ slug: true }).extend({
    /** By default the slug. */
    name: binInput.shape.name.optional(),
    answers: binAnswersInput
      .extend({
        verifyToken: secretReference.nullable().optional(),
        rules: z
          .array(answerRuleInput.omit({ id: true }))
          .max(50)
          .optional(),
      })
      .prefault({}),
    /** Left out, they stay as they are. */
    secrets: z.array(secretReference).max(10).optional(),
  }),
  endpoints: z.strictObject({
    ...endpointPatch.omit({ name: true, authId: true }).shape,
    url: endpointInput.shape.url,
    /** Id of a built-in profile, or the name of one of your own. */
    profile: z.string().max(200).nullable().optional(),
    /** Left out, it stays as it is; a new endpoint that signs gets a fresh one. */
    secret: secretReference.optional(),
    secretHeaders: z.record(headerName, secretReference).optional(),
    /** The name of an authentication. */
    auth: auth.shape.name.nullable().optional(),
    retryPolicy: retryPolicyByName.optional(),
  }),
  relays: relayInput.omit({ name: true, binId: true }).extend({
    /** The slug of the bin. */
    bin: bin.shape.slug,
    targets: z.array(targetEntry).min(1, 'Give at least one target.').max(20),
  }),
};

const names = {
  environments: environment.shape.name,
  policies: namedPolicy.shape.name,
  auths: auth.shape.name,
  profiles: profileInput.shape.name,
  eventTypes: eventName,
  bins: binInput.shape.slug.unwrap(),
  endpoints: endpointInput.shape.name,
  relays: relayInput.shape.name,
};

/** The JSON Schema of the file, beside it, where its first line tells editors to look. */
export const projectSchemaFile = 'hookyard.schema.json';

/** Kinds of things that a project has, in the order in which they are applied: each refers to those before it only. */
export const projectKinds = ['environments', 'policies', 'auths', 'profiles', 'eventTypes', 'bins', 'endpoints', 'relays'] as const;
export type ProjectKind = (typeof projectKinds)[number];

/** One file of a project: things by their names. What an entry leaves out has its default. */
export const projectFile = z.strictObject({
  /** The version of this form. */
  hookyard: z.literal(1, 'Write "hookyard: 1" for the version of the file.'),
  environments: z.record(names.environments, entries.environments).default({}),
  policies: z.record(names.policies, entries.policies).default({}),
  auths: z.record(names.auths, entries.auths).default({}),
  profiles: z.record(names.profiles, entries.profiles).default({}),
  /** Documents to import event types from, such as `openapi.yaml`: paths from the folder of the project. */
  eventTypesFrom: z.array(z.string().min(1).max(500)).max(100).default([]),
  eventTypes: z.record(names.eventTypes, entries.eventTypes).default({}),
  bins: z.record(names.bins, entries.bins).default({}),
  endpoints: z.record(names.endpoints, entries.endpoints).default({}),
  relays: z.record(names.relays, entries.relays).default({}),
  /** Tests: what is sent in which order, and what has to come of it. "hookyard run NAME" runs one; applying a project does not. */
  runs: z.record(runName, run).default({}),
});
