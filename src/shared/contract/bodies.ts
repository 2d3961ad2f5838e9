import { z } from 'zod';

/** Where a search found its text first. */
export const foundIn = z.enum([
  'id',
  'event type',
  'endpoint',
  'url',
  'outcome',
  'request line',
  'request headers',
  'request body',
  'answer headers',
  'answer body',
  'note or tags',
]);
export type FoundIn = z.infer<typeof foundIn>;

/** What a searched listing says besides its rows. */
export const searchRemarks = {
  /**
   * Bodies on the way to the end of this page that could be looked at in part only: larger than 16 MiB (once they are
   * unpacked), damaged, or packed in a way that is not known. Left out when there are none.
   */
  searchedInPart: z.number().int().optional(),
};

/** A body with its content codings undone and as text, beside the unchanged body. */
export const decodedBody = z.strictObject({
  /** Content codings that were undone, in the order of undoing. */
  undone: z.array(z.string()),
  /** The charset that the text was read by; null when the bytes are no text. */
  charset: z.string().nullable(),
  /** Size of the body as it was kept. */
  rawBytes: z.number().int(),
  /** Size with the content codings undone, as far as they were. */
  unpackedBytes: z.number().int(),
  /** The text in UTF-8, or the unpacked bytes where they are no text. */
  bodyBase64: z.string(),
  /** There is more than is given here. */
  isCut: z.boolean(),
  /** How it was read, in one line: `gzip, 1,234 bytes → 5,678 bytes; windows-1252`. */
  summary: z.string(),
  /** What could not be read and where, in sentences. */
  problems: z.array(z.string()),
});
export type DecodedBody = z.infer<typeof decodedBody>;
