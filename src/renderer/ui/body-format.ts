import { hexText } from '#shared/text/bytes.ts';
import { binaryText, bytesOfBinary } from '#shared/text/text-codec.ts';
/** How a body is shown. */
export type BodyMode = 'pretty' | 'raw' | 'hex';

/** A run of characters of one kind, for colouring. */
export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'literal' | 'plain';
  readonly text: string;
}

/** What newer platforms have of their own, and much faster; the types of this room do not know it yet. */
interface NativeBase64 {
  readonly fromBase64?: (base64: string) => Uint8Array<ArrayBuffer>;
}

/** The bytes of a base64 text. */
export function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as NativeBase64;
  return native.fromBase64?.(base64) ?? bytesOfBinary(atob(base64));
}

/** Standard base64 of bytes, as the contract carries them. */
export function base64OfBytes(bytes: Uint8Array & { readonly toBase64?: () => string }): string {
  return bytes.toBase64?.() ?? btoa(binaryText(bytes));
}

/** The text of bytes when they are UTF-8, else null. A byte order mark stays, since it was sent. */
export function utf8OrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Runs of a row that are coloured; a row with more, such as one of a minified body, goes on in one colour. */
const colouredTokens = 100;

/** A line of laid-out JSON in coloured runs. */
export function jsonTokens(line: string): readonly Token[] {
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(pattern)) {
    if (tokens.length >= colouredTokens) break;
    if (match.index > at) tokens.push({ kind: 'plain', text: line.slice(at, match.index) });
    const [whole, string, colon, number] = match;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: string });
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon });
    } else tokens.push({ kind: number === undefined ? 'literal' : 'number', text: whole });
    at = match.index + whole.length;
  }
  if (at < line.length) tokens.push({ kind: 'plain', text: line.slice(at) });
  return tokens;
}

/** A line of XML or HTML in coloured runs: names and brackets of tags, values of attributes, comments. */
export function markupTokens(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: Token['kind'], to: number) => {
    // The pieces of a short tag such as </> overlap.
    if (to <= at) return;
    tokens.push({ kind, text: line.slice(at, to) });
    at = to;
  };
  for (const { index, 0: tag } of line.matchAll(/<!--[^]*?(?:-->|$)|<(?:[^<>"']|"[^"<]*"|'[^'<]*')*>?/g)) {
    if (tokens.length >= colouredTokens) break;
    add('plain', index);
    const end = index + tag.length;
    if (tag.startsWith('<!--')) {
      add('literal', end);
      continue;
    }
    add('key', index + (/^<[/?!]?[^\s/>]*/.exec(tag)?.[0].length ?? 1));
    for (const { index: from, 0: value } of tag.matchAll(/"[^"]*"|'[^']*'/g)) {
      if (index + from < at || tokens.length >= colouredTokens) continue;
      add('plain', index + from);
      add('string', index + from + value.length);
    }
    add('plain', end - (/[/?]?>$/.exec(tag)?.[0].length ?? 0));
    add('key', end);
  }
  add('plain', line.length);
  return tokens;
}

/** Bytes in a row of the hex view: 16, or 8 where there is less room. */
export type HexRowBytes = 8 | 16;

/** One row of a hex dump: offset in 8 hex digits, the bytes, and the printable ASCII of them. */
export function hexRow(
  bytes: Uint8Array,
  row: number,
  rowBytes: HexRowBytes = 16,
): { readonly offset: string; readonly hex: string; readonly ascii: string } {
  const start = row * rowBytes;
  const slice = bytes.subarray(start, start + rowBytes);
  const left = hexText(slice.subarray(0, 8), ' ').padEnd(23);
  const right = hexText(slice.subarray(8), ' ').padEnd(23);
  return { offset: offsetText(start), hex: rowBytes === 8 ? left : `${left}  ${right}`, ascii: asciiText(slice) };
}

/** An offset as a hex dump has it: 8 hex digits or more. */
export function offsetText(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}

/** Bytes as a hex dump has them beside the hex: printable ASCII, and a dot for each other byte. */
export function asciiText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
