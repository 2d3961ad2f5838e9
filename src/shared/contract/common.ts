import { oc } from '@orpc/contract';
import { z } from 'zod';
import { JsonText } from './json.ts';

/** An HTTP field as it went over the wire: name in its original case, value as text (Latin-1 code points for bytes). */
export const headerField = z.tuple([z.string(), z.string()]);
export const headerFields = z.array(headerField);
export type HeaderField = z.infer<typeof headerField>;

/**
 * Header fields in an answer. Very many of them are JSON text until the answer is written: as values, each would be checked and copied
 * several times on the main thread.
 */
export const answerHeaderFields = z.custom<HeaderField[]>(
  (value) => value instanceof JsonText || headerFields.safeParse(value).success,
  'Give header fields.',
);

/** JSON text of header fields from which on no value is made of it to tell it. */
const asTextFromCharacters = 4096;

/** The header fields of a JSON text, to be told. */
export function answerHeadersOf(text: string): HeaderField[] {
  // They are header fields by the time that anybody reads them who is not in this process.
  return (text.length < asTextFromCharacters ? JSON.parse(text) : new JsonText(text)) as HeaderField[];
}

/** Bytes in standard base64. Where a size stands beside them, the size counts the bytes and not the text. */
export const base64 = z.base64();

/** Bytes in an input: in base64, or as bytes if a door has already read a large body. */
export const givenBytes = z.union([base64, z.instanceof(Uint8Array)]);
export type GivenBytes = z.infer<typeof givenBytes>;

/**
 * A number in the query of a URL, where it is a text of digits, or as JSON has it. Other texts that a program may take for a number, such as
 * `0x5`, an empty one or a list of one, are refused.
 */
export function queryNumber(number: z.ZodNumber): z.ZodType<number, number> {
  const read = (given: unknown): unknown => (typeof given === 'string' && /^-?\d{1,16}$/.test(given) ? Number(given) : given);
  return z.preprocess(read, number) as unknown as z.ZodType<number, number>;
}

/** A time in epoch milliseconds, up to the year 9999: a later one has no date in what schemes sign and files say. */
export const timeMs = z.number().int().min(0).max(253_402_300_799_000);

/** Query part of a listing by cursor: `cursor` is the `next` of the page before, `limit` counts rows. */
export const pageQuery = {
  cursor: z.string().max(300).optional(),
  limit: queryNumber(z.number().int().min(1).max(200)).default(50),
};

/** Yes or no in the query of a URL, or as JSON has it. */
export const queryBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** One page of a listing, newest first; `next` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() });
}

const issue = z.strictObject({ path: z.string(), message: z.string() });

/** An endpoint by its id and the name it has now. */
export const namedEndpoint = z.strictObject({ id: z.string(), name: z.string() });

/** Warnings of a call that succeeds, each with a code for programs and a sentence for people. */
export const warnings = z.array(
  z.strictObject({
    code: z.string(),
    message: z.string(),
    /** The field of the input that it is about, dotted, where it is about one. */
    path: z.string().optional(),
    /** Endpoints that it is about; the first few where there are many, which `message` says. */
    endpoints: z.array(namedEndpoint).optional(),
    /** Places in the field that it is about, each with its reason; the first few where there are many, which `message` says. */
    issues: z.array(issue).optional(),
  }),
);
export type Warning = z.infer<typeof warnings>[number];

/** Rows that limits remove; attempts go with their deliveries. */
export const going = z.strictObject({ messages: z.number().int(), deliveries: z.number().int(), captures: z.number().int() });
export type Going = z.infer<typeof going>;

/**
 * Every refusal the engine can give, with its HTTP status and the data the window needs to place it.
 * The message is one sentence that says what to change.
 */
export const refusals = {
  INPUT_INVALID: { status: 422, data: z.strictObject({ issues: z.array(issue) }) },
  TEMPLATE_INVALID: {
    status: 422,
    data: z.strictObject({
      /** `template` when the template itself is wrong, `json` when what it renders is not JSON. */
      source: z.enum(['template', 'json']),
      /** 1-based place in the template (`template`) or in `rendered` (`json`). */
      line: z.number().int(),
      column: z.number().int(),
      rendered: z.string().nullable(),
      issues: z.array(issue),
    }),
  },
  NOT_FOUND: { status: 404, data: z.strictObject({ kind: z.string(), id: z.string() }) },
  CONFLICT: { status: 409, data: z.strictObject({ issues: z.array(issue) }) },
  /** Rows of the log would be removed: the same call with `confirm` set to true does it. */
  CONFIRMATION_NEEDED: { status: 409, data: z.strictObject({ wouldGo: going, issues: z.array(issue) }) },
  BODY_TOO_LARGE: {
    status: 413,
    data: z.strictObject({ bodyBytes: z.number().int(), limitBytes: z.number().int() }),
  },
  STORE_UNAVAILABLE: { status: 503, data: z.strictObject({ reason: z.string() }) },
} as const;

export type RefusalCode = keyof typeof refusals;
export type RefusalData<C extends RefusalCode> = z.infer<(typeof refusals)[C]['data']>;

/** On an update: applies only if `updatedAtMs` is still the one that was read; otherwise it is refused with CONFLICT. */
export const ifUpdatedAtMs = timeMs.optional();

/** Base of every procedure: the refusals above are part of each one's type. */
export const base = oc.errors(refusals);
