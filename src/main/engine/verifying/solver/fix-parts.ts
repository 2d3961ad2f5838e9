import type { RequestChange, SecretEdit } from '#shared/contract/solver-fix.ts';
import type { Algorithm } from './algorithms.ts';
import type { Candidate } from './candidates.ts';
import type { Cause } from './cause.ts';
import type { MacFrame, VerdictFrame } from './frame.ts';
import type { KeyVariant, SecretMaking } from './secret/secret-variants.ts';
import type { Comparison } from './signature/comparison.ts';

/** A part of a change, or a sentence on why there is none. */
export type FixPart = RequestChange | string;

/** A match of a scheme whose signatures can be computed, with all its changes. */
export interface FoundMac {
  readonly frame: MacFrame;
  readonly candidate: Candidate;
  readonly key: KeyVariant;
  readonly algorithm: Algorithm;
  readonly mac: Uint8Array;
  readonly comparison: Comparison;
  readonly causes: readonly Cause[];
}

/** A match found through a scheme's verdict. */
export interface FoundVerdict {
  readonly frame: VerdictFrame;
  readonly body: Uint8Array;
  readonly url: string | null;
  readonly making: SecretMaking | null;
  readonly causes: readonly Cause[];
}

/** The secret that was used, with its edits and further ones. */
export function secretChange({ source, label, edits }: SecretMaking, more: readonly SecretEdit[]): FixPart {
  if (edits === null)
    return 'The sender uses the secret in a form that is not typed here: set the same secret, in the same form, on both sides.';
  const all = [...edits, ...more];
  switch (source?.kind) {
    case undefined:
      return {};
    case 'given':
      return all.length === 0 ? {} : { secret: { kind: 'edited', index: source.index, edits: all } };
    case 'owner':
      if (all.length > 0) return `The secret of ${label} is kept and never shown, so it cannot be changed here: enter it to apply this.`;
      return source.isExpired
        ? `This secret of ${label} is not in use any more, so it cannot be chosen here: enter it to apply this.`
        : { secret: { kind: 'owner', id: source.id } };
  }
}
