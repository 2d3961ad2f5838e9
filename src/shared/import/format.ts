import type { Pasted } from './pasted.ts';
import type { PasteSource } from './paste-source.ts';

/** Reads the text that was found inside a paste, such as what stands between fences; null when there is no request in it. */
export type ReadInner = (source: PasteSource) => Pasted | null;

/** One form in which people paste requests, or something around one that has to be taken away first. */
export interface PasteFormat {
  /** Whether a paste may be of this form: a quick look that may be wrong. */
  readonly recognises: (source: PasteSource) => boolean;
  /** What the paste holds, or null where it turns out to be of another form. */
  readonly read: (source: PasteSource, inner: ReadInner) => Pasted | null;
}
