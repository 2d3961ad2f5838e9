import { z } from 'zod';
import { customOptionProblems } from './custom-problems.ts';
import { customShape } from './custom-signing.ts';
import { paypalOptions, rfc9421Options } from './proof-signing.ts';
import { plainSchemeIds, providerSchemeIds, timedSchemeIds } from './scheme-facts.ts';

export { entrySeparators, type CustomField, type CustomOptions } from './custom-signing.ts';

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

/** Options of `custom`: a scheme described by its parts. Defaults give `X-Signature: <hex of the body's HMAC-SHA256>`. */
export const customOptions = customShape.superRefine((options, context) => {
  for (const { path, message } of customOptionProblems(options)) context.addIssue({ code: 'custom', path: [...path], message });
});

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
