import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { json } from './json.ts';
import { base } from './common.ts';
import { schemeId } from './verifying.ts';

/** Languages that receiver code is written in, in the order in which they are offered. */
export const snippetLanguages = ['node', 'python', 'go', 'ruby', 'php', 'java', 'csharp'] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

/** How a framework hands the raw bytes of the body to the code of a snippet. */
export const snippetFramework = z.strictObject({
  name: z.string(),
  /** Packages that it takes, as the language's package manager names them. */
  dependencies: z.array(z.string()),
  filename: z.string(),
  code: z.string(),
});
export type SnippetFramework = z.infer<typeof snippetFramework>;

/** An environment variable that a snippet reads. */
export const snippetVariable = z.strictObject({ name: z.string(), meaning: z.string(), isRequired: z.boolean() });

/** A whole receiver that verifies a scheme. It reads its secrets from the environment and never holds one. */
export const snippet = z.strictObject({
  language: z.enum(snippetLanguages),
  title: z.string(),
  /** `standard` needs nothing but the language's own library; `library` needs the packages of `dependencies`. */
  variant: z.enum(['library', 'standard']),
  dependencies: z.array(z.string()),
  filename: z.string(),
  code: z.string(),
  environment: z.array(snippetVariable),
  frameworks: z.array(snippetFramework),
});
export type Snippet = z.infer<typeof snippet>;

export const snippets = {
  write: base
    .route({
      method: 'POST',
      path: '/snippets',
      summary: 'Write receiver code that verifies a scheme',
      description:
        'Returns whole programs that answer 401 to a request whose signature is wrong: one with the official library where there is one, and one with the standard library alone. `unavailable` says which languages have no code, and why.',
    })
    .input(
      z.strictObject({
        scheme: schemeId,
        options: namedValues(z.string(), json).optional(),
        language: z.enum(snippetLanguages).optional(),
      }),
    )
    .output(
      z.strictObject({
        items: z.array(snippet),
        unavailable: z.array(z.strictObject({ language: z.enum(snippetLanguages), reason: z.string() })),
      }),
    ),
};
