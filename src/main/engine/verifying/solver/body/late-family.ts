import type { BodyCause } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import type { BodyFamily } from '../families.ts';

/** One change among very many, made on demand. */
export interface LateVariant {
  readonly causes: readonly { readonly cause: BodyCause; readonly family: BodyFamily }[];
  /** Null when it does not apply. */
  readonly make: () => Uint8Array | null;
}

/** A family with so many changes that they are tried after all usual ones, one at a time, and never held in memory together. */
export interface LateFamily {
  readonly family: BodyFamily;
  /** The likeliest first. */
  readonly variants: (doc: BodyDoc) => Iterable<LateVariant>;
  /** What is left out of this family for a body, as a sentence; null when nothing is. */
  readonly leftOut: (doc: BodyDoc) => string | null;
}
