import { z } from 'zod';

const toleranceSeconds = z.number().int().min(0).max(86_400);

/** Options of `paypal`. */
export const paypalOptions = z.strictObject({
  scheme: z.literal('paypal'),
  /** Id of the webhook at PayPal; it is signed, but is not in the request. */
  webhookId: z.string().max(200).default(''),
  /** Address of the certificate: sent in PAYPAL-CERT-URL, and allowed there beside addresses of paypal.com. It is never fetched. */
  certUrl: z.url().max(2000).default('https://api.paypal.com/v1/notifications/certs/CERT-hookyard'),
  toleranceSeconds: toleranceSeconds.optional(),
});
export type PaypalOptions = z.infer<typeof paypalOptions>;

/** Algorithms that HTTP Message Signatures are made with here; `rsa-…` and `ecdsa-p384-sha384` are verified too. */
export const messageSignatureAlgorithms = ['hmac-sha256', 'ed25519', 'ecdsa-p256-sha256'] as const;

/** A covered component as it stands in Signature-Input without quotes, such as `@method` or `@query-param;name="Pet"`. */
const component = z
  .string()
  .max(300)
  .regex(
    /^@?[a-z0-9!#$%&'*+\-.^_`|~]+(;[a-z]+(="[\x20\x21\x23-\x5b\x5d-\x7e]*")?)*$/,
    'Use a component such as @method, content-digest or @query-param;name="id".',
  );

/** Options of `rfc9421`. */
export const rfc9421Options = z.strictObject({
  scheme: z.literal('rfc9421'),
  /** What a signature made here is made with; the key must be of that kind. */
  algorithm: z.enum(messageSignatureAlgorithms).default('hmac-sha256'),
  /** What a signature made here covers, in this order. */
  components: z.array(component).max(50).default(['@method', '@target-uri', 'content-digest']),
  /** What a signature must cover to be accepted. */
  requiredComponents: z.array(component).max(50).default([]),
  digest: z.enum(['sha-256', 'sha-512']).default('sha-256'),
  label: z
    .string()
    .regex(/^[a-z*][a-z0-9_\-.*]*$/, 'Begin a label with a small letter, and use small letters, digits, _, -, . and * in it.')
    .max(100)
    .default('sig1'),
  /** Name of the key, sent as `keyid`; null for none. */
  keyId: z
    .string()
    .max(200)
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/, 'Use printable ASCII without quotes and backslashes.')
    .nullable()
    .default(null),
  /** Status of the response that is verified; null for a request. */
  status: z.number().int().min(100).max(599).nullable().default(null),
  toleranceSeconds: toleranceSeconds.optional(),
});
export type Rfc9421Options = z.infer<typeof rfc9421Options>;
