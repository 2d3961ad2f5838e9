import { binaryText, utf8Bytes } from '../text/text-codec.ts';
import { readHeredoc, type HeredocStart } from './heredoc.ts';
import { wordLimit } from './limits.ts';

/** A word of a command line with one character for each byte, an operator such as `|`, or a text given as standard input. */
export interface ShellToken {
  readonly kind: 'word' | 'operator' | 'stdin';
  readonly text: string;
}

/** A command line cut into words as its shell does; `notes` tell what the shell would have put in or left out. */
export interface ShellReading {
  readonly tokens: readonly ShellToken[];
  readonly notes: readonly string[];
  /** What only the shell could fill in and stands as it is, such as `$TOKEN`, the first of it. */
  readonly unfilled: readonly string[];
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

/**
 * Cuts command lines of sh or bash into words: quotes of all kinds, `$'…'` with its escapes, backslashes, comments and
 * here-documents. Variables to which the lines themselves give a value are filled in.
 */
export function readPosixWords(binary: string): ShellReading {
  const reader = createReader(binary);
  const tokens: ShellToken[] = [];
  const heredocs: HeredocStart[] = [];
  while (!reader.isAtEnd() && reader.problem() === null) {
    if (reader.skip(/(?:[ \t]+|\\\r?\n)+/y)) continue;
    if (reader.skip(/#[^\n]*/y)) continue;
    const heredoc = reader.match(heredocStart);
    if (heredoc !== null) {
      heredocs.push(startOf(heredoc));
      continue;
    }
    if (reader.skip(/<<<[ \t]*/y)) {
      tokens.push({ kind: 'stdin', text: `${readWord(reader)}\n` });
      continue;
    }
    const operator = reader.take(/\r?\n|\|\|?|&&?|;|<<?|>>?|[()]/y);
    if (operator === null) {
      const word = readWord(reader);
      const last = tokens.at(-1);
      if (last === undefined || last.kind === 'operator' || last.text === 'export') reader.assign(word);
      tokens.push({ kind: 'word', text: word });
    } else {
      if (operator.endsWith('\n')) tokens.push(...heredocs.splice(0).flatMap((start) => heredocToken(start, reader)));
      tokens.push({ kind: 'operator', text: operator.replace('\r', '') });
    }
    if (tokens.length > wordLimit) reader.fail(`The command has more than ${wordLimit} words, which is too many to read.`);
  }
  return { tokens, notes: reader.notes(), unfilled: reader.unfilled(), problem: reader.problem() };
}

const heredocStart = /<<(-?)[ \t]*(?:'([^'\n]{1,100})'|"([^"\n]{1,100})"|\\?(\w{1,100}))/y;

function startOf([whole, dash, single, double, bare]: RegExpExecArray): HeredocStart {
  return {
    delimiter: single ?? double ?? bare ?? '',
    isIndented: dash === '-',
    isQuoted: bare === undefined || whole.includes('\\'),
  };
}

/** The text of a here-document whose lines come next; none where its end is not found. */
function heredocToken(start: HeredocStart, reader: Reader): ShellToken[] {
  const text = reader.heredoc(start);
  return text === null ? [] : [{ kind: 'stdin', text: start.isQuoted ? text : filledIn(text, reader) }];
}

type Reader = ReturnType<typeof createReader>;

/** A place in a text that goes forward, with the notes made on the way. */
function createReader(binary: string) {
  const notes = new Set<string>();
  const variables = new Set<string>();
  const values = new Map<string, string>();
  const filled = new Set<string>();
  let isHeredocOpen = false;
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
    /** The value that the lines gave to a variable; else it stands as it is, and is taken down as what only the shell could fill in. */
    fillIn: (name: string): string => {
      const value = values.get(/^\$\{?(\w+)\}?$/.exec(name)?.[1] ?? '');
      if (value !== undefined) filled.add(name);
      else if (variables.size < 100) variables.add(name);
      return value ?? name;
    },
    /** Takes `NAME=value` down. */
    assign: (word: string) => {
      const [, name, value] = /^([A-Za-z_]\w{0,60})=([\s\S]*)$/.exec(word) ?? [];
      if (name !== undefined && value !== undefined && !value.startsWith('$(') && !value.startsWith('`')) values.set(name, value);
    },
    /** The text of a here-document that begins here; null, with what is wrong, where it never ends. */
    heredoc: (start: HeredocStart): string | null => {
      const found = isHeredocOpen ? null : readHeredoc(binary, at, start);
      if (found === null) {
        isHeredocOpen = true;
        problem ??= `The text after <<${start.delimiter} has no line ${start.delimiter} at its end; paste the whole command.`;
        return null;
      }
      at = found.end;
      return found.text;
    },
    fail: (sentence: string) => {
      problem ??= sentence;
      at = binary.length;
    },
    problem: () => problem,
    unfilled: () => [...variables],
    notes: () => [
      ...notes,
      ...(filled.size === 0 ? [] : [`Filled in from the paste itself: ${[...filled].slice(0, 5).join(', ')}.`]),
      ...[...variables]
        .slice(0, 5)
        .map((name) => `${name} is filled in by the shell; the paste does not contain its value, so it was left as it is.`),
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
      const document = readDocument(reader);
      const substitution = document ?? reader.take(substitutionPattern);
      if (substitution !== null) pieces.push(document ?? reader.fillIn(substitution));
      else if (reader.skip(/\$/y)) pieces.push('$');
      else if (reader.skip(/\r(?!\n)/y)) pieces.push('\r');
      else break;
    }
  }
  return pieces.join('');
}

const substitutionPattern = /\$(?:\{[^}\n]{0,100}\}|\([^)\n]{0,200}\)|\w{1,100}|[@*#?!$-])|`[^`\n]{0,200}`?/y;

const documentStart = /\$\([ \t]*cat[ \t]+<<(-?)[ \t]*(?:'([^'\n]{1,100})'|"([^"\n]{1,100})"|\\?(\w{1,100}))[ \t]*\r?\n/y;

/** `$(cat <<EOF … EOF )`: the text without the line breaks at its end; null for anything else. */
function readDocument(reader: Reader): string | null {
  const found = reader.match(documentStart);
  if (found === null) return null;
  const start = startOf(found);
  const text = reader.heredoc(start) ?? '';
  if (!reader.skip(/\s*\)/y)) reader.fail(`The text after the ${start.delimiter} that ends the heredoc is not read; put ) there.`);
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return start.isQuoted ? text.slice(0, end) : filledIn(text.slice(0, end), reader);
}

