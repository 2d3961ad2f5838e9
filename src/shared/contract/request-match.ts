import { z } from 'zod';
import { eventPattern } from './endpoints.ts';
import { givenMethods } from './given-head.ts';
import { headerName } from './header-fields.ts';

/** A text in which `*` stands for any characters, none included; compared in its case. */
export const textPattern = z.string().min(1, 'Give a text, or * for any.').max(1000);

/** A place in a JSON body, such as `$.data.items[0].sku` or `$['odd name']`; `$` may be left out. */
export const jsonPlace = z
  .string()
  .max(500)
  .regex(
    /^(\$|\$?\.?[\p{L}_][\p{L}\p{N}_-]*|\$?\[(\d{1,6}|'[^'\\]*'|"[^"\\]*")\])(\.[\p{L}_][\p{L}\p{N}_-]*|\[(\d{1,6}|'[^'\\]*'|"[^"\\]*")\])*$/u,
    "Use a path to one value, such as $.data.type, $.items[0].sku or $['odd name'].",
  );

const named = (name: z.ZodString) => z.array(z.strictObject({ name, value: textPattern })).max(20);

const wrongAsk = 'Give value, which compares texts, or is, which compares values with their type.';

/** A text or number, true, false or null, which a value is with its type. */
const typedScalar = z.union(
  [
    z.string().max(1000),
    z
      .number()
      .refine(
        (number) => !Number.isInteger(number) || Number.isSafeInteger(number),
        'Use a number of up to 15 digits: longer ones are rounded.',
      ),
    z.boolean(),
    z.null(),
  ],
  'Give a text, a number, true, false or null: lists and objects are compared as the whole body.',
);

/** A value that a JSON body has to have at a place. */
const jsonAsked = z
  .strictObject({
    path: jsonPlace,
    /** Its text, whatever its type: texts as they are, others as JSON writes them, so that `42` is the number and the text. */
    value: textPattern.optional(),
    /** The value with its type: `42` is the number only, and `"42"` the text only; in texts, `*` stands for any characters, and `*` alone for any value. */
    is: typedScalar.optional(),
  })
  .superRefine(({ value, is }, context) => {
    if ((value === undefined) === (is === undefined)) context.addIssue({ code: 'custom', message: wrongAsk });
  });

const matchedVerdicts = ['valid', 'invalid', 'unsigned', 'unchecked', 'none'] as const;

/** A verdict, or `none` where nothing was verified. */
export const matchedVerdict = z.enum(matchedVerdicts, `A verdict is one of ${matchedVerdicts.join(', ')}.`);

/** What a captured request has to be. Everything that is given has to hold; of a list one is enough for methods, types and verdicts. */
export const requestMatch = z.strictObject({
  methods: z
    .array(z.enum(givenMethods, `A method is one of ${givenMethods.join(', ')}.`))
    .min(1)
    .max(givenMethods.length)
    .optional(),
  /** The path behind the bin's own, such as `/orders/*`; `/` without one. */
  path: textPattern.optional(),
  query: named(z.string().min(1).max(200)).optional(),
  headers: named(headerName).optional(),
  /** Values in a JSON body. */
  json: z.array(jsonAsked).max(20).optional(),
  /** The event that the request itself names, in a header or at the top of its JSON. */
  eventTypes: z.array(eventPattern).min(1).max(100).optional(),
  /** By the scheme of the bin; `none` where nothing was verified. */
  verdicts: z.array(matchedVerdict).min(1).optional(),
});
export type RequestMatch = z.infer<typeof requestMatch>;
