import { z } from 'zod';
import { namedValues } from './named-values.ts';

const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
export const headerName = z
  .string()
  .max(200)
  .regex(tokenPattern, 'A header name has letters, digits and hyphens only: remove spaces, colons and line breaks.');
export const headerValue = z
  .string()
  .max(8192)
  // A header value may hold tab, printable ASCII and Latin-1; a line break would start another header.
  .regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    'A header value must be one line of Latin-1 text: remove the line break or character that does not fit.',
  );

/** Headers that the sender writes itself; setting them by hand would contradict the bytes on the wire. */
export const reservedHeaders = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
] as const;

/** Complains of headers by their name that the sender writes itself. */
export function refuseReserved(headers: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const name of Object.keys(headers))
    if ((reservedHeaders as readonly string[]).includes(name.toLowerCase()))
      context.addIssue({ code: 'custom', path: [name], message: `Remove ${name}: Hookyard writes this header itself from the request.` });
}

/** Headers by their name. */
export const headerMap = namedValues(headerName, headerValue)
  .refine((headers) => Object.keys(headers).length <= 100, 'Use at most 100 headers.')
  .superRefine(refuseReserved);
