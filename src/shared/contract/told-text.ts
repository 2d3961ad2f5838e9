import { z } from 'zod';

/**
 * A text in an answer that is not made yet, such as the base64 of a large body: it is made when the answer is written, off the main thread.
 */
export abstract class ToldText {
  /** The text, for writing it as part of other JSON. */
  abstract toJSON(): string;
}

/** A text in an answer, made or not. A {@link ToldText} serialises to its text, so that it is accepted as one. */
export const toldText = z.custom<string>((value) => typeof value === 'string' || value instanceof ToldText, 'Give a text.');
