import { codePointName } from '#shared/text/escapes.ts';
import { firstDifference, hexText } from '#shared/text/bytes.ts';
/** Two bodies around the first byte in which they differ. */
export interface ByteDiff {
  /** 0-based. */
  readonly offset: number;
  /** 1-based; lines end at LF. */
  readonly line: number;
  readonly column: number;
  readonly received: DiffSide;
  readonly signed: DiffSide;
}

/** One body around the place: what both share before it, and what follows from there on. */
export interface DiffSide {
  readonly before: string;
  readonly after: string;
  readonly hasMore: boolean;
  /** The first bytes from the place on, in hex; empty at the end of the body. */
  readonly hex: string;
}

const beforeBytes = 24;
const afterBytes = 24;
const hexBytes = 8;

/** Compares two bodies; null when they are the same. */
export function diffBytes(received: Uint8Array, signed: Uint8Array): ByteDiff | null {
  const offset = firstDifference(received, signed);
  if (offset === null) return null;
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < offset; at += 1) {
    if (received[at] !== 0x0a) continue;
    line += 1;
    lineStart = at + 1;
  }
  return { offset, line, column: offset - lineStart + 1, received: sideOf(received, offset), signed: sideOf(signed, offset) };
}

function sideOf(bytes: Uint8Array, offset: number): DiffSide {
  // Cutting inside a UTF-8 character would look like damage.
  let start = Math.max(0, offset - beforeBytes);
  while (start > 0 && start < offset && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  let end = Math.min(bytes.length, offset + afterBytes);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end += 1;
  const hex = hexText(bytes.subarray(offset, offset + hexBytes), ' ');
  return {
    before: `${start > 0 ? '…' : ''}${visible(bytes.subarray(start, offset))}`,
    after: visible(bytes.subarray(offset, end)),
    hasMore: end < bytes.length,
    hex,
  };
}

const names: Readonly<Record<string, string>> = { '\r': '⟦CR⟧', '\n': '⟦LF⟧', '\t': '⟦TAB⟧', '\u00a0': '⟦NBSP⟧', '\ufeff': '⟦BOM⟧' };

/** Text with every character that cannot be seen written out; bytes that are not UTF-8 as `⟦ff⟧`. */
function visible(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const whole = text.includes('\ufffd') ? Array.from(bytes, byteText).join('') : text;
  return whole.replaceAll(/[\p{Cc}\p{Cf}\u00a0]/gu, (character) => names[character] ?? `⟦${codePointName(character)}⟧`);
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : `⟦${byte.toString(16)}⟧`;
}
