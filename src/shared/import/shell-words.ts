import { binaryText, utf8Bytes } from './text-codec.ts';
import { wordLimit } from './limits.ts';

/** A word of a command line with one character for each byte, or an operator such as `|`. */
export interface ShellToken {
  readonly kind: 'word' | 'operator';
  readonly text: string;
}

/** A command line cut into words as its shell does; `notes` tell what the shell would have put in or left out. */
export interface ShellReading {
  readonly tokens: readonly ShellToken[];
  readonly notes: readonly string[];
  /** A sentence when the line ends inside a quote or is too long to read, else null. */
  readonly problem: string | null;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Cuts a command line of sh or bash into words: quotes of all kinds, `$'…'` with its escapes, backslashes and comments. */
export function readPosixWords(binary: string): ShellReading {
  const reader = createReader(binary);
  const tokens: ShellToken[] = [];
  while (!reader.isAtEnd() && reader.problem() === null) {
    if (reader.skip(/(?:[ \t]+|\\\r?\n)+/y)) continue;
    if (reader.skip(/#[^\n]*/y)) continue;
    const operator = reader.take(/\r?\n|\|\|?|&&?|;|<<?|>>?|[()]/y);
    if (operator === null) tokens.push({ kind: 'word', text: readWord(reader) });
    else if (operator !== '') tokens.push({ kind: 'operator', text: operator.replace('\r', '') });
    if (tokens.length > wordLimit) reader.fail(`The command has more than ${wordLimit} words, which is too many to read.`);
  }
  return { tokens, notes: reader.notes(), problem: reader.problem() };
}

type Reader = ReturnType<typeof createReader>;

/** A place in a text that goes forward, with the notes made on the way. */
function createReader(binary: string) {
  const notes = new Set<string>();
  const variables = new Set<string>();
  let at = 0;
  let problem: string | null = null;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(binary);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  return {
    isAtEnd: () => at >= binary.length,
    match,
    take: (pattern: RegExp) => match(pattern)?.[0] ?? null,
    skip: (pattern: RegExp) => match(pattern) !== null,
    next: () => binary[at++] ?? '',
    note: (sentence: string) => void notes.add(sentence),
    /** Takes down a variable or substitution, which only the shell that ran the command could fill in. */
    noteVariable: (name: string) => void (variables.size < 5 && variables.add(name)),
    fail: (sentence: string) => {
      problem ??= sentence;
      at = binary.length;
    },
    problem: () => problem,
    notes: () => [
      ...notes,
      ...[...variables].map((name) => `${name} is filled in by the shell, and the paste does not tell with what; it stands as it is.`),
    ],
  };
}

function readWord(reader: Reader): string {
  const pieces: string[] = [];
  while (!reader.isAtEnd()) {
    const plain = reader.take(/[^ \t\r\n'"\\$`|&;<>()]+/y);
    if (plain !== null) pieces.push(plain);
    else if (reader.skip(/'/y)) pieces.push(readSingle(reader));
    else if (reader.skip(/\$'/y)) pieces.push(readAnsi(reader));
    else if (reader.skip(/\$?"/y)) pieces.push(readDouble(reader));
    else if (reader.skip(/\\\r?\n/y)) continue;
    else if (reader.skip(/\\/y)) pieces.push(reader.next());
    else {
      const substitution = reader.take(substitutionPattern);
      if (substitution !== null) {
        reader.noteVariable(substitution);
        pieces.push(substitution);
      } else if (reader.skip(/\$/y)) pieces.push('$');
      else if (reader.skip(/\r(?!\n)/y)) pieces.push('\r');
      else break;
    }
  }
  return pieces.join('');
}

const substitutionPattern = /\$(?:\{[^}\n]{0,100}\}|\([^)\n]{0,200}\)|\w{1,100}|[@*#?!$-])|`[^`\n]{0,200}`?/y;

function readSingle(reader: Reader): string {
  const text = reader.take(/[^']*/y) ?? '';
  if (!reader.skip(/'/y)) reader.fail("A quote (') is not closed; paste the whole command.");
  return text;
}

function readDouble(reader: Reader): string {
  const pieces: string[] = [];
  while (!reader.skip(/"/y)) {
    if (reader.isAtEnd()) {
      reader.fail('A quote (") is not closed; paste the whole command.');
      break;
    }
    const plain = reader.take(/[^"\\$`]+/y);
    if (plain !== null) pieces.push(plain);
    else if (reader.skip(/\\\r?\n/y)) continue;
    else {
      const escaped = reader.match(/\\(["\\$`])/y)?.[1];
      const substitution = escaped === undefined ? reader.take(substitutionPattern) : null;
      if (substitution !== null) reader.noteVariable(substitution);
      pieces.push(escaped ?? substitution ?? reader.next());
    }
  }
  return pieces.join('');
}

const ansiEscape = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c([\s\S])|([\s\S]))/y;

/** `$'…'`, whose escapes make bytes (`\x`, octal) or the UTF-8 form of characters (`\u`, `\U`). */
function readAnsi(reader: Reader): string {
  const pieces: string[] = [];
  while (!reader.skip(/'/y)) {
    const plain = reader.take(/[^'\\]+/y);
    if (plain !== null) {
      pieces.push(plain);
      continue;
    }
    const escape = reader.match(ansiEscape);
    if (escape === null) {
      reader.fail("A quote ($') is not closed; paste the whole command.");
      break;
    }
    const [, hex, short, long, octal, control, letter = ''] = escape;
    if (hex !== undefined) pieces.push(byteOf(Number.parseInt(hex, 16), reader));
    else if (short !== undefined || long !== undefined) pieces.push(characterOf(Number.parseInt(short ?? long ?? '', 16), reader));
    else if (octal !== undefined) pieces.push(byteOf(Number.parseInt(octal, 8) & 0xff, reader));
    else if (control !== undefined) pieces.push(byteOf(control.charCodeAt(0) & 0x1f, reader));
    else pieces.push(simpleEscapes[letter] ?? (/['"?\\]/.test(letter) ? letter : `\\${letter}`));
  }
  return pieces.join('');
}

function byteOf(value: number, reader: Reader): string {
  if (value === 0)
    reader.note('The command holds a zero byte, where a shell would cut the text; it was taken for the byte that was meant.');
  return String.fromCharCode(value);
}

function characterOf(code: number, reader: Reader): string {
  if (code < 0x80) return byteOf(code, reader);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  if (isHalf || code > 0x10ffff) {
    reader.note(`The command holds \\u${code.toString(16)}, which is no character; U+FFFD stands in its place.`);
    return binaryText(utf8Bytes('\ufffd'));
  }
  return binaryText(utf8Bytes(String.fromCodePoint(code)));
}
