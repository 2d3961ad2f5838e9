import { z } from 'zod';
import { claimsProblem } from './custom-claims.ts';
import { unknownPlaceholder, signedPlaceholders } from './custom-placeholders.ts';

const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'Use letters, digits and hyphens for a header name.')
  .max(200);

/** Text before a value in a header. */
const leadText = (what: string) =>
  z
    .string()
    .max(100)
    .regex(/^([\x21-\x7e][\x20-\x7e]*)?$/, `Use printable ASCII for ${what}, not starting with a space.`);

/** What may stand between the entries of a signature header of `custom`. */
export const entrySeparators = [',', ', ', ';', ' ', '.'] as const;

/** Where a part of a custom signature stands: in a header, in the query of the URL or in a field of a form body. */
export const customPlaces = ['header', 'query', 'form'] as const;

/** One place of a request that carries a part of the signature, with its value as text with placeholders. */
export const customField = z.strictObject({
  place: z.enum(customPlaces).default('header'),
  name: z
    .string()
    .min(1, 'Give the field a name.')
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'Use printable ASCII without spaces for the name of a field.'),
  /** Text with `{signature}`, `{timestamp}`, `{id}`, `{key_id}` and digests of the body in it, such as `t={timestamp},v1={signature}`. */
  value: z
    .string()
    .min(1, 'Say what stands in the field, such as {signature}.')
    .max(500)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'Use printable ASCII for the value, without spaces at its ends.'),
});
export type CustomField = z.infer<typeof customField>;

/** The options of `custom` each by itself: what they say of each other is checked in `custom-problems.ts`. */
export const customShape = z.strictObject({
  scheme: z.literal('custom'),
  /** Header that carries the signature. */
  header: headerName.default('X-Signature'),
  /** Text before the encoded MAC in that header, such as `sha256=`. */
  prefix: leadText('the prefix').default(''),
  /** Hash of the HMAC; for a JWT also ES256 or RS256, which sign with a private key. */
  algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512', 'es256', 'rs256']).default('sha256'),
  /** How the MAC is written; `jwt` is a whole token, signed with HS256, HS384, HS512, ES256 or RS256, whose claims say what is signed. */
  encoding: z.enum(['hex', 'base64', 'base64url', 'jwt']).default('hex'),
  /** What stands between several entries in the signature header, or null where it holds one signature and nothing else. */
  separator: z.enum(entrySeparators).nullable().default(null),
  /** What is signed: text with the placeholders of the request in it; `{url}` and `{body}` are those without the signature. */
  signedContent: z
    .string()
    .min(1)
    .max(500)
    .refine(
      (text) => /\{body(?:Sha256|_[a-z0-9_]+)?\}/.test(text),
      'Put {body} where the body goes; a signature without it proves nothing.',
    )
    .superRefine((text, context) => {
      const problem = unknownPlaceholder(text, signedPlaceholders);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .default('{body}'),
  /** Claim of a JWT that holds the SHA-256 of the body, in hex or base64; null where none does. */
  digestClaim: z
    .string()
    .regex(/^[\w.:/-]{1,100}$/, 'Use letters, digits and . : / _ - for the name of a claim.')
    .nullable()
    .default(null),
  /** Claims of a JWT as JSON with placeholders in it, such as `{"iat": {timestamp}, "hash": "{body_sha256}"}`; null for `iat` and `digestClaim`. */
  claims: z
    .string()
    .max(4000)
    .superRefine((text, context) => {
      const problem = claimsProblem(text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .nullable()
    .default(null),
  /** Everything that carries a part of the signature, in order; when empty, `header` and the options about headers say it. */
  fields: z.array(customField).max(20, 'Use at most 20 fields.').default([]),
  /** What `{key_id}` stands for, and the `kid` of a JWT; null for none. */
  keyId: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'Use printable ASCII without spaces for the id of the key.')
    .nullable()
    .default(null),
  /**
   * Header that carries the timestamp, or null for none. It may be the signature header, whose entries `separator` parts (a comma by
   * default).
   */
  timestampHeader: headerName.nullable().default(null),
  /** Text before the timestamp in its header, such as `t=`. */
  timestampPrefix: leadText('the text before the timestamp').default(''),
  timestampUnit: z.enum(['s', 'ms', 'rfc3339']).default('s'),
  /** Header that carries the message id, or null for none. */
  idHeader: headerName.nullable().default(null),
  /** How the secret's text becomes the key. */
  secretEncoding: z.enum(['utf8', 'base64', 'hex']).default('utf8'),
  toleranceSeconds: z.number().int().min(0).max(86_400).default(300),
});
export type CustomOptions = z.infer<typeof customShape>;
