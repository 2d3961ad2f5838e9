import type { BodyCoding } from '#shared/body-coding.ts';
import { inflate, isKnownCoding, type Damage } from './inflate.ts';

/** A body with its content codings undone. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  /** Codings that were undone, in the order of undoing. */
  readonly undone: readonly string[];
  readonly isCut: boolean;
  /** Why a coding could not be undone, or not to its end. */
  readonly trouble: Trouble | null;
}

/** What is wrong, and with which coding. */
export type Trouble = { readonly coding: string } & (Damage | { readonly kind: 'unknown' | 'too-many' });

/** No honest sender applies more. */
const mostCodings = 4;

/** Undoes the content codings of a body, the last applied first, each up to a limit. */
export async function unpack(
  bytes: Uint8Array,
  { contentCodings }: Pick<BodyCoding, 'contentCodings'>,
  limitBytes: number,
): Promise<Unpacked> {
  const undone: string[] = [];
  let now = bytes;
  let isCut = false;
  if (bytes.byteLength === 0) return { bytes, undone, isCut, trouble: null };
  if (contentCodings.length > mostCodings)
    return { bytes, undone, isCut, trouble: { kind: 'too-many', coding: contentCodings.slice(0, mostCodings).join(', ') } };
  for (const coding of contentCodings.toReversed()) {
    if (!isKnownCoding(coding)) return { bytes: now, undone, isCut, trouble: { kind: 'unknown', coding } };
    const inflated = await inflate(coding, now, limitBytes);
    if (inflated.damage?.kind === 'unlike') return { bytes: now, undone, isCut, trouble: { coding, ...inflated.damage } };
    now = inflated.bytes;
    undone.push(coding);
    // The output of the next coding would be cut or damaged just because of this.
    if (inflated.damage !== null && !isCut) return { bytes: now, undone, isCut, trouble: { coding, ...inflated.damage } };
    isCut ||= inflated.isCut;
  }
  return { bytes: now, undone, isCut, trouble: null };
}
