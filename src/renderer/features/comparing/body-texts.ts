import { looksLikeJson, prettyJson } from '../../ui/body-rows.ts';
import { utf8OrNull, bytesOfBase64 } from '../../ui/body-format.ts';
import type { DecodedBody } from '#shared/contract/bodies.ts';

/** Two bodies as texts, or why they are not shown as such, in a sentence. */
export type BodyTexts =
  | {
      /** Both as they were sent; both empty where a line of either is too long for the editor. */
      readonly before: string;
      readonly after: string;
      /** Both laid out in the same way; null where they are not JSON. */
      readonly laidOut: { readonly before: string; readonly after: string } | null;
    }
  | { readonly why: string };

/** Texts above this size, in bytes, are not put into the diff editor. */
export const textLimitBytes = 262_144;

/** A line above this many characters takes the editor long to draw. */
const lineLimit = 10_000;

/** Why bodies of these sizes are not shown as text; null where they may be. */
export function whyTooLarge(beforeBytes: number, afterBytes: number): string | null {
  return Math.max(beforeBytes, afterBytes) > textLimitBytes
    ? 'Bodies over 256 KiB are not shown as text beside each other: what differs is listed above, and the bytes stand below.'
    : null;
}

/** Two decoded bodies as texts for the diff editor. */
export function textsOf(before: DecodedBody | null, after: DecodedBody | null): BodyTexts {
  if (before === null || after === null) return { why: 'One of the bodies is not kept any more.' };
  const tooLarge = whyTooLarge(before.unpackedBytes, after.unpackedBytes);
  if (tooLarge !== null || before.isCut || after.isCut) return { why: tooLarge ?? 'One of the bodies is too large once it is unpacked.' };
  const [one, other] = [textOf(before), textOf(after)];
  if (one === null || other === null) return { why: 'At least one of the bodies is no text, so the bytes are shown.' };
  const laidOut = looksLikeJson(one) && looksLikeJson(other) ? { before: prettyJson(one) ?? one, after: prettyJson(other) ?? other } : null;
  const isLong = (text: string) => text.split('\n').some(({ length }) => length > lineLimit);
  const isLongAsSent = isLong(one) || isLong(other);
  if (laidOut === null ? isLongAsSent : isLong(laidOut.before) || isLong(laidOut.after))
    return { why: 'A line is too long for the diff editor, so the bytes are shown.' };
  return { ...(isLongAsSent ? { before: '', after: '' } : { before: one, after: other }), laidOut };
}

function textOf({ charset, bodyBase64 }: DecodedBody): string | null {
  return charset === null ? null : utf8OrNull(bytesOfBase64(bodyBase64));
}
