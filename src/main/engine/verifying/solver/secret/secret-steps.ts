import type { SecretEditName } from '#shared/contract/solver-fix.ts';
import { editSecret } from '#shared/secret-edits.ts';
import type { Cause } from '../cause.ts';
import type { families, FamilyId } from '../families.ts';

/** Families whose changes touch the secret. */
export type SecretFamily = { [Id in FamilyId]: (typeof families)[Id]['kind'] extends 'secret' ? Id : never }[FamilyId];

/** One change of a secret: to another text, or to the bytes of the key. */
export interface SecretStep {
  readonly cause: Cause;
  /** The changed secret; null when the step does not apply. May return the same text. */
  readonly apply: (text: string) => string | Uint8Array | null;
  /** Never tried together with another change, not even of the secret's form. */
  readonly isAlone: boolean;
  /** The name of the edit for a fix; null when naming it would reveal the secret. */
  readonly edit: SecretEditName | null;
}

export const copyAgain = 'Copy the secret again, whole and without anything around it.';

/** A cause in the secret. */
export function secretCause(family: SecretFamily, id: string, cost: number, change: string, why: string, remedy: string): Cause {
  return { kind: 'secret', id: `secret-${id}`, family, cost, change, why, remedy };
}

/** A step that makes a named edit. */
export function editStep(cause: Cause, edit: SecretEditName, isAlone: boolean): SecretStep {
  return { cause, apply: (text) => editSecret(text, edit), isAlone, edit };
}
