/** A text that matches a regular expression, or null for a pattern with parts that are not written here, such as a look-ahead. */
export function patternText(pattern: string, minLength = 0): string | null {
  let regex: RegExp;
  try {
    regex = new RegExp(pattern, 'u');
  } catch {
    return null;
  }
  for (const more of [0, 1, minLength]) {
    const text = writeAlternatives({ pattern, at: 0 }, more);
    if (text === null || text.length > longest) return null;
    if (text.length >= minLength && regex.test(text)) return text;
  }
  return null;
}

const longest = 10_000;

interface Reader {
  readonly pattern: string;
  at: number;
}

/** The first alternative; the others are read over. */
function writeAlternatives(reader: Reader, more: number): string | null {
  let first: string | null = null;
  for (;;) {
    const text = writeSequence(reader, more);
    if (text === null) return null;
    first ??= text;
    if (reader.pattern[reader.at] !== '|') return first;
    reader.at += 1;
  }
}

function writeSequence(reader: Reader, more: number): string | null {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const piece = writePiece(reader, more);
    if (piece === null) return null;
    const times = readTimes(reader, more);
    if (piece.length * times > longest) return null;
    text += piece.repeat(times);
  }
  return text;
}

function writePiece(reader: Reader, more: number): string | null {
  const char = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  switch (char) {
    case '^':
    case '$':
      return '';
    case '.':
      return 'a';
    case '(':
      return writeGroup(reader, more);
    case '[':
      return readClass(reader);
    case '\\':
      return readEscape(reader);
    default:
      return char;
  }
}

function writeGroup(reader: Reader, more: number): string | null {
  const opening = /\?(?::|<[A-Za-z_]\w*>)/y;
  if (reader.pattern[reader.at] === '?') {
    opening.lastIndex = reader.at;
    const found = opening.exec(reader.pattern);
    if (found === null) return null;
    reader.at += found[0].length;
  }
  const text = writeAlternatives(reader, more);
  if (reader.pattern[reader.at] !== ')') return null;
  reader.at += 1;
  return text;
}

/** How often the piece before is repeated: as seldom as it may be, and `more` often where there is no upper limit. */
function readTimes(reader: Reader, more: number): number {
  const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;
  quantifier.lastIndex = reader.at;
  const found = quantifier.exec(reader.pattern);
  if (found === null) return 1;
  reader.at += found[0].length;
  const [, mark, least, comma, most] = found;
  if (mark !== undefined) return mark === '?' ? Math.min(1, more) : Math.max(mark === '+' ? 1 : 0, more);
  const wanted = comma === '' ? 0 : more;
  return Math.max(Number(least), most === '' || most === undefined ? wanted : Math.min(wanted, Number(most)));
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  b: '',
  B: '',
  t: '\t',
  n: '\n',
  r: '\r',
};

function readEscape(reader: Reader): string | null {
  const char = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  if (char === 'u' || char === 'x') {
    const code = /[\da-fA-F]+/y;
    code.lastIndex = reader.at;
    const hex = code.exec(reader.pattern)?.[0].slice(0, char === 'u' ? 4 : 2);
    if (hex === undefined) return null;
    reader.at += hex.length;
    return String.fromCodePoint(Number.parseInt(hex, 16));
  }
  if (char === 'p' || char === 'P' || char === 'k' || /[1-9]/.test(char)) return null;
  return escapes[char] ?? char;
}

/** Characters tried for a class that excludes some. */
const candidates = 'a1A-_ .x9Z';

function readClass(reader: Reader): string | null {
  const { pattern } = reader;
  const from = reader.at;
  let end = from;
  while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1;
  reader.at = end + 1;
  const source = pattern.slice(from, end);
  try {
    const allowed = new RegExp(`^[${source}]$`, 'u');
    // Its own first character, where that says what it is.
    const own = /^[A-Za-z0-9]/.exec(source)?.[0] ?? '';
    return [own, ...candidates, ...source].find((char) => char !== '' && allowed.test(char)) ?? null;
  } catch {
    return null;
  }
}
