import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import { hasUtf16Mark } from '#shared/body-coding.ts';
import { invalidUtf8At } from '#shared/text/text-codec.ts';

/** Which charset a body is read with, and how it was determined. */
export interface CharsetChoice {
  /** Name by the Encoding standard, such as `windows-1252` for what headers call ISO-8859-1. */
  readonly charset: string;
  readonly by: 'header' | 'mark' | 'bytes' | 'guess';
}

/** The Encoding standard's name for a charset in a header; null for an unknown one. */
export function charsetName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** Chooses the charset of a body; null when the bytes are not recognisable as text. */
export function chooseCharset(bytes: Uint8Array, declared: string | null, isTextType: boolean): CharsetChoice | null {
  if (hasUtf16Mark(bytes)) return { charset: bytes[0] === 0xff ? 'utf-16le' : 'utf-16be', by: 'mark' };
  const named = declared === null ? null : charsetName(declared);
  if (named !== null) return { charset: named, by: 'header' };
  const wide = wideCharset(bytes);
  if (wide !== null) return { charset: wide, by: 'bytes' };
  if (isUtf8(bytes)) return { charset: 'utf-8', by: 'bytes' };
  return isTextType ? { charset: 'windows-1252', by: 'guess' } : null;
}

/** JSON and markup begin with two ASCII characters, so zero bytes among them mean UTF-16. */
function wideCharset(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if (bytes.length < 4 || bytes.length % 2 === 1) return null;
  if (a === 0 && c === 0 && b !== 0 && d !== 0) return 'utf-16be';
  return b === 0 && d === 0 && a !== 0 && c !== 0 ? 'utf-16le' : null;
}

/** Decodes text; bytes that do not fit the charset become U+FFFD. When the bytes were cut, half a character at the end is left out. */
export function textBy(charset: string, bytes: Uint8Array, isCut = false): string {
  return new TextDecoder(charset).decode(bytes, { stream: isCut });
}

/** Offset of the first byte that is not valid in the charset; null when there is none. */
export function misfitAt(charset: string, bytes: Uint8Array): number | null {
  if (charset === 'utf-8') return isUtf8(bytes) ? null : (invalidUtf8At(bytes) ?? bytes.length);
  const fits = (length: number) => {
    try {
      new TextDecoder(charset, { fatal: true }).decode(bytes.subarray(0, length), { stream: length < bytes.length });
      return true;
    } catch {
      return false;
    }
  };
  if (fits(bytes.length)) return null;
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/**
 * The texts that a body may be, for a search: by the charset that it names, and as UTF-8 where it is. Bytes that are
 * neither are read as UTF-8 with gaps and as Windows-1252.
 */
export function textsOf(bytes: Uint8Array, declared: string | null): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = declared === null ? null : charsetName(declared);
  if (isAscii(bytes) && (named === null || !/^(?:utf-16|iso-2022)/.test(named))) {
    const wide = named === null ? wideCharset(bytes) : null;
    return wide === null ? [buffer.toString('latin1')] : [textBy(wide, bytes)];
  }
  const chosen = chooseCharset(bytes, declared, true);
  const texts = [textBy(chosen?.charset ?? 'utf-8', bytes)];
  if (chosen?.charset !== 'utf-8' && isUtf8(bytes)) texts.push(buffer.toString('utf8'));
  if (chosen?.by === 'guess') texts.push(buffer.toString('utf8'));
  if (chosen?.charset === 'utf-8' && !isUtf8(bytes)) texts.push(textBy('windows-1252', bytes));
  return texts;
}
