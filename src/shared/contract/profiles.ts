import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery, warnings } from './common.ts';
import { endpointPatch } from './endpoints.ts';
import { headerName } from './header-fields.ts';
import { eventName } from './events.ts';
import { handshake } from './handshakes.ts';
import { json } from './json.ts';
import { namedPolicy } from './policies.ts';
import { retryPolicy } from './retry.ts';
import { templateVersionId, templateVersions, wholeTemplateVersion } from './template-versions.ts';

/** How well a fact is known: read at its owner, told by a third party, or assumed. */
export const certainty = z.enum(['verified', 'second-hand', 'unverified']);

/** The fields of an endpoint that a profile fills in. Its name, URL, secrets, authentication and state are its own. */
export const profileFields = endpointPatch.omit({
  name: true,
  url: true,
  description: true,
  secret: true,
  secretHeaders: true,
  authId: true,
  verifyTls: true,
  isActive: true,
  profile: true,
});
export type ProfileFields = z.infer<typeof profileFields>;

/** A sentence about what a system sends or does, how well that is known, and where it was read. */
export const profileFact = z.strictObject({
  /** `delivery`, on which What if relies, says what becomes of an attempt: what counts as success, in what time, and what follows a failure. */
  about: z.enum(['request', 'body', 'signature', 'delivery', 'events', 'limits']),
  text: z.string().min(1).max(1000),
  certainty,
  /** Address of the page, package or file; null where there is none to give. */
  source: z.url().max(500).nullable().default(null),
  /** The day it was read, as `2026-11-28`. */
  asOf: z.iso.date().nullable().default(null),
});
export type ProfileFact = z.infer<typeof profileFact>;

/** What a system demands of its endpoints beyond single fields. */
export const profileConstraints = z.strictObject({
  /** An endpoint listens to one event type, written out. */
  exactlyOneEvent: z.boolean().default(false),
});

/** A header whose value each endpoint has of its own, encrypted: a profile has only its name. */
export const profileSecretHeader = z.strictObject({
  name: headerName,
  /** What to give, such as where the system shows it. */
  description: z.string().max(500).default(''),
});
export type ProfileSecretHeader = z.infer<typeof profileSecretHeader>;

/** A plan of a system with the retry policy that its endpoints have in common. */
export const profilePlan = z.strictObject({
  name: z.string().trim().min(1, 'Give the plan a name.').max(80),
  description: z.string().max(500).default(''),
  policy: retryPolicy,
});

/** An event that a system sends: samples are the `data` that the body template takes. */
export const profileEventType = z.strictObject({
  name: eventName,
  title: z.string().min(1).max(200),
  description: z.string().max(2000).default(''),
  samples: z
    .array(z.strictObject({ name: z.string().trim().min(1, 'Give the sample a name.').max(100), data: json }))
    .min(1, 'Give at least one sample.')
    .max(50),
});

const content = {
  name: z.string().trim().min(1, 'Give the profile a name.').max(200),
  summary: z.string().max(2000),
  fields: profileFields,
  /** Headers that an endpoint has as well when it does not sign. */
  unsignedHeaders: endpointPatch.shape.headers.unwrap(),
  /** Secret headers that a new endpoint is offered. */
  secretHeaders: z.array(profileSecretHeader).max(20),
  constraints: profileConstraints,
  /** What the system asks an address before it sends there. */
  handshakes: z.array(handshake).max(20),
  /** Retry policies that depend on a plan; each becomes a named policy when it is first used. */
  plans: z.array(profilePlan).max(20),
  facts: z.array(profileFact).max(200),
  eventTypes: z.array(profileEventType).max(500),
};

/** What a profile says, as it is exported and imported. */
export const profileInput = z.strictObject({
  name: content.name,
  summary: content.summary.default(''),
  fields: content.fields.default({}),
  unsignedHeaders: content.unsignedHeaders.default({}),
  secretHeaders: content.secretHeaders.default([]),
  constraints: content.constraints.default({ exactlyOneEvent: false }),
  handshakes: content.handshakes.default([]),
  plans: content.plans.default([]),
  facts: content.facts.default([]),
  eventTypes: content.eventTypes.default([]),
});
export type ProfileInput = z.infer<typeof profileInput>;

