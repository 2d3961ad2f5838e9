import { hexRow, utf8OrNull } from './body-format.ts';

/** A run of bytes in the signed string, as the contract has it. */
export interface PartPlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A part as it is shown. */
export interface ShownPart {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Its beginning as text where that is UTF-8, else in hex. */
  readonly text: string;
  readonly isHex: boolean;
  /** Bytes that are not shown. */
  readonly hiddenBytes: number;
  /** 1 to 4: which of the colours of parts it has. */
  readonly colour: number;
}

const coloured: Readonly<Record<string, number>> = { id: 1, timestamp: 2, body: 3, separator: 4, literal: 4, method: 1, url: 2 };

/** Cuts UTF-8 at a whole character. */
function wholeCharacters(bytes: Uint8Array, limit: number): Uint8Array {
  let end = Math.min(bytes.length, limit);
  while (end < bytes.length && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

/** Parts that are shown: a form of a million fields has as many. */
export const shownCount = 200;

/** What each part of a signed string holds. Parts of no length are left out; `limitBytes` counts for each part. */
export function shownParts(signed: Uint8Array, parts: readonly PartPlace[], limitBytes = 4096): readonly ShownPart[] {
  return parts
    .filter((part) => part.end > part.start)
    .slice(0, shownCount)
    .map((part) => {
      const bytes = signed.subarray(part.start, part.end);
      const beginning = wholeCharacters(bytes, limitBytes);
      const text = utf8OrNull(beginning);
      const shown = text === null ? bytes.subarray(0, limitBytes / 4) : beginning;
      return {
        ...part,
        text: text ?? hexText(shown),
        isHex: text === null,
        hiddenBytes: bytes.length - shown.length,
        colour: coloured[part.name] ?? 4,
      };
    });
}

function hexText(bytes: Uint8Array): string {
  const rows = Math.ceil(bytes.length / 16);
  return Array.from({ length: rows }, (_, row) => hexRow(bytes, row).hex.replace(/\s+/g, ' ').trim()).join(' ');
}
