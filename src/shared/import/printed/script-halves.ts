import { bytesOfCode } from './strings.ts';

/*
 * Texts of JavaScript may hold one half of a character (a lone surrogate). UTF-8 has no form for it, so that it stands in the bytes of a
 * text as if it were a character of its own, in three bytes that UTF-8 never has, until the text is put together or sent.
 */
const half = /\xed([\xa0-\xbf])([\x80-\xbf])/g;
const pair = /\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g;

/** The bytes of a code unit, be it half of a character. */
export function bytesOfUnit(unit: number): string {
  if (unit < 0xd800 || unit > 0xdfff) return bytesOfCode(unit);
  return String.fromCharCode(0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
}

function unitOf(second: string, third: string): number {
  return 0xd000 | ((second.charCodeAt(0) & 0x3f) << 6) | (third.charCodeAt(0) & 0x3f);
}

/** A text whose pieces were put together: halves that meet are a character. */
export function withWholePairs(binary: string): string {
  if (!binary.includes('\xed')) return binary;
  return binary.replace(pair, (_, second: string, third: string, lowSecond: string, lowThird: string) =>
    bytesOfCode(0x10000 + ((unitOf(second, third) - 0xd800) << 10) + (unitOf(lowSecond, lowThird) - 0xdc00)),
  );
}

/** A text with something else in place of each half. */
export function withHalves(binary: string, replace: (unit: string) => string): string {
  if (!binary.includes('\xed')) return binary;
  return binary.replace(half, (_, second: string, third: string) => replace(String.fromCharCode(unitOf(second, third))));
}

/** A text as it is sent: UTF-8 has U+FFFD for each half. */
export function sentText(binary: string): string {
  return withHalves(binary, () => bytesOfCode(0xfffd));
}

/** The first code units of a text, such as the ten that JSON.stringify takes of an indent. */
export function firstUnits(binary: string, count: number): string {
  let at = 0;
  for (let left = count; left > 0 && at < binary.length; left -= 1) {
    const lead = binary.charCodeAt(at);
    if (lead >= 0xf0 && left === 1) {
      const code = ((lead & 0x07) << 18) | ((binary.charCodeAt(at + 1) & 0x3f) << 12) | ((binary.charCodeAt(at + 2) & 0x3f) << 6);
      return binary.slice(0, at) + bytesOfUnit(0xd800 + ((code - 0x10000) >> 10));
    }
    if (lead >= 0xf0) left -= 1;
    at += lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }
  return binary.slice(0, at);
}
