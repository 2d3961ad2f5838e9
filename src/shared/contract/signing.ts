import { z } from 'zod';
import { paypalOptions, rfc9421Options } from './proof-signing.ts';
import { plainSchemeIds, providerSchemeIds, timedSchemeIds } from './scheme-facts.ts';

const headerName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'Use letters, digits and hyphens for a header name.')
  .max(200);

/** Every scheme, in the order in which they are offered. */
export const schemeIds = [...providerSchemeIds, 'custom'] as const;

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

/** What may stand in braces in the signed content of `custom`; `bodySha256` is the SHA-256 of the body in lower-case hex. */
export const signedPlaceholders = ['body', 'bodySha256', 'timestamp', 'id', 'method', 'url'] as const;

/** What may stand between the entries of a signature header of `custom`. */
export const entrySeparators = [',', ', ', ';', ' ', '.'] as const;

interface CustomOptionParts {
  readonly header: string;
  readonly algorithm: string;
  readonly encoding: string;
  readonly signedContent: string;
  readonly timestampHeader: string | null;
  readonly idHeader: string | null;
  readonly digestClaim: string | null;
}

/** Options that contradict each other: a receiver could not put the signed content together, or two headers are one. */
function customOptionProblems(options: CustomOptionParts): readonly { readonly path: string; readonly message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const used = [...options.signedContent.matchAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g)].map((match) => match[1] ?? '');
  const unknown = used.find((name) => !signedPlaceholders.some((known) => known === name));
  if (unknown !== undefined) {
    const known = signedPlaceholders.map((name) => `{${name}}`).join(', ');
    problems.push({ path: 'signedContent', message: `There is no {${unknown}}; use ${known}.` });
  }
  if (used.includes('timestamp') && options.timestampHeader === null) {
    problems.push({
      path: 'timestampHeader',
      message: `Name the header that carries the timestamp, because {timestamp} is signed. It may be ${options.header} itself; timestampPrefix then gives what comes before it there, such as t=.`,
    });
  }
  if (used.includes('id') && options.idHeader === null) {
    problems.push({ path: 'idHeader', message: 'Name the header that carries the message id, because {id} is signed.' });
  }
  // The timestamp may be among the signatures; an id needs its own header.
  const id = options.idHeader?.toLowerCase();
  if (id !== undefined && [options.header, options.timestampHeader].some((name) => name?.toLowerCase() === id))
    problems.push({ path: 'idHeader', message: 'Give the id its own header.' });
  if (options.encoding === 'jwt' && options.algorithm === 'sha1')
    problems.push({ path: 'algorithm', message: 'Use sha256, sha384 or sha512: a JWT is not signed with SHA-1.' });
  if (options.encoding !== 'jwt' && options.digestClaim !== null)
    problems.push({ path: 'digestClaim', message: 'Leave out digestClaim: only a signature with the encoding jwt has claims.' });
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
    /** How the MAC is written; `jwt` is a whole token signed with HS256, HS384 or HS512, which says itself what is signed. */
    encoding: z.enum(['hex', 'base64', 'base64url', 'jwt']).default('hex'),
    /** What stands between several entries in the signature header, or null where it holds one signature and nothing else. */
    separator: z.enum(entrySeparators).nullable().default(null),
    /** What is signed: text with `{body}`, `{bodySha256}`, `{timestamp}`, `{id}`, `{method}` and `{url}` in it. */
    signedContent: z
      .string()
      .min(1)
      .max(500)
      .refine((text) => /\{body(?:Sha256)?\}/.test(text), 'Put {body} where the body goes; a signature without it proves nothing.')
      .default('{body}'),
    /** Claim of a JWT that holds the SHA-256 of the body, in hex or base64; null where none does. */
    digestClaim: z
      .string()
      .regex(/^[\w.:/-]{1,100}$/, 'Use letters, digits and . : / _ - for the name of a claim.')
      .nullable()
      .default(null),
    /**
     * Header that carries the timestamp, or null for none. It may be the signature header, whose entries `separator` parts (a comma by
     * default).
     */
    timestampHeader: headerName.nullable().default(null),
    /** Text before the timestamp in its header, such as `t=`. */
    timestampPrefix: z
      .string()
      .max(100)
      .regex(/^([\x21-\x7e][\x20-\x7e]*)?$/, 'Use printable ASCII for the text before the timestamp, not starting with a space.')
      .default(''),
    timestampUnit: z.enum(['s', 'ms', 'rfc3339']).default('s'),
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

/** Options without their scheme, as a call takes them; without undefined ones. */
export function givenOptions({ scheme: _scheme, ...options }: Signing) {
  return Object.fromEntries(Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

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
