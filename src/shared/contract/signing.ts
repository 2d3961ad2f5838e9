import { z } from 'zod';
import { macPlainIds, macTimedIds, tokenIds } from './mac-signing.ts';
import { paypalOptions, proofPlainIds, proofTimedIds, rfc9421Options } from './proof-signing.ts';

const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'Use letters, digits and hyphens for a header name.')
  .max(200);

/** Schemes whose only option is how far a timestamp may lie from the receiver's clock. */
export const timedSchemeIds = [...macTimedIds, ...proofTimedIds] as const;
export type TimedSchemeId = (typeof timedSchemeIds)[number];

/** Schemes without a timestamp to judge, and without options. */
export const plainSchemeIds = [...macPlainIds, ...tokenIds, ...proofPlainIds] as const;

/** Every scheme, in the order in which they are offered. */
export const schemeIds = [...timedSchemeIds, ...plainSchemeIds, 'paypal', 'rfc9421', 'custom'] as const;

/** Id of a scheme. */
export type SchemeId = (typeof schemeIds)[number];

/** How old or how far in the future a timestamp may be. */
const toleranceSeconds = z.number().int().min(0).max(86_400);

/** Options of the schemes with a timestamp; without `toleranceSeconds` what the provider documents applies. */
export const timedOptions = z.strictObject({
  scheme: z.enum(timedSchemeIds),
  toleranceSeconds: toleranceSeconds.optional(),
});

/** Options of the schemes that have none. */
export const plainOptions = z.strictObject({ scheme: z.enum(plainSchemeIds) });

/** What may stand in braces in the signed content of `custom`. */
export const signedPlaceholders = ['body', 'timestamp', 'id', 'method', 'url'] as const;

interface CustomOptionHeaders {
  readonly header: string;
  readonly signedContent: string;
  readonly timestampHeader: string | null;
  readonly idHeader: string | null;
}

/** Options that contradict each other: a receiver could not put the signed content together, or two headers are one. */
function customOptionProblems(options: CustomOptionHeaders): readonly { readonly path: string; readonly message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const used = [...options.signedContent.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] ?? '');
  const unknown = used.find((name) => !signedPlaceholders.some((known) => known === name));
  if (unknown !== undefined) {
    const known = signedPlaceholders.map((name) => `{${name}}`).join(', ');
    problems.push({ path: 'signedContent', message: `There is no {${unknown}}; use ${known}.` });
  }
  if (used.includes('timestamp') && options.timestampHeader === null) {
    problems.push({ path: 'timestampHeader', message: 'Name the header that carries the timestamp, because {timestamp} is signed.' });
  }
  if (used.includes('id') && options.idHeader === null) {
    problems.push({ path: 'idHeader', message: 'Name the header that carries the message id, because {id} is signed.' });
  }
  const taken = new Set([options.header.toLowerCase()]);
  for (const path of ['timestampHeader', 'idHeader'] as const) {
    const name = options[path]?.toLowerCase();
    if (name === undefined) continue;
    if (taken.has(name)) problems.push({ path, message: 'Give each header a name of its own.' });
    taken.add(name);
  }
  return problems;
}

/** Options of `custom`: an HMAC scheme described by its parts. Defaults give `X-Signature: <hex of the body's HMAC-SHA256>`. */
export const customOptions = z
  .strictObject({
    scheme: z.literal('custom'),
    /** Header that carries the signature. */
    header: headerName.default('X-Signature'),
    /** Text before the encoded MAC in that header, such as `sha256=`. */
    prefix: z
      .string()
      .max(100)
      .regex(/^([\x21-\x7e][\x20-\x7e]*)?$/, 'Use printable ASCII for the prefix, not starting with a space.')
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
    toleranceSeconds: toleranceSeconds.default(300),
  })
  .superRefine((options, context) => {
    for (const { path, message } of customOptionProblems(options)) context.addIssue({ code: 'custom', path: [path], message });
  });
export type CustomOptions = z.infer<typeof customOptions>;

/** How an endpoint or bin signs or verifies: a scheme id and that scheme's options. */
export const signing = z.discriminatedUnion('scheme', [timedOptions, plainOptions, paypalOptions, rfc9421Options, customOptions]);
export type Signing = z.infer<typeof signing>;

/** What the options of one scheme look like, its id included. Schemes that share a shape differ in that id only. */
export function optionsSchemaOf(id: SchemeId): z.ZodType<Signing> {
  const timed = timedOptions.shape.scheme.options.find((timedId) => timedId === id);
  if (timed !== undefined) return timedOptions.extend({ scheme: z.literal(timed) });
  const plain = plainOptions.shape.scheme.options.find((plainId) => plainId === id);
  if (plain !== undefined) return plainOptions.extend({ scheme: z.literal(plain) });
  return id === 'paypal' ? paypalOptions : id === 'rfc9421' ? rfc9421Options : customOptions;
}

/** A secret as text, in the form its scheme gives it. A certificate with its chain is the longest. */
export const secretText = z.string().min(1, 'Enter the secret.').max(16_384);
