import { z } from 'zod';

/**
 * A text in an answer that is not made yet, such as the base64 of a large body: it is made when the answer is written, off the main thread.
 */
export abstract class DeferredText {
  /** The text, for writing it as part of other JSON. */
  abstract toJSON(): string;
}

/** A text in an answer, made or not. A {@link DeferredText} serialises to its text, so that it is accepted as one. */
export const deferrableText = z.custom<string>((value) => typeof value === 'string' || value instanceof DeferredText, 'Give a text.');
