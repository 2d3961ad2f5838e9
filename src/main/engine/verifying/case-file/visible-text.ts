import { codePointName } from '#shared/text/escapes.ts';
import { Buffer, isUtf8 } from 'node:buffer';

/** Bytes in a readable form. */
export interface VisibleBytes {
  readonly text: string;
  readonly isHex: boolean;
  /** How many bytes are not shown. */
  readonly hiddenBytes: number;
}

const textLimitBytes = 100_000;
const hexLimitBytes = 4096;

/** Text with invisible characters, and those that change the direction of text, written out; line feeds and tabs stay. */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => {
    if (character === '\n' || character === '\t') return character;
    return character === '\r' ? '⟦CR⟧' : `⟦${codePointName(character)}⟧`;
  });
}

/** UTF-8 as text, anything else as rows of hex; only the beginning when it is long. */
export function visibleBytes(bytes: Uint8Array): VisibleBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) {
    const shown = wholeCharacters(buffer, textLimitBytes);
    return { text: visibleText(buffer.toString('utf8', 0, shown)), isHex: false, hiddenBytes: buffer.byteLength - shown };
  }
  const shown = buffer.subarray(0, hexLimitBytes);
  return { text: hexRows(shown), isHex: true, hiddenBytes: buffer.byteLength - shown.byteLength };
}

/** The largest end within the limit that does not cut a UTF-8 character. */
function wholeCharacters(buffer: Buffer, limit: number): number {
  if (buffer.byteLength <= limit) return buffer.byteLength;
  let end = limit;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

function hexRows(buffer: Buffer): string {
  return Array.from({ length: Math.ceil(buffer.byteLength / 16) }, (_, row) => {
    const part = buffer.subarray(row * 16, row * 16 + 16);
    const hex = (part.toString('hex').match(/../g) ?? []).join(' ');
    const letters = part.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
    return `${(row * 16).toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${letters}`;
  }).join('\n');
}