/** A system's behaviour as data. Built-in ones cannot be changed; a copy can. */
export const profile = z.strictObject({
  id: z.string(),
  isBuiltIn: z.boolean(),
  ...content,
  /** Null for built-in ones. */
  createdAtMs: z.number().int().nullable(),
  updatedAtMs: z.number().int().nullable(),
});
export type Profile = z.infer<typeof profile>;

/** A profile in a list. */
export const profileSummary = z.strictObject({
  ...profile.pick({ id: true, isBuiltIn: true, name: true, summary: true, updatedAtMs: true }).shape,
  /** The scheme that it signs with; null where it does not sign. */
  scheme: z.string().nullable(),
  eventTypes: z.number().int(),
});
export type ProfileSummary = z.infer<typeof profileSummary>;

/** The one format of a profile's file. */
export const profileFile = z.strictObject({
  hookyardProfile: z.literal(1, 'This file has another version: only version 1 can be read.'),
  profile: profileInput,
});

const id = z.strictObject({ id: z.string().max(100) });
const saved = z.strictObject({ ...profile.shape, warnings });

export const profiles = {
  list: base
    .route({ method: 'GET', path: '/profiles', summary: 'List profiles: your own, newest first, then the built-in ones' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(profileSummary)),
  get: base.route({ method: 'GET', path: '/profiles/{id}', summary: 'Read a profile' }).input(id).output(profile),
  create: base
    .route({ method: 'POST', path: '/profiles', successStatus: 201, summary: 'Save a profile of your own; with `copyOf` from another' })
    .input(z.strictObject({ copyOf: z.string().max(100).optional(), ...z.strictObject(content).partial().shape }))
    .output(saved),
  update: base
    .route({
      method: 'PATCH',
      path: '/profiles/{id}',
      summary: 'Change a profile of your own; endpoints created with it do not change',
    })
    .input(z.strictObject({ id: z.string().max(100), ifUpdatedAtMs, ...z.strictObject(content).partial().shape }))
    .output(saved),
  remove: base
    .route({
      method: 'DELETE',
      path: '/profiles/{id}',
      summary: 'Delete a profile of your own; endpoints created with it do not change',
    })
    .input(id)
    .output(id),
  templateVersions: base
    .route({
      method: 'GET',
      path: '/profiles/{id}/template-versions',
      summary: 'Versions of the body template of a profile of your own, newest first; none of a built-in one',
    })
    .input(id)
    .output(templateVersions),
  templateVersion: base
    .route({ method: 'GET', path: '/profiles/{id}/template-versions/{number}', summary: 'A version of a template with its text' })
    .input(templateVersionId)
    .output(wholeTemplateVersion),
  restoreTemplate: base
    .route({
      method: 'POST',
      path: '/profiles/{id}/template-versions/{number}/restore',
      summary: 'Give the profile an earlier template again, which becomes its newest version',
    })
    .input(z.strictObject({ ...templateVersionId.shape, ifUpdatedAtMs }))
    .output(saved),
  propose: base
    .route({
      method: 'POST',
      path: '/profiles/propose',
      summary: 'A profile that sends requests as a captured one, to look at and to save; nothing is saved',
    })
    .input(z.strictObject({ captureId: z.string(), name: content.name.optional() }))
    .output(
      z.strictObject({
        profile: profileInput,
        /** What was recognised, assumed or left out, each a sentence. */
        notes: z.array(z.string()),
      }),
    ),
  export: base
    .route({ method: 'GET', path: '/profiles/{id}/export', summary: 'A profile as the file that import takes' })
    .input(id)
    .output(profileFile),
  ensurePlan: base
    .route({
      method: 'POST',
      path: '/profiles/{id}/plans/{plan}',
      summary: 'The named retry policy of a plan, which is saved where it is not there yet',
    })
    .input(z.strictObject({ id: z.string().max(100), plan: z.string().max(80) }))
    .output(namedPolicy),
  import: base
    .route({ method: 'POST', path: '/profiles/import', successStatus: 201, summary: 'Import a profile from a file' })
    .input(profileFile)
    .output(saved),
};
