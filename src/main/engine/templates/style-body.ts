import { bodyDepthLimit, isJsonDeeper } from '#shared/json-depth.ts';
import { bodyStyles, StyledTooLong, writeStyled, type BodyStyle } from '#shared/json/body-style.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { Refusal } from '../base/refusal.ts';

/** A body that is JSON, and how it is to be written. */
export interface StyleOrder {
  readonly body: Uint8Array;
  readonly style: BodyStyle;
}

/** Characters of the longest body that is written; the limit of the workspace is below. */
const longest = 268_435_456;

/** Writes a body in a style. Throws a Refusal TEMPLATE_INVALID for one that is nested too deep, or would be too long. */
export function styleBody({ body, style }: StyleOrder): Uint8Array {
  if (isJsonDeeper(body)) throw unstyled(style, `it is nested more than ${bodyDepthLimit} levels deep: make it flatter`);
  try {
    return Buffer.from(writeStyled(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), style, longest), 'utf8');
  } catch (error) {
    if (!(error instanceof StyledTooLong)) throw error;
    throw unstyled(style, `it would have more than ${longest} characters: make it smaller or flatter`);
  }
}

function unstyled(style: BodyStyle, why: string): Refusal<'TEMPLATE_INVALID'> {
  const message = `The body cannot be written in the style ${style} (${bodyStyles[style].label}), since ${why}, or choose another style.`;
  return new Refusal('TEMPLATE_INVALID', message, {
    source: 'json',
    line: 1,
    column: 1,
    rendered: null,
    issues: [{ path: 'bodyStyle', message }],
  });
}

export const styleTask = task('styleBody', (order: StyleOrder): Uint8Array => ownBytes(styleBody(order)));
