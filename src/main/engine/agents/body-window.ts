import { Buffer } from 'node:buffer';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import type { SecretMask } from './secret-mask.ts';

/** Characters that are left out at the end of what is not whole. */
const leastCutEnd = 500;

/** JSON with letters, digits and the like as they are where it has escapes for them, which would hide a secret from the mask. */
export function plainEscapes(text: string): string {
  return text.replaceAll(/\\u00([2-7][0-9a-f])/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~+/=-]/.test(character) ? character : escape;
  });
}

/** The part of a body that was asked for. */
export interface BodyWindow {
  readonly body_offset: number;
  readonly body_limit: number;
}

/** A piece of a body, with a line on how much of it this is and where to read on. */
export function bodyPiece(
  name: string,
  body: Pick<DecodedBody, 'bodyBase64' | 'charset' | 'rawBytes' | 'isCut'>,
  { body_offset: from, body_limit: limit }: BodyWindow,
  mask: Pick<SecretMask, 'part' | 'longest'>,
): { readonly said: string; readonly texts: readonly { readonly title: string; readonly text: string }[] } {
  const bytes = Buffer.from(body.bodyBase64, 'base64');
  const isText = body.charset !== null;
  const whole = isText ? plainEscapes(bytes.toString('utf8')) : bytes.toString('hex');
  // The end of one that is cut could be a part of a secret.
  const text = body.isCut ? whole.slice(0, -Math.max(leastCutEnd, mask.longest())) : whole;
  const unit = isText ? 'characters' : 'hex digits';
  const to = Math.min(text.length, from + limit);
  const size = `${body.rawBytes} bytes, ${text.length} ${unit}${body.isCut ? ' of what can be shown (more is not)' : ''}`;
  if (text.length === 0)
    return { said: body.isCut ? `${name}: ${body.rawBytes} bytes, too many to be shown here.` : `${name}: empty.`, texts: [] };
  if (limit === 0 || from >= text.length) return { said: `${name}: ${size}.`, texts: [] };
  const more = to < text.length ? ` Read on with body_offset ${to}.` : '';
  return {
    said: `${name}: ${size}; ${unit} ${from} to ${to} are below.${more}`,
    texts: [{ title: `${name}, ${unit} ${from} to ${to} of ${text.length}:`, text: mask.part(text, from, to) }],
  };
}
