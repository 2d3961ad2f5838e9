import { z } from 'zod';

const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'Use letters, digits and hyphens for a header name.')
  .max(200);

/** Options of `standard-webhooks`: none; header names, tolerance and key form are fixed by the specification. */
export const standardWebhooksOptions = z.strictObject({ scheme: z.literal('standard-webhooks') });

/** Options of `custom`: an HMAC scheme described by its parts. Defaults give `X-Signature: sha256=<hex of the body's HMAC>`. */
export const customOptions = z.strictObject({
  scheme: z.literal('custom'),
  /** Header that carries the signature. */
  header: headerName.default('X-Signature'),
  /** Text before the encoded MAC in that header, such as `sha256=`. */
  prefix: z
    .string()
    .max(100)
    .regex(/^[\x20-\x7e]*$/, 'Use printable ASCII for the prefix.')
    .default(''),
  algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
  /** What is signed: text with `{body}`, `{timestamp}`, `{id}`, `{method}` and `{url}` in it. */
  signedContent: z
    .string()
    .min(1)
    .max(500)
    .refine((text) => text.includes('{body}'), 'Put {body} where the body goes; a signature without it proves nothing.')
    .default('{body}'),
  /** Header that carries the timestamp, or null for none. */
  timestampHeader: headerName.nullable().default(null),
  timestampUnit: z.enum(['s', 'ms']).default('s'),
  /** Header that carries the message id, or null for none. */
  idHeader: headerName.nullable().default(null),
  /** How the secret's text becomes the key. */
  secretEncoding: z.enum(['utf8', 'base64', 'hex']).default('utf8'),
  /** How old or how far in the future a timestamp may be. */
  toleranceSeconds: z.number().int().min(0).max(86_400).default(300),
});

/** How an endpoint or bin signs or verifies: a scheme id and that scheme's options. */
export const signing = z.discriminatedUnion('scheme', [standardWebhooksOptions, customOptions]);
export type Signing = z.infer<typeof signing>;
export type SchemeId = Signing['scheme'];

/** A secret as text, in the form its scheme gives it. */
export const secretText = z.string().min(1, 'Enter the secret.').max(4096);
