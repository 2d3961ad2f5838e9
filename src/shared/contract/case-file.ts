import { z } from 'zod';
import { solverResult } from './solving.ts';
import { deferrableText } from './deferred-text.ts';

/** What a case file is made of beside the input of a verification. */
export const caseChoices = {
  format: z.enum(['html', 'json']),
  /** `redacted` leaves out credentials, such as Authorization and Cookie; secrets are left out in any case. */
  includeHeaders: z.enum(['redacted', 'all']).default('redacted'),
  /** The result of a search for the cause, to be put into the file. */
  search: solverResult.optional(),
} as const;

/** A case file: a verification as one file that holds no secret. */
export const caseFile = z.strictObject({ filename: z.string(), contentType: z.string(), contentBase64: deferrableText });
