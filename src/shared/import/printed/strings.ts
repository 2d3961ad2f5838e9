import { binaryText, utf8Bytes } from '../../text/text-codec.ts';

/** A quoted string that was read: one character for each byte, and the offset behind its closing quote. */
export interface ReadString {
  readonly binary: string;
  readonly end: number;
  /** It is a template of JavaScript with `${…}` in it: the text that the code makes is another. */
  readonly hasCode?: boolean;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
};

/**
 * How a language writes strings: with the escapes that C brought to JavaScript, Python, Ruby and Go; with bytes in place of
 * characters (`b'\xc3\xa9'` of Python); or as PHP does between single quotes, where only quote and backslash are escaped.
 */
export type StringForm = 'characters' | 'bytes' | 'plain';

const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|(\r\n|[\s\S]))/y;
const lowHalf = /\\u([dD][c-fC-F][0-9a-fA-F]{2})/y;

/** The text between a quote at `at` and the next one like it; null where it is not closed. */
export function readQuoted(binary: string, at: number, form: StringForm): ReadString | null {
  const quote = binary[at] ?? '';
  const plain = quote === "'" ? /[^'\\]+/y : quote === '"' ? /[^"\\]+/y : /[^`\\]+/y;
  const pieces: string[] = [];
  let hasCode = false;
  let to = at + 1;
  while (to < binary.length && binary[to] !== quote) {
    plain.lastIndex = to;
    const run = plain.exec(binary)?.[0];
    if (run !== undefined) {
      pieces.push(run);
      // Escaped, its sign and its brace are in two runs.
      if (quote === '`' && run.includes('${')) hasCode = true;
      to += run.length;
      continue;
    }
    const read = form === 'plain' ? readPlainEscape(binary, to) : readEscape(binary, to, form);
    if (read === null) return null;
    pieces.push(read.binary);
    to = read.end;
  }
  return to < binary.length ? { binary: pieces.join(''), end: to + 1, ...(hasCode ? { hasCode } : {}) } : null;
}

function readPlainEscape(binary: string, at: number): ReadString {
  const next = binary[at + 1] ?? '';
  return next === '\\' || next === "'" ? { binary: next, end: at + 2 } : { binary: '\\', end: at + 1 };
}

function readEscape(binary: string, at: number, form: StringForm): ReadString | null {
  escape.lastIndex = at;
  const found = escape.exec(binary);
  if (found === null) return null;
  const [, hex, short, braced, long, other = ''] = found;
  const end = escape.lastIndex;
  if (hex !== undefined) {
    const code = Number.parseInt(hex, 16);
    return { binary: form === 'bytes' ? String.fromCharCode(code) : bytesOfCode(code), end };
  }
  const digits = short ?? braced ?? long;
  if (digits === undefined) return { binary: /[\r\n]/.test(other) ? '' : (simpleEscapes[other] ?? other), end };
  return readCharacter(binary, digits, end);
}

/** The character of an escape with these hexadecimal digits, which ends at `end`; where it is the first half of one, with the other. */
function readCharacter(binary: string, digits: string, end: number): ReadString {
  const code = Number.parseInt(digits, 16);
  if (code < 0xd800 || code > 0xdbff) return { binary: bytesOfCode(code), end };
  // Characters beyond the first 65,536 are written as two halves.
  lowHalf.lastIndex = end;
  const low = lowHalf.exec(binary)?.[1];
  if (low === undefined) return { binary: bytesOfCode(0xfffd), end };
  return { binary: bytesOfCode(0x10000 + ((code - 0xd800) << 10) + (Number.parseInt(low, 16) - 0xdc00)), end: lowHalf.lastIndex };
}

/** The UTF-8 form of a character, one character for each byte. */
export function bytesOfCode(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return binaryText(utf8Bytes(isCharacter ? String.fromCodePoint(code) : '\ufffd'));
}
