import type { MacRecipe } from './mac-recipe.ts';
import type { TimestampState } from './timestamp.ts';

/** All that was found out about a request, before it is judged. */
export interface Findings {
  readonly recipe: MacRecipe;
  readonly headers: HeaderFindings;
  readonly secrets: SecretFindings;
  readonly timestamp: TimestampState | null;
  readonly signature: SignatureFindings;
  /** What else the scheme signs and the request was given without, such as `URL`. */
  readonly unknown: readonly string[];
}

/** The scheme's headers in a request. */
export interface HeaderFindings {
  /** Names the scheme reads, in its order. */
  readonly wanted: readonly string[];
  /** Those without a value; an empty one is as good as none. */
  readonly missing: readonly { readonly name: string; readonly isEmpty: boolean }[];
  /** Names that occur more than once. */
  readonly repeated: readonly string[];
}

/** Which secrets have a key; indexes count all that were given. */
export interface SecretFindings {
  readonly count: number;
  readonly usable: readonly { readonly index: number; readonly key: Uint8Array }[];
  readonly problems: readonly { readonly index: number; readonly problem: string }[];
  readonly warnings: readonly string[];
}

/** How the received signatures compare; indexes count all secrets and all signatures. */
export type SignatureFindings =
  | { readonly kind: 'matched'; readonly secret: number; readonly signature: number }
  | { readonly kind: 'mismatched' }
  /** A clause that says what is wrong with the header. */
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'unchecked' };
