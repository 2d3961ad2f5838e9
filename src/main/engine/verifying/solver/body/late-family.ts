import type { BodyCause } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import type { BodyFamily } from '../families.ts';

/** One change among very many, made when it is asked for. */
export interface LateVariant {
  readonly causes: readonly { readonly cause: BodyCause; readonly family: BodyFamily }[];
  /** Null where it does not apply. */
  readonly make: () => Uint8Array | null;
}

/** A family with so many changes that they come after all usual ones, each alone, and never all at hand. */
export interface LateFamily {
  readonly family: BodyFamily;
  /** The likeliest first. */
  readonly variants: (doc: BodyDoc) => Iterable<LateVariant>;
  /** What is left out of this family for a body, as a sentence; null when nothing is. */
  readonly leftOut: (doc: BodyDoc) => string | null;
}
