import { z } from 'zod';
import { base, base64, ifUpdatedAtMs, namedEndpoint, pageOf, pageQuery, warnings } from './common.ts';
import { plainUrl } from './target-url.ts';
import { headerName, headerValue, reservedHeaders } from './header-fields.ts';
import { secretText, signing } from './signing.ts';

const name = z
  .string()
  .trim()
  .min(1, 'Give the authentication a name, such as Partner API.')
  .max(100, 'Use a name of at most 100 characters.');
const description = z.string().max(2000);

/** Text that stands in a header as part of its value: printable ASCII without spaces. */
const credential = (what: string) =>
  z
    .string()
    .min(1, `Enter the ${what}.`)
    .max(8192)
    .regex(/^[\x21-\x7e]+$/, `Use printable ASCII without spaces for the ${what}.`);

/** Text that can be written in UTF-8, and so in a URL. */
const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed(), 'This has half of a character (a lone surrogate): copy it again, whole.');

const partFields = {
  signature: { kind: z.literal('signature'), signing },
  basic: {
    kind: z.literal('basic'),
    /** RFC 7617: without a colon, which ends it. */
    username: z
      .string()
      .max(500)
      .regex(/^[^:\p{Cc}]*$/u, 'A user name of Basic authentication has no colon and no control characters.'),
  },
  bearer: { kind: z.literal('bearer') },
  header: {
    kind: z.literal('header'),
    name: headerName.refine(
      (text) => !(reservedHeaders as readonly string[]).includes(text.toLowerCase()),
      'Use another header: Hookyard writes this one itself from the request.',
    ),
  },
  query: {
    kind: z.literal('query'),
    name: z
      .string()
      .min(1, 'Enter the name of the query parameter.')
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'Use printable ASCII without spaces for the name of a query parameter.'),
  },
  /** Client credentials of OAuth 2 (RFC 6749, section 4.4): a token is fetched when one is needed, and sent as a bearer token. */
  oauth2: {
    kind: z.literal('oauth2'),
    tokenUrl: plainUrl,
    clientId: z.string().min(1, 'Enter the client id.').max(1000),
    /** Whether client id and secret are sent in the Authorization header of the token request (RFC 6749, section 2.3.1) or in its body. */
    sendAs: z.enum(['header', 'body']).default('header'),
    /** Scopes with a space between them; empty for none. */
    scope: z.string().max(2000).default(''),
    /** Some servers ask which API a token is for; empty for none. */
    audience: z.string().max(2000).default(''),
  },
  mutualTls: { kind: z.literal('mutual-tls') },
  /** Authorities that are trusted beside those of this machine. */
  ca: { kind: z.literal('ca'), certificates: z.string().min(1, 'Paste the certificate of the authority.').max(200_000) },
} as const;

/**
 * One part of an authentication. Its secret may be left out in an update, and then stays; a new signature without one gets a fresh secret.
 */
export const authPartInput = z.discriminatedUnion('kind', [
  z.strictObject({ ...partFields.signature, secret: secretText.optional() }),
  z.strictObject({
    ...partFields.basic,
    password: z
      .string()
      .max(4096)
      .regex(/^\P{Cc}*$/u, 'A password of Basic authentication has no control characters.')
      .optional(),
  }),
  z.strictObject({ ...partFields.bearer, token: credential('token').optional() }),
  z.strictObject({
    ...partFields.header,
    value: headerValue
      .min(1, 'Enter the value.')
      .refine((text) => text === text.trim(), 'Remove the spaces around the value: they are not part of a header value.')
      .optional(),
  }),
  z.strictObject({ ...partFields.query, value: wellFormed.min(1, 'Enter the value.').max(4096).optional() }),
  z.strictObject({ ...partFields.oauth2, clientSecret: z.string().min(1, 'Enter the client secret.').max(4096).optional() }),
  z.strictObject({
    ...partFields.mutualTls,
    /** PEM: the client's certificate, then those between it and its authority. Goes with `privateKey`. */
    certificate: z.string().max(200_000).optional(),
    privateKey: z.string().max(64_000).optional(),
    /** In place of both: a PKCS#12 file (.p12, .pfx). */
    pkcs12Base64: base64.max(400_000).optional(),
    /** Of the private key or the PKCS#12 file. */
    passphrase: z.string().max(1000).optional(),
  }),
  z.strictObject(partFields.ca),
]);
export type AuthPartInput = z.infer<typeof authPartInput>;
export type AuthKind = AuthPartInput['kind'];

/** Identifies a part within its authentication: its kind, with the name of a header or query key, such as `header:x-api-key`. */
export function authPartId(part: { readonly kind: AuthKind; readonly name?: string }): string {
  if (part.kind === 'header') return `header:${(part.name ?? '').toLowerCase()}`;
  return part.kind === 'query' ? `query:${part.name ?? ''}` : part.kind;
}

/** The name of the header that a part writes; null for a signature, whose scheme decides, and for what is not in a header. */
export function authHeaderOf(part: { readonly kind: AuthKind; readonly name?: string }): string | null {
  switch (part.kind) {
    case 'basic':
    case 'bearer':
    case 'oauth2':
      return 'Authorization';
    case 'header':
      return part.name ?? null;
    default:
      return null;
  }
}

