import { Buffer } from 'node:buffer';
import { codingOf } from '#shared/body-coding.ts';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import type { BodyRewrite } from '#shared/contract/comparing.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Trouble } from '../bodies/unpack.ts';
import type { ComparedBody } from './compared-body.types.ts';
import type { SideWords } from './side-words.ts';

/** Whether compression was undone in part only. */
export function isDamage(trouble: Trouble | null): boolean {
  return trouble?.kind === 'damaged' || trouble?.kind === 'ended';
}

/** Which compression is damaged, in one sentence for each of the two. */
export function damageRewrite(before: Trouble | null, after: Trouble | null, words: SideWords): readonly BodyRewrite[] {
  const told = (trouble: Trouble | null, side: string) =>
    trouble === null || !isDamage(trouble)
      ? []
      : [`The ${trouble.coding} stream of the ${side} body ${trouble.kind === 'ended' ? 'ends before its end' : 'is damaged'}.`];
  const sentences = [...told(before, words.before), ...told(after, words.after)];
  return sentences.length === 0 ? [] : [{ kind: 'damage', sentence: sentences.join(' ') }];
}

/** Whether compression was undone, made or changed on the way. */
export function packingRewrite(
  sent: DecodedBody,
  arrived: DecodedBody,
  before: ComparedBody,
  after: ComparedBody,
  words: SideWords,
  areDamaged: boolean,
): readonly BodyRewrite[] {
  const codings = (headers: readonly HeaderField[], bytes: Uint8Array | null) =>
    codingOf(headers, bytes ?? new Uint8Array()).contentCodings;
  const [one, other] = [sent.undone.join(', '), arrived.undone.join(', ')];
  if (one === other) {
    // What a damaged stream holds is not known, so whether it is the same is not either.
    if (one === '' || areDamaged) return [];
    // The same coding made anew: a proxy unpacked and packed it.
    return Buffer.from(sent.bodyBase64, 'base64').equals(Buffer.from(arrived.bodyBase64, 'base64'))
      ? [
          {
            kind: 'compression',
            sentence: words.isSameRequest
              ? `It was compressed again with ${one}: the content is the same, its bytes differ.`
              : `Both are compressed with ${one}, and to other bytes: the content is the same.`,
          },
        ]
      : [];
  }
  const word = (undone: string, headers: readonly HeaderField[], bytes: Uint8Array | null) =>
    undone !== ''
      ? `packed with ${undone}`
      : codings(headers, bytes).length > 0
        ? 'packed in a way that could not be undone'
        : 'not packed';
  return [
    {
      kind: 'compression',
      sentence: words.isSameRequest
        ? `Its compression changed: ${words.before} ${word(one, before.headers, before.bytes)}, ${words.after} ${word(other, after.headers, after.bytes)}.`
        : `The compression differs: the ${words.before} is ${word(one, before.headers, before.bytes)}, the ${words.after} ${word(other, after.headers, after.bytes)}.`,
    },
  ];
}
