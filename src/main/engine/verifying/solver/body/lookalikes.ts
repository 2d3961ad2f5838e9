import { Buffer } from 'node:buffer';
import { lookalikesOf } from '../lookalikes.ts';
import { bodyCause, copyAsFile } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';
import type { LateFamily } from './late-family.ts';

/** Larger bodies have too many such characters to try each. */
const limitBytes = 2000;

/** Replaces one character of a short body by a similar-looking one. */
export const bodyLookalikes: LateFamily = {
  family: 'lookalikes',
  variants: function* variants(doc) {
    const text = textOf(doc);
    if (text === null) return;
    for (let at = 0; at < text.length; at += 1)
      for (const other of lookalikesOf(text.charAt(at))) {
        const cause = bodyCause(
          'lookalike',
          2,
          `character ${(at + 1).toLocaleString('en-US')} of the body is ${other} and not ${text.charAt(at)}`,
          'the body was typed, or read off a picture, and one character was taken for another',
          copyAsFile,
        );
        yield {
          causes: [{ cause, family: 'lookalikes' }],
          make: () => Buffer.from(text.slice(0, at) + other + text.slice(at + 1), 'utf8'),
        };
      }
  },
  leftOut: () => null,
};

function textOf(doc: BodyDoc): string | null {
  return doc.bytes.byteLength > limitBytes ? null : doc.utf8();
}
