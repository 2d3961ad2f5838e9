import { z } from 'zod';
import { plainUrl } from '../contract/target-url.ts';

/** Rows of a page where none are asked for. */
const usualRows = 10;

/** Characters of a body in one answer. */
const usualBodyCharacters = 4000;
export const mostBodyCharacters = 20_000;

export const page = {
  cursor: z.string().max(300).optional().describe('`next` of the page before'),
  limit: z.number().int().min(1).max(50).default(usualRows).describe('Rows on the page'),
};

export const bodyWindow = {
  body_offset: z.number().int().min(0).default(0).describe('Read the body from this character on'),
  body_limit: z
    .number()
    .int()
    .min(0)
    .max(mostBodyCharacters)
    .default(usualBodyCharacters)
    .describe('Characters of the body to read; 0 for none. The answer tells the whole size and where to read on.'),
};

export const id = (what: string, prefix: string) => z.string().max(100).describe(`Id of ${what}, such as ${prefix}_…`);

/** A URL that names no variable of an environment: what it would put there could be a secret. */
export const plainTarget = plainUrl.refine((url) => !/\{[{%]/.test(url), 'Write the URL without {{ }}: agents cannot use variables.');

export const planId = z
  .string()
  .max(100)
  .optional()
  .describe('The plan that the call without it gave: carries it out. Used once, within 5 minutes, and without other fields.');

export const secretsOf = z
  .string()
  .max(100)
  .describe('Use the secret of this endpoint (ep_…), bin (bin_…) or authentication (aut_…). You never see the secret.');
