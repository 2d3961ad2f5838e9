import { regexEscape } from '#shared/text/escapes.ts';
import { isSameHeader } from '#shared/text/headers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import type { CustomGuess } from '#shared/recognise/signature-value.ts';
import { recogniseScheme, type RecognisableRequest, type RecognisedScheme } from '#shared/recognise/recognise-scheme.ts';

/** The schemes that a request looks like. */
export interface Recognised {
  /** The scheme that fits best and can be checked, or null when nothing does. */
  readonly scheme: string | null;
  readonly confidence: RecognisedScheme['confidence'] | null;
  /** One sentence about why. */
  readonly because: string;
  readonly custom: CustomGuess;
  /** Every scheme that may be meant, the likeliest first. */
  readonly all: readonly RecognisedScheme[];
}

/** A header with a value of interest, as it stands in the request. */
export interface FoundHeader {
  readonly name: string;
  readonly value: string;
}

/** First header of a name, whatever its case. */
export function findHeader(headers: readonly HeaderField[], name: string): FoundHeader | null {
  const found = headers.find(([key]) => isSameHeader(key, name));
  return found === undefined ? null : { name: found[0], value: found[1] };
}

/** Finds the scheme of a request by what it carries; `schemes` are those that can be checked. */
export function recognise(request: RecognisableRequest, schemes: readonly Pick<SchemeInfo, 'id'>[]): Recognised {
  const all = recogniseScheme(request);
  const best = all.find(({ scheme }) => schemes.some(({ id }) => id === scheme));
  if (best === undefined) {
    const because =
      all[0] === undefined ? 'Nothing in it looks like a signature.' : `It seems to be ${all[0].scheme}, which cannot be checked here.`;
    return { scheme: null, confidence: null, because, custom: {}, all };
  }
  return { scheme: best.scheme, confidence: best.confidence, because: best.because, custom: best.options ?? {}, all };
}

/** Where a header's line and its value stand in the text it was read from; null for JSON or folded values. */
export function headerValueRange(
  text: string,
  name: string,
): { readonly line: number; readonly start: number; readonly end: number } | null {
  const match = new RegExp(`^(${regexEscape(name)}[ \\t]*:[ \\t]*)(.*)$`, 'im').exec(text);
  if (match === null) return null;
  const start = match.index + (match[1] ?? '').length;
  return { line: match.index, start, end: start + (match[2] ?? '').trimEnd().length };
}
