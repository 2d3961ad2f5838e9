import { z } from 'zod';
import { base, ifUpdatedAtMs, pageOf, pageQuery } from './common.ts';

const name = z
  .string()
  .trim()
  .min(1, 'Give the environment a name, such as staging.')
  .max(100, 'Use a name of at most 100 characters.')
  // Where a call takes an id or a name, an id begins like this.
  .regex(/^(?!env_)/, 'Use a name that does not begin with env_, as ids do.');

/** The name of a variable, as it stands in a template, behind `vars.`. */
export const variableName = z
  .string()
  .max(100, 'Use a name of at most 100 characters.')
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Use letters, digits and _ for the name, and begin with a letter, such as baseUrl.');

/** Characters of one value; a header has no more. */
const valueCharacters = 8192;
/** Characters of all values of an environment: a rendering may take them all along to a thread. */
export const allVariableCharacters = 65_536;
const mostVariables = 200;
/** Shorter secrets could not be hidden in a URL without hiding half of it. */
export const leastSecretCharacters = 4;

/** A value as it is given. */
export const variableValue = z
  .string()
  .max(valueCharacters, `Use at most ${valueCharacters} characters.`)
  .refine((text) => text.isWellFormed(), 'This has half of a character (a lone surrogate): copy it again, whole.');

/** A variable as it is given: a value that is left out stays as it is. */
export const variableInput = z
  .strictObject({ name: variableName, value: variableValue.optional(), isSecret: z.boolean().default(false) })
  .superRefine(({ value: text, isSecret }, context) => {
    if (isSecret && text !== undefined && text.length < leastSecretCharacters)
      context.addIssue({
        code: 'custom',
        path: ['value'],
        message: `A secret has at least ${leastSecretCharacters} characters, so that it can be hidden where it stands in a URL.`,
      });
  });
export type VariableInput = z.infer<typeof variableInput>;

const variables = z
  .array(variableInput)
  .max(mostVariables, `An environment has at most ${mostVariables} variables.`)
  .superRefine((given, context) => {
    const seen = new Set<string>();
    for (const [index, variable] of given.entries()) {
      if (seen.has(variable.name))
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `${variable.name} is there twice: remove one of them.` });
      seen.add(variable.name);
    }
    const characters = given.reduce((sum, variable) => sum + (variable.value?.length ?? 0), 0);
    if (characters > allVariableCharacters)
      context.addIssue({
        code: 'custom',
        message: `All values together have at most ${allVariableCharacters} characters: make them shorter.`,
      });
  });

/** A variable as it is shown. */
export const variable = z.strictObject({
  name: z.string(),
  /** Null for a secret, which is never returned. */
  value: z.string().nullable(),
  isSecret: z.boolean(),
});
export type Variable = z.infer<typeof variable>;

/** A named set of variables for URLs, headers and templates. */
export const environment = z.strictObject({
  id: z.string(),
  /** Unique, regardless of letter case. */
  name,
  variables: z.array(variable),
  /** Whether new messages take it where they name no other. */
  isActive: z.boolean(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Environment = z.infer<typeof environment>;

/** The environment of a call, by id or name: the active one where it is left out, none where it is null. */
export const environmentChoice = z.string().min(1).max(100).nullable().optional();

const id = z.strictObject({ id: z.string() });

export const environments = {
  list: base
    .route({ method: 'GET', path: '/environments', summary: 'List environments, newest first' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(environment)),
  get: base
    .route({ method: 'GET', path: '/environments/{id}', summary: 'Read an environment, without its secret values' })
    .input(id)
    .output(environment),
  create: base
    .route({ method: 'POST', path: '/environments', successStatus: 201, summary: 'Create an environment' })
    .input(
      z.strictObject({
        name,
        variables: variables.default([]),
        /** Id of an environment whose variables it gets as well, secrets included. */
        copyOf: z.string().max(100).optional(),
      }),
    )
    .output(environment),
  update: base
    .route({
      method: 'PATCH',
      path: '/environments/{id}',
      summary: 'Change an environment; variables replace all variables, and one without a value keeps it',
    })
    .input(z.strictObject({ id: z.string(), ifUpdatedAtMs, name: name.optional(), variables: variables.optional() }))
    .output(environment),
  remove: base
    .route({
      method: 'DELETE',
      path: '/environments/{id}',
      summary: 'Delete an environment and erase its values; for 10 minutes it can be restored, until Hookyard ends',
    })
    .input(id)
    .output(id),
  restore: base
    .route({
      method: 'POST',
      path: '/environments/{id}/restore',
      summary: 'Restore an environment that was deleted within the last 10 minutes',
    })
    .input(id)
    .output(environment),
};
