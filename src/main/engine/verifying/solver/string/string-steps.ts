import type { HeaderField } from '#shared/contract/common.ts';
import type { Cause } from '../cause.ts';
import type { StringFamily } from '../families.ts';
import type { StringPart } from '../signed-parts.ts';

/** One change of how the string is built. */
export interface StringStep {
  readonly cause: Cause;
  readonly family: StringFamily;
  /** A part that the request lacks at its usual place and this step fills in. */
  readonly supplies?: string;
  /** Null where the step does not apply. */
  readonly apply: (parts: readonly StringPart[]) => readonly StringPart[] | null;
}

/** Other parts of a request that may have been signed. */
export interface RequestFacts {
  readonly headers: readonly HeaderField[];
  readonly method: string | null;
  readonly url: string | null;
}

const agree = 'sender and receiver put the signed string together differently';
const matchRecipe = 'Put the signed string together as the scheme says, on both sides.';

/** A cause in the signed string. */
export function stringCause(family: StringFamily, id: string, cost: number, change: string, why = agree, remedy = matchRecipe): Cause {
  return { kind: 'string', id: `string-${id}`, family, cost, change, why, remedy };
}
