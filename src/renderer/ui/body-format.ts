import { binaryText, bytesOfBinary } from '#shared/import/text-codec.ts';
/** How a body is shown. */
export type BodyMode = 'pretty' | 'raw' | 'hex';

/** A run of characters of one kind, for colouring. */
export interface Token {
  readonly kind: 'key' | 'string' | 'number' | 'literal' | 'plain';
  readonly text: string;
}

/** The bytes of a base64 text. */
export function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> {
  return bytesOfBinary(atob(base64));
}

/** Standard base64 of bytes, as the contract carries them. */
export function base64OfBytes(bytes: Uint8Array): string {
  return btoa(binaryText(bytes));
}

/** The text of bytes when they are UTF-8, else null. A byte order mark stays, since it was sent. */
export function utf8OrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * JSON laid out with two spaces, else null. Only whitespace between tokens changes: numbers keep every digit and
 * strings every escape they were sent with, which parsing and writing again would not.
 */
export function prettyJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let depth = 0;
  let out = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      depth += 1;
      const closes = tokens[index + 1] === '}' || tokens[index + 1] === ']';
      out += closes ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const opened = tokens[index - 1] === '{' || tokens[index - 1] === '[';
      out += opened ? token : line() + token;
    } else if (token === ',') out += token + line();
    else if (token === ':') out += ': ';
    else out += token;
  }
  return out;
}

/** A line of laid-out JSON in coloured runs. */
export function jsonTokens(line: string): readonly Token[] {
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/g;
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(pattern)) {
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
  const pairs = Array.from(slice, (byte) => byte.toString(16).padStart(2, '0'));
  const left = pairs.slice(0, 8).join(' ').padEnd(23);
  const right = pairs.slice(8).join(' ').padEnd(23);
  const ascii = Array.from(slice, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return { offset: start.toString(16).padStart(8, '0'), hex: rowBytes === 8 ? left : `${left}  ${right}`, ascii };
}

/** Text in lines, with lines beyond `limit` characters cut up so that no row is endless. */
export function linesOf(text: string, limit = 4000): readonly string[] {
  return text.split(/\r\n|\n|\r/).flatMap((line) => {
    if (line.length <= limit) return [line];
    const parts: string[] = [];
    for (let at = 0; at < line.length; at += limit) parts.push(line.slice(at, at + limit));
    return parts;
  });
}
