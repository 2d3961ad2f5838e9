import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { wireFault } from './wire-fault.ts';

const headerValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'A header value must be one line of Latin-1 text.');

/** The fields of an answer without their defaults, which would reset what a change leaves out. */
export const responseFields = {
  status: z.number().int().min(200).max(599),
  /** A list of values writes the header once for each, as answers with several cookies do. */
  headers: namedValues(
    z.string().regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'A header name has letters, digits and hyphens only.'),
    z.union([headerValue, z.array(headerValue).min(1).max(50)]),
  ),
  body: z.string().max(1_000_000),
  /** Wait before answering. */
  delayMs: z.number().int().min(0).max(600_000),
  /** What goes wrong on the connection; null for nothing. */
  fault: wireFault.nullable(),
  /** Whether outputs and tags of Liquid in headers and body are rendered over the request, or sent as they are. */
  isTemplate: z.boolean(),
};

/** How a bin, or a rule of one, answers. */
export const binResponse = z.strictObject({
  status: responseFields.status.default(200),
  headers: responseFields.headers.default({}),
  body: responseFields.body.default(''),
  delayMs: responseFields.delayMs.default(0),
  fault: responseFields.fault.default(null),
  isTemplate: responseFields.isTemplate.default(true),
});
export type BinResponse = z.infer<typeof binResponse>;
