import { z } from 'zod';

/**
 * A text that is told and not made yet, such as the base64 of a large body: whoever writes the answer makes it, where nothing
 * waits for that.
 */
export abstract class ToldText {
  /** The text, for whoever writes it as part of other JSON. */
  abstract toJSON(): string;
}

/** A text that is told, made or not. A {@link ToldText} writes itself as its text, so that it counts as one. */
export const toldText = z.custom<string>((value) => typeof value === 'string' || value instanceof ToldText, 'Give a text.');