/** The parts of an authentication: each applies to every request. At most one writes a certain header. */
export const authParts = z
  .array(authPartInput)
  .min(1, 'Add at least one part, such as a signature or a bearer token.')
  .max(20, 'Use at most 20 parts.')
  .superRefine((parts, context) => {
    const ids = new Set<string>();
    const headers = new Set<string>();
    for (const [index, part] of parts.entries()) {
      const id = authPartId(part);
      const header = authHeaderOf(part)?.toLowerCase() ?? null;
      const complain = (message: string) => context.addIssue({ code: 'custom', path: [index], message });
      if (ids.has(id)) complain(`There are two parts ${id}; keep one of them.`);
      else if (header !== null && headers.has(header)) complain(`Two parts write the header ${header}; keep one of them.`);
      ids.add(id);
      if (header !== null) headers.add(header);
    }
  });

/** A new authentication. */
export const authInput = z.strictObject({ name, description: description.default(''), parts: authParts });

/** What is shown of a secret: never its text. */
const secretFacts = z.strictObject({
  /** First 8 hex digits of SHA-256 over the secret's text. */
  fingerprint: z.string(),
  /** When a replaced secret ceases to sign; null for the current one. */
  expiresAtMs: z.number().int().nullable(),
  /** The public half, where the scheme signs with a private key; otherwise null. */
  publicKey: z.string().nullable(),
});

/** What is shown of a certificate. */
export const certificateInfo = z.strictObject({
  /** A distinguished name on one line. */
  subject: z.string(),
  issuer: z.string(),
  validFromMs: z.number().int(),
  validToMs: z.number().int(),
  /** SHA-256 of the whole certificate, in hex with colons. */
  fingerprint256: z.string(),
});
export type CertificateInfo = z.infer<typeof certificateInfo>;

/** Every part as it is shown: `secrets` newest first. */
const shown = { id: z.string(), secrets: z.array(secretFacts) };

export const authPart = z.discriminatedUnion('kind', [
  z.strictObject({ ...partFields.signature, ...shown }),
  z.strictObject({ ...partFields.basic, ...shown }),
  z.strictObject({ ...partFields.bearer, ...shown }),
  z.strictObject({ ...partFields.header, ...shown }),
  z.strictObject({ ...partFields.query, ...shown }),
  z.strictObject({ ...partFields.oauth2, ...shown }),
  z.strictObject({ ...partFields.mutualTls, ...shown, form: z.enum(['pem', 'pkcs12']), certificate: certificateInfo }),
  z.strictObject({ ...partFields.ca, ...shown, authorities: z.array(certificateInfo) }),
]);
export type AuthPart = z.infer<typeof authPart>;

/** An authentication that endpoints refer to by its id: how a receiver knows that a request is genuine. */
export const auth = z.strictObject({
  id: z.string(),
  /** Unique, regardless of letter case. */
  name,
  description,
  parts: z.array(authPart),
  /** The endpoints that refer to it, by name. */
  usedBy: z.array(namedEndpoint),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Auth = z.infer<typeof auth>;

/** With the secret of its signature where one was given or made in this call, shown only now; null otherwise. */
export const authWithSecret = z.strictObject({
  ...auth.shape,
  secret: z.string().nullable(),
  publicKey: z.string().nullable(),
  warnings,
});
export type AuthWithSecret = z.infer<typeof authWithSecret>;

/** What a check found out about one part. */
export const authCheckResult = z.strictObject({
  partId: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  message: z.string(),
});
export type AuthCheckResult = z.infer<typeof authCheckResult>;

const id = z.strictObject({ id: z.string() });

export const auths = {
  list: base
    .route({ method: 'GET', path: '/auths', summary: 'List authentications, newest first' })
    .input(z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }))
    .output(pageOf(auth)),
  get: base.route({ method: 'GET', path: '/auths/{id}', summary: 'Read an authentication, without its secrets' }).input(id).output(auth),
  create: base
    .route({ method: 'POST', path: '/auths', successStatus: 201, summary: 'Create an authentication that endpoints can refer to' })
    .input(authInput)
    .output(authWithSecret),
  update: base
    .route({
      method: 'PATCH',
      path: '/auths/{id}',
      summary: 'Change an authentication for all endpoints that use it; parts replace all parts, and one without its secret keeps it',
    })
    .input(
      z.strictObject({
        id: z.string(),
        ifUpdatedAtMs,
        name: name.optional(),
        description: description.optional(),
        parts: authParts.optional(),
      }),
    )
    .output(authWithSecret),
  remove: base
    .route({ method: 'DELETE', path: '/auths/{id}', summary: 'Delete an authentication that no endpoint uses' })
    .input(id)
    .output(id),
  rotateSecret: base
    .route({
      method: 'POST',
      path: '/auths/{id}/rotate-secret',
      summary: 'Replace the secret of a part; the old secret of a signature also signs during the overlap',
    })
    .input(
      z.strictObject({
        id: z.string(),
        /** Id of the part, such as `signature` or `header:x-api-key`; may be left out where there is one signature or one part. */
        part: z.string().max(300).optional(),
        secret: secretText.optional(),
        overlapMs: z.number().int().min(0).max(604_800_000).default(86_400_000),
      }),
    )
    .output(
      z.strictObject({
        ...auth.shape,
        /** Id of the part whose secret was replaced. */
        part: z.string(),
        secret: z.string(),
        publicKey: z.string().nullable(),
        /** When the previous secret ceases to sign; the time of the call where it was replaced at once. */
        previousExpiresAtMs: z.number().int(),
        warnings,
      }),
    ),
  check: base
    .route({ method: 'POST', path: '/auths/{id}/check', summary: 'Try each part of an authentication, without sending a webhook' })
    .input(id)
    .output(z.strictObject({ isUsable: z.boolean(), checkedAtMs: z.number().int(), results: z.array(authCheckResult) })),
};
