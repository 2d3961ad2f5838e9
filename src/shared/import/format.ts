import type { Pasted } from './pasted.ts';
import type { PasteSource } from './paste-source.ts';

/** Reads a text inside a paste, such as the text between fences; null if it has no request. */
export type ReadInner = (source: PasteSource) => Pasted | null;

/** One form in which people paste requests, or a wrapping around one that has to be removed first. */
export interface PasteFormat {
  /** Whether a paste may be of this form: a quick look that may be wrong. */
  readonly recognises: (source: PasteSource) => boolean;
  /** What the paste holds, or null where it turns out to be of another form. */
  readonly read: (source: PasteSource, inner: ReadInner) => Pasted | null;
}
