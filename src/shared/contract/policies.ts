import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery } from './common.ts';
import { retryPolicy } from './retry.ts';
import { retryPolicyChoice } from './retry-choice.ts';

const name = z.string().trim().min(1, 'Give the policy a name, such as Free: 3.').max(100, 'Use a name of at most 100 characters.');
const description = z.string().max(2000);

/** A retry policy with a name in the workspace, such as `Free: 3` or `Pro: 8`, that endpoints refer to by its id. */
export const namedPolicy = z.strictObject({
  id: z.string(),
  /** Unique, regardless of letter case. */
  name,
  description,
  policy: retryPolicy,
  /** The endpoints that refer to it, by name; a change applies to attempts scheduled from then on. */
  usedBy: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type NamedPolicy = z.infer<typeof namedPolicy>;

export const namedPolicyInput = z.strictObject({ name, description: description.default(''), policy: retryPolicy });

/** A preset with its figures and where they come from. */
export const presetInfo = z.strictObject({
  id: z.string(),
  title: z.string(),
  source: z.string().nullable(),
  asOf: z.string().nullable(),
  note: z.string().nullable(),
  disablesEndpoint: z.boolean(),
  policy: retryPolicy,
});

/** When the attempts of a policy come, in milliseconds after the first at the time scale, as if each failed and took no time. */
export const schedulePreview = z.strictObject({
  timeScale: z.number(),
  attempts: z.array(
    z.strictObject({
      number: z.number().int(),
      /** Since the attempt before, without jitter. */
      delayMs: z.number().int(),
      earliestMs: z.number().int(),
      nominalMs: z.number().int(),
      latestMs: z.number().int(),
      /** False when jitter can push it beyond the policy's total time. */
      isCertain: z.boolean(),
    }),
  ),
  /** Attempts that the policy counts but that its total time leaves out. */
  leftOutAttempts: z.number().int(),
  /** In one line: `10 attempts over 75 h 35 m`. */
  summary: z.string(),
});

const id = z.strictObject({ id: z.string() });

export const policies = {
  list: base
    .route({ method: 'GET', path: '/policies', summary: 'List named retry policies, newest first' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(namedPolicy)),
  get: base.route({ method: 'GET', path: '/policies/{id}', summary: 'Read a named retry policy' }).input(id).output(namedPolicy),
  create: base
    .route({ method: 'POST', path: '/policies', successStatus: 201, summary: 'Create a named retry policy' })
    .input(namedPolicyInput)
    .output(namedPolicy),
  update: base
    .route({
      method: 'PATCH',
      path: '/policies/{id}',
      summary: 'Change a named retry policy for all endpoints that use it; attempts already scheduled keep their time',
    })
    .input(
      z.strictObject({
        id: z.string(),
        ifUpdatedAtMs,
        name: name.optional(),
        description: description.optional(),
        policy: retryPolicy.optional(),
      }),
    )
    .output(namedPolicy),
  remove: base
    .route({ method: 'DELETE', path: '/policies/{id}', summary: 'Delete a named retry policy that no endpoint uses' })
    .input(id)
    .output(id),
  presets: base
    .route({ method: 'GET', path: '/retry-presets', summary: 'List the built-in retry policies with their sources' })
    .output(z.strictObject({ items: z.array(presetInfo) })),
  preview: base
    .route({
      method: 'POST',
      path: '/policies/preview',
      summary: 'Show when the attempts of a retry policy would be made',
    })
    .input(
      z.strictObject({
        policy: retryPolicyChoice,
        /** How many times faster than real; by default that of the workspace. */
        timeScale: z.number().min(1).max(3600).optional(),
      }),
    )
    .output(schedulePreview),
};
