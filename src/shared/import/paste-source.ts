import { binaryText, bytesOfBinary, readableText, utf8Bytes } from '../text/text-codec.ts';
import type { PasteInput } from './pasted.ts';

/** A paste in the one form that every reader works on. */
export interface PasteSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One character for each byte, so that its offsets are those of the bytes. */
  readonly binary: string;
  /** Whether it came as text, whose bytes are then its UTF-8 form. */
  readonly isText: boolean;
  /** Doubts about the paste as a whole. */
  readonly notes: readonly string[];
  /** The number in the paste of a line, both from 1. */
  readonly lineInPaste: (line: number) => number;
  /** See {@link PasteInput.keepsRecords}. */
  readonly keepsRecords: boolean;
}

/**
 * What is left of a paste when something around it was taken away, with a note that says what. Where lines were left out, `kept` has the
 * index that each line had in the source, or the one that the first of them had, where all that follow it are kept.
 */
export function derivedSource(
  source: PasteSource,
  binary: string,
  notes: readonly string[],
  kept: readonly number[] | number = 0,
): PasteSource {
  const indexOf = (line: number) => (typeof kept === 'number' ? kept + line - 1 : (kept[line - 1] ?? line - 1));
  return {
    bytes: bytesOfBinary(binary),
    binary,
    isText: source.isText,
    notes: [...source.notes, ...notes],
    lineInPaste: (line) => source.lineInPaste(indexOf(line) + 1),
    keepsRecords: source.keepsRecords,
  };
}

/** Puts a paste into the form that readers work on. */
export function toPasteSource({ text = '', bytes: given, keepsRecords = false }: PasteInput): PasteSource {
  const bytes = given === undefined ? utf8Bytes(text) : new Uint8Array(given);
  const isBroken = given === undefined && !text.isWellFormed();
  return {
    bytes,
    binary: given === undefined && bytes.length === text.length ? text : binaryText(bytes),
    isText: given === undefined,
    notes: isBroken ? ['The text has half of a character (a lone surrogate), which has no bytes; U+FFFD replaces it.'] : [],
    lineInPaste: (line) => line,
    keepsRecords,
  };
}

/** Text of a run: what was pasted, or of a file one character for each byte, as headers are kept. */
export function headText({ binary, isText }: PasteSource, from: number, to: number): string {
  const run = binary.slice(from, to);
  return isText ? readableText(run) : run;
}

/** The bytes of a run. */
export function bytesFrom({ bytes }: PasteSource, from: number, to?: number): Uint8Array<ArrayBuffer> {
  return bytes.slice(from, to);
}

const byteOrderMark = '\u00ef\u00bb\u00bf';

/** Offset behind a byte order mark, if the source begins with one. */
export function afterMark({ binary }: PasteSource): number {
  return binary.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
}

/** Offset of the first character that is no space, behind a byte order mark. */
export function firstVisible(source: PasteSource): number {
  const spaces = /[ \t\r\n\f\v]*/y;
  spaces.lastIndex = afterMark(source);
  spaces.test(source.binary);
  return spaces.lastIndex;
}

/** 1-based number of the line that an offset lies in. */
export function lineAt(binary: string, offset: number): number {
  const { lf, cr, crlf } = countBreaks(binary, offset);
  return 1 + lf + cr + crlf;
}

/** How many line breaks of each kind stand before an offset. */
export function countBreaks(binary: string, end = binary.length): { readonly crlf: number; readonly cr: number; readonly lf: number } {
  let crlf = 0;
  let cr = 0;
  let lf = 0;
  for (let at = 0; at < end; at += 1) {
    const code = binary.charCodeAt(at);
    if (code === 0x0a) lf += 1;
    else if (code === 0x0d && binary.charCodeAt(at + 1) === 0x0a) {
      crlf += 1;
      at += 1;
    } else if (code === 0x0d) cr += 1;
  }
  return { crlf, cr, lf };
}
