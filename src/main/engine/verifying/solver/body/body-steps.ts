import { Buffer } from 'node:buffer';
import type { BodyDoc } from './body-doc.ts';
import type { Cause } from '../cause.ts';
import type { BodyFamily } from '../families.ts';
import type { JsonStyle } from './json-style.ts';

/**
 * One change of a body that undoes one accident. Steps of a lower stage are applied before those of a higher one: what
 * unpacks, what repairs characters, what rewrites JSON, what sets line ends, what packs, what cuts.
 */
export interface BodyStep {
  readonly cause: BodyCause;
  readonly stage: 1 | 2 | 3 | 4 | 5 | 6;
  /** Steps of one family exclude each other. */
  readonly family: BodyFamily;
  /** Never tried together with another change of the body. */
  readonly isAlone?: boolean;
  /** The changed bytes; null when the step does not apply. May return the same bytes. */
  readonly apply: (doc: BodyDoc) => Uint8Array | null;
  /** What a JSON step rewrites, so that two of them can be done at once. */
  readonly style?: JsonStyle;
}

/** A cause in the body, before the family of its step is known. */
export type BodyCause = Omit<Cause, 'family'>;

/** A step over the body as one character per byte. */
export function byteTextStep(
  cause: BodyCause,
  stage: BodyStep['stage'],
  family: BodyFamily,
  change: (latin1: string) => string | null,
): BodyStep {
  return {
    cause,
    stage,
    family,
    apply: (doc) => {
      const changed = change(doc.latin1());
      return changed === null ? null : Buffer.from(changed, 'latin1');
    },
  };
}

/** A step over the body as UTF-8 text. */
export function textStep(
  cause: BodyCause,
  stage: BodyStep['stage'],
  family: BodyFamily,
  change: (text: string) => string | null,
): BodyStep {
  return {
    cause,
    stage,
    family,
    apply: (doc) => {
      const text = doc.utf8();
      const changed = text === null ? null : change(text);
      return changed === null ? null : Buffer.from(changed, 'utf8');
    },
  };
}

/** A cause in the body. */
export function bodyCause(id: string, cost: number, change: string, why: string, remedy: string): BodyCause {
  return { kind: 'body', id: `body-${id}`, cost, change, why, remedy };
}

export const useRawBody = 'Use the raw body.';
export const copyAsFile = 'Take the body from a file or a capture, not from a copy of its text.';
