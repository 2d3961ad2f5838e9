import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { base64 } from './common.ts';
import { json } from './json.ts';

/** How the text of a secret becomes a key; `isAfterPrefix` leaves a prefix such as `whsec_` out first. */
export const keyForm = z.strictObject({ isAfterPrefix: z.boolean(), decoding: z.enum(['text', 'base64', 'base64url', 'hex']) });
export type KeyForm = z.infer<typeof keyForm>;

/** Edits of a secret's text, by name; `part-N` selects one of several secrets in a text, `first-N` the first N characters. */
export const secretEditNames = [
  'trimmed',
  'unquoted',
  'name-removed',
  'scheme-removed',
  'spaces-removed',
  'quoted',
  'single-quoted',
  'newline',
  'crlf',
  'carriage-return',
  'space-after',
  'space-before',
  'nul',
  'bom',
  'newline-text',
  'prefix-added',
  'lower-case',
  'upper-case',
  'hyphens-removed',
  'padding-removed',
  'padding-added',
  'comment-cut',
  'variables-expanded',
  'dollars-halved',
  'backslashes-removed',
  'first-32',
  'first-64',
  'first-72',
  'part-1',
  'part-2',
  'part-3',
  'part-4',
  'part-5',
  'part-6',
  'part-7',
  'part-8',
  'part-9',
  'part-10',
  'html-escaped',
  'html-escaped-39',
  'html-escaped-x27',
  'json-escaped',
  'json-escaped-lower',
  'json-escaped-html',
  'json-escaped-dotnet',
  'slashes-escaped',
  'backslash-escaped',
  'json-string',
  'percent-encoded',
  'percent-encoded-plus',
  'percent-encoded-lower',
  'plus-to-space',
  'space-to-plus',
  'html-unescaped',
  'json-unescaped',
  'percent-decoded',
  'percent-decoded-plus',
] as const;
export type SecretEditName = (typeof secretEditNames)[number];

/** One edit of a secret: by its name, or the same key written as another form of secret. */
export const secretEdit = z.union([z.enum(secretEditNames), z.strictObject({ from: keyForm, to: keyForm })]);
export type SecretEdit = z.infer<typeof secretEdit>;

/** How the secrets change. It never holds a secret: a caller edits the one that it gave. */
const secretChange = z.discriminatedUnion('kind', [
  /** The secrets of this endpoint or bin are tried, too. */
  z.strictObject({ kind: z.literal('owner'), id: z.string().max(100) }),
  /** The secret at this place of those given, edited in this order. */
  z.strictObject({ kind: z.literal('edited'), index: z.number().int().min(0).max(99), edits: z.array(secretEdit).min(1).max(10) }),
  /** This word instead of every secret, as used by senders whose secret is not set. */
  z.strictObject({ kind: z.literal('word'), word: z.string().min(1).max(100) }),
]);

/** A change to a verification question, as data: every field replaces a part of the question. */
export const requestChange = z.strictObject({
  scheme: z.string().max(100).optional(),
  /** Options of that scheme, all that are not at their default; they stand in place of all options given. */
  options: namedValues(z.string(), json).optional(),
  url: z.string().max(16_384).optional(),
  /** Headers by their place among those given, from 0, each with the name and value that it gets. */
  headers: z.array(z.strictObject({ index: z.number().int().min(0), name: z.string(), value: z.string() })).optional(),
  /** Bytes of the body, from one place up to another, and what stands there instead. */
  body: z.strictObject({ from: z.number().int().min(0), to: z.number().int().min(0), base64 }).optional(),
  secret: secretChange.optional(),
});
export type RequestChange = z.infer<typeof requestChange>;

/** The change that makes the signature match, as data, or a sentence about why no changed question does. */
export const solverFix = z.union([z.strictObject({ change: requestChange }), z.strictObject({ why: z.string() })]);
export type SolverFix = z.infer<typeof solverFix>;
