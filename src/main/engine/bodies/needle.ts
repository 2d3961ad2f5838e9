import type { HeaderField } from '#shared/contract/common.ts';
import { codingOf, type BodyCoding } from '#shared/body-coding.ts';
import { readableText } from '#shared/text/text-codec.ts';
import { textsOf } from './charset.ts';
import { foldText } from './fold-text.ts';
import { looksLikeForm, readingsOf } from './readings.ts';
import { unpack } from './unpack.ts';

/** What is looked for. */
export interface Needle {
  /** As it was typed. */
  readonly text: string;
  readonly folded: string;
  /** Its longest part without a character that JSON or a header line would escape. */
  readonly core: string;
}

/** Makes a needle from what was typed. */
export function createNeedle(text: string): Needle {
  const folded = foldText(text);
  const core = folded.split(/["\\:\s]+/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
  return { text, folded, core };
}

/** The result of searching a body; `isPart` means that only part of it could be searched. */
export interface BodyLook {
  readonly isFound: boolean;
  readonly isPart: boolean;
}

/** At most this much of a body is searched, compressed or not. */
export const searchedBytes = 16 * 1024 * 1024;

/** At most this long is spent on one body; the rest then counts as not searched. */
const longestBodyMs = 1000;

/** A long text is searched in overlapping pieces, which bounds the memory that decoding takes. */
const stretchChars = 1_048_576;
/** 500 characters, each of them written as an escape of an escape. */
const overlapChars = 16_384;

/** Whether a text holds the needle, in any case. */
export function isInText({ folded }: Needle, text: string, isAscii?: boolean): boolean {
  return foldText(text, isAscii).includes(folded);
}

/** Whether a text contains the needle, as it is or in one of its readings. */
function isInReadings(needle: Needle, text: string, isForm: boolean, isAscii?: boolean): boolean {
  // When the text is ASCII, other readings need not be.
  for (const reading of readingsOf(text, isForm)) if (isInText(needle, reading, reading === text ? isAscii : undefined)) return true;
  return false;
}

/** Whether a URL or the target of a request holds the needle. Its characters are bytes, so text beyond ASCII is read as UTF-8 too. */
export function isInUrl(needle: Needle, url: string): boolean {
  const readable = readableText(url);
  return isInReadings(needle, url, true) || (readable !== url && isInReadings(needle, readable, true));
}

/** Whether a list of headers, as the log keeps it in JSON, holds the needle in a name, a value, or over both as `Name: value`. */
export function isInHeaders(needle: Needle, headersJson: string | null): boolean {
  if (headersJson === null) return false;
  // Most lists do not contain it; unless they have escapes, that can be seen without parsing them.
  if (!/[^\0-\x7f]|[\\%]/.test(headersJson) && !headersJson.toLowerCase().includes(needle.core)) return false;
  return (JSON.parse(headersJson) as HeaderField[]).some(([name, value]) =>
    [`${name}: ${value}`, `${name}:${value}`].some(
      (line) => isInReadings(needle, line, false) || isInReadings(needle, readableText(line), false),
    ),
  );
}

/** Whether a body holds the needle in any of the forms that it can be read in. */
export async function lookInBody(needle: Needle, bytes: Uint8Array, headers: readonly HeaderField[]): Promise<BodyLook> {
  const coding = codingOf(headers, bytes);
  if (coding.contentCodings.length === 0) return lookInPlain(needle, bytes, coding);
  const unpacked = await unpack(bytes, coding, searchedBytes);
  const inside = lookInPlain(needle, unpacked.bytes, coding);
  // Damaged or in an unknown coding: only the bytes as they came can be searched.
  const isPart = unpacked.isCut || unpacked.trouble !== null;
  const isFound = inside.isFound || (unpacked.trouble !== null && lookInPlain(needle, bytes, coding).isFound);
  return { isFound, isPart: !isFound && (isPart || inside.isPart) };
}

/** The same for a body that is not compressed. */
function lookInPlain(needle: Needle, whole: Uint8Array, { charset }: Pick<BodyCoding, 'charset'>): BodyLook {
  const bytes = whole.byteLength > searchedBytes ? whole.subarray(0, searchedBytes) : whole;
  const { isFound, isPart } = lookInTexts(needle, textsOf(bytes, charset));
  return { isFound, isPart: !isFound && (isPart || bytes.byteLength < whole.byteLength) };
}

/** The same for the possible texts of a body. */
export function lookInTexts(needle: Needle, texts: readonly string[], isAscii?: boolean): BodyLook {
  const deadlineMs = performance.now() + longestBodyMs;
  for (const text of texts) {
    const isForm = looksLikeForm(text);
    for (let from = 0; from === 0 || from + overlapChars < text.length; from += stretchChars) {
      const stretch = text.length <= stretchChars ? text : text.slice(from, from + stretchChars + overlapChars);
      if (isInReadings(needle, stretch, isForm, isAscii)) return { isFound: true, isPart: false };
      if (text.length > stretchChars && performance.now() > deadlineMs) return { isFound: false, isPart: true };
    }
  }
  return { isFound: false, isPart: false };
}