/** The text of a here-document as the shell fills it in. */
function filledIn(text: string, reader: Reader): string {
  return text.replace(
    /\\(?:([\\$`])|\n)|\$(?:\{[^}\n]{0,100}\}|\([^)\n]{0,200}\)|[A-Za-z_]\w{0,100})/g,
    (found, escaped: string | undefined) => (found.startsWith('$') ? reader.fillIn(found) : (escaped ?? '')),
  );
}

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
      const document = escaped === undefined ? readDocument(reader) : null;
      const substitution = escaped === undefined && document === null ? reader.take(substitutionPattern) : null;
      pieces.push(escaped ?? document ?? (substitution === null ? reader.next() : reader.fillIn(substitution)));
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
  if (value === 0) reader.note('The command holds a zero byte, where a shell would cut the text; it was read as the byte that was meant.');
  return String.fromCharCode(value);
}

function characterOf(code: number, reader: Reader): string {
  if (code < 0x80) return byteOf(code, reader);
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  if (isHalf || code > 0x10ffff) {
    reader.note(`The command holds \\u${code.toString(16)}, which is not a character; U+FFFD replaces it.`);
    return binaryText(utf8Bytes('\ufffd'));
  }
  return binaryText(utf8Bytes(String.fromCodePoint(code)));
}
