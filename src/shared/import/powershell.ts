import { hasHeader } from '../text/headers.ts';
import type { HeaderField } from '../contract/common.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { commandLimitBytes, jsonDepthLimit } from './limits.ts';
import { firstVisible, type PasteSource } from './paste-source.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, refusedPaste, type BodyGap, type Pasted, type PastedProblem } from './pasted.ts';
import { binaryText, bytesOfBinary, readableText, utf8Bytes } from '../text/text-codec.ts';

const command = /(?:Invoke-(?:WebRequest|RestMethod)|\biwr|\birm)(?=\s)/i;

/** `Invoke-WebRequest` and `Invoke-RestMethod`, as browsers and Postman write them. */
export const powershellFormat: PasteFormat = {
  recognises: (source) => {
    const start = source.binary.slice(firstVisible(source), firstVisible(source) + 65_536);
    return (
      /^(?:PS [^>\n]{0,200}> ?)?(?:\$\w+(?:\.\w+)*(?:\.Add\(|[ \t]*=)|Invoke-(?:WebRequest|RestMethod)\b|iwr\b|irm\b)/i.test(start) &&
      command.test(start)
    );
  },
  read: readPowershell,
};

/** A value: a text, a hash table of texts, or something that is not in the paste. */
type Value =
  | { readonly kind: 'text'; readonly binary: string; readonly isUnfilled?: boolean }
  | { readonly kind: 'table'; readonly entries: HeaderField[] }
  | { readonly kind: 'other'; readonly text: string };

/** Reads a PowerShell command with the assignments before it. */
export function readPowershell(source: PasteSource): Pasted {
  if (source.binary.length > commandLimitBytes)
    return refusedPaste('powershell', `The command is larger than ${commandLimitBytes} bytes; save the body as a file instead.`);
  const reader = createReader(source.binary);
  const call = readStatements(reader);
  if (call === null) return refusedPaste('powershell', 'The paste contains no Invoke-WebRequest or Invoke-RestMethod.');
  const problems: PastedProblem[] = [...call.problems, ...reader.problems()];
  const headers: HeaderField[] = [...call.headers];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !hasHeader(headers, name)) headers.push([name, value]);
  };
  add('User-Agent', call.texts.get('useragent') ?? reader.agent());
  add('Content-Type', call.texts.get('contenttype'));
  const body = call.body;
  return {
    ...noRequest,
    kind: 'powershell',
    confidence: 'certain',
    method: call.texts.get('method')?.toUpperCase() ?? (body === null && call.bodyGap === null ? 'GET' : 'POST'),
    url: call.texts.get('uri') ?? null,
    body: body === null ? null : bytesOfBinary(body),
    ...withinHeaderLimit(headers, problems),
    notes: [...source.notes, ...reader.notes()],
    ...(call.bodyGap === null ? {} : { bodyGap: call.bodyGap }),
    ...(call.lacksHeaders || reader.isTableCut() ? { lacksHeaders: true } : {}),
  };
}

type Reader = ReturnType<typeof createReader>;

function createReader(binary: string) {
  let at = 0;
  let agent: string | undefined;
  const variables = new Map<string, Value>();
  const notes = new Set<string>();
  const problems: PastedProblem[] = [];
  let unfilled = 0;
  let isTableCut = false;
  let depth = 0;
  let isTooDeep = false;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(binary);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  return {
    binary,
    variables,
    isAtEnd: () => at >= binary.length,
    match,
    skip: (pattern: RegExp) => match(pattern) !== null,
    /** Blanks, and line breaks that a backtick takes away. */
    blanks: () => void match(/(?:[ \t]+|`\r?\n)*/y),
    space: () => void match(/(?:[\s,;]+|`\r?\n|#[^\n]*)*/y),
    next: () => binary[at++] ?? '',
    /** What stands inside of a value; null where it stands too deep, and then nothing more is read. */
    inside: <T>(read: () => T): T | null => {
      if (depth >= jsonDepthLimit) {
        at = binary.length;
        isTooDeep = true;
        problems.push({ message: `The command has values more than ${jsonDepthLimit} levels deep, which is too deep to be read.` });
        return null;
      }
      depth += 1;
      const value = read();
      depth -= 1;
      return value;
    },
    note: (sentence: string) => void notes.add(sentence),
    problem: (message: string) => void problems.push({ message }),
    setAgent: (text: string) => void (agent = text),
    agent: () => agent,
    markUnfilled: () => void (unfilled += 1),
    /** How many variables were met so far that have no value in the paste. */
    unfilled: () => unfilled,
    markTableCut: () => void (isTableCut = true),
    /** Whether the rest was left alone, since it stands too deep. */
    isTooDeep: () => isTooDeep,
    /** Whether a table has a value that is not in the paste. */
    isTableCut: () => isTableCut,
    notes: () => [...notes],
    problems: () => problems,
  };
}

interface CallParts {
  readonly texts: Map<string, string>;
  headers: readonly HeaderField[];
  body: string | null;
  bodyGap: BodyGap | null;
  lacksHeaders: boolean;
  readonly problems: PastedProblem[];
}

function readStatements(reader: Reader): CallParts | null {
  while (!reader.isAtEnd()) {
    reader.space();
    const added = reader.match(/\$(\w+)\.(?:Add|Append)\(/y)?.[1];
    const assigned = added === undefined ? reader.match(/\$(\w+(?:\.\w+)*)[ \t]*=[ \t]*/y)?.[1] : undefined;
    if (added !== undefined) addEntry(reader, added);
    else if (reader.skip(/(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)(?=\s)/iy)) return readCall(reader);
    else if (assigned !== undefined) {
      if (reader.skip(/(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)(?=\s)/iy)) return readCall(reader);
      const value = readValue(reader);
      if (/\.UserAgent$/i.test(assigned) && value?.kind === 'text') reader.setAgent(readableText(value.binary));
      else if (value !== null) reader.variables.set(assigned.toLowerCase(), value);
    } else if (!reader.skip(/[^\n]*\n?/y) || reader.isAtEnd()) break;
  }
  return null;
}

/** `$headers.Add("name", "value")`. */
function addEntry(reader: Reader, name: string): void {
  reader.space();
  const key = readValue(reader);
  reader.space();
  const value = readValue(reader);
  reader.skip(/\s*\)/y);
  const held = reader.variables.get(name.toLowerCase());
  const table: Value = held?.kind === 'table' ? held : { kind: 'table', entries: [] };
  if (table.kind === 'table' && key?.kind === 'text' && value?.kind === 'text')
    table.entries.push([readableText(key.binary), readableText(value.binary)]);
  reader.variables.set(name.toLowerCase(), table);
}

function readCall(reader: Reader): CallParts {
  const parts: CallParts = { texts: new Map(), headers: [], body: null, bodyGap: null, lacksHeaders: false, problems: [] };
  for (;;) {
    reader.blanks();
    const name = reader.match(/-([A-Za-z]+):?/y)?.[1]?.toLowerCase();
    if (name === undefined) {
      const value = reader.skip(/(?=\s|$|[;|)])/y) ? null : readValue(reader);
      if (value === null) return parts;
      // The URL may stand without a name.
      if (value.kind === 'text' && !parts.texts.has('uri')) parts.texts.set('uri', readableText(value.binary));
      continue;
    }
    if (['usebasicparsing', 'skipcertificatecheck', 'skipheadervalidation', 'disablekeepalive'].includes(name)) continue;
    reader.blanks();
    const value = readValue(reader);
    if (value === null) return parts;
    if (name === 'headers' && value.kind === 'table') parts.headers = value.entries;
    else if (name === 'headers') parts.lacksHeaders = true;
    else if (name === 'body') parts.body = bodyOf(value, parts);
    else if (name === 'infile') {
      parts.bodyGap = missingBody('is in a file (-InFile), which cannot be read from here');
      parts.problems.push({ message: 'The body is in a file (-InFile), which cannot be read from here; add its bytes as the body.' });
    } else if (name === 'form') parts.bodyGap = missingBody('has several parts (-Form), whose bytes are not in the command');
    else if (value.kind === 'text') parts.texts.set(name, readableText(value.binary));
  }
}

function bodyOf(value: Value, parts: CallParts): string | null {
  if (value.kind === 'text') {
    if (value.isUnfilled === true) parts.bodyGap = missingBody('holds variables whose values are not in the text');
    return value.binary;
  }
  const { problems } = parts;
  parts.bodyGap = missingBody('is made by code, and the text does not hold the result');
  problems.push({
    message:
      value.kind === 'table'
        ? 'The body is a hash table, and the command does not say how PowerShell writes it; paste the request as it was sent.'
        : `The body is ${value.text}, whose value is not in the paste; add its bytes as the body.`,
  });
  return null;
}

function readValue(reader: Reader): Value | null {
  return reader.inside(() => readNested(reader));
}

function readNested(reader: Reader): Value | null {
  reader.blanks();
  const cast = reader.match(/\(?\[(?:System\.)?Text\.Encoding\]::(\w+)\.GetBytes\(/iy);
  if (cast !== null) {
    const value = readValue(reader);
    reader.skip(/\s*\)\)?/y);
    if (!/^utf8$/i.test(cast[1] ?? '') && value?.kind === 'text' && /[^\0-\x7f]/.test(value.binary))
      reader.problem(`The body is sent as ${cast[1] ?? ''}, which is not supported; add its bytes as the body.`);
    return value;
  }
  if (reader.skip(/@"[ \t]*\r?\n/y)) return hereString(reader, true);
  if (reader.skip(/@'[ \t]*\r?\n/y)) return hereString(reader, false);
  if (reader.skip(/@\{/y)) return readTable(reader);
  if (reader.skip(/"/y)) return expandedText(reader, () => readExpanding(reader, /"/y));
  if (reader.skip(/'/y)) return { kind: 'text', binary: readLiteral(reader) };
  const variable = reader.match(/\$(\w+(?:\.\w+)*)/y);
  if (variable !== null) return reader.variables.get((variable[1] ?? '').toLowerCase()) ?? { kind: 'other', text: variable[0] };
  if (reader.skip(/\(/y)) {
    const value = readValue(reader);
    // Such as `@{…} | ConvertTo-Json`, whose spaces differ between versions of PowerShell.
    const rest = reader.match(/[^)\n]{0,1000}\)?/y)?.[0] ?? '';
    return rest.trim() === ')' ? value : { kind: 'other', text: 'what a command gives' };
  }
  const word = reader.match(/[^\s;|)}]+/y)?.[0];
  if (word === undefined) return null;
  if (/^New-Object$/i.test(word)) reader.skip(/[^\n]*/y);
  return /^New-Object$/i.test(word) ? { kind: 'table', entries: [] } : { kind: 'text', binary: word };
}

function readTable(reader: Reader): Value {
  const entries: HeaderField[] = [];
  for (;;) {
    reader.space();
    if (reader.isAtEnd() || reader.skip(/\}/y)) break;
    const key = readKey(reader);
    reader.skip(/[ \t]*=[ \t]*/y);
    const value = readValue(reader);
    if (key === null || value === null || reader.isTooDeep()) break;
    if (value.kind === 'text') entries.push([readableText(key), readableText(value.binary)]);
    else {
      reader.markTableCut();
      reader.problem(
        `The value of ${readableText(key)} is ${value.kind === 'other' ? value.text : 'a table'}, whose value is not in the paste.`,
      );
    }
  }
  if (reader.skip(/[ \t]*\|[ \t]*ConvertTo-Json[^\n)]*/iy)) return { kind: 'other', text: 'what ConvertTo-Json makes of a table' };
  return { kind: 'table', entries };
}

function readKey(reader: Reader): string | null {
  if (reader.skip(/"/y)) return readExpanding(reader, /"/y);
  if (reader.skip(/'/y)) return readLiteral(reader);
  return reader.match(/[\w-]+/y)?.[0] ?? null;
}

/** Text between single quotes, in which two are one. */
function readLiteral(reader: Reader): string {
  const pieces: string[] = [];
  for (;;) {
    pieces.push(reader.match(/[^']*/y)?.[0] ?? '');
    if (reader.isAtEnd()) reader.problem("A quote (') is not closed; paste the whole command.");
    if (!reader.skip(/''/y)) break;
    pieces.push("'");
  }
  reader.skip(/'/y);
  return pieces.join('');
}

/** A text whose lines stand between `@"` and `"@`, where nothing but variables is filled in; `'` leaves those alone, too. */
function hereString(reader: Reader, isFilled: boolean): Value {
  if (isFilled) return expandedText(reader, () => readExpanding(reader, /\r?\n"@/y));
  const pieces: string[] = [];
  while (!reader.isAtEnd() && !reader.skip(/\r?\n'@/y)) pieces.push(reader.match(/\r?\n|[^\r\n]+|\r/y)?.[0] ?? reader.next());
  return { kind: 'text', binary: pieces.join('') };
}

/** A text in which variables are filled in, and whether some of them have no value. */
function expandedText(reader: Reader, read: () => string): Value {
  const before = reader.unfilled();
  const binary = read();
  return { kind: 'text', binary, isUnfilled: reader.unfilled() > before };
}

const escapes: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Text between double quotes, up to its end: backticks escape, `$([char]233)` is a character and `$name` a variable. */
function readExpanding(reader: Reader, end: RegExp): string {
  const isHere = end.source !== '"';
  const pieces: string[] = [];
  while (!reader.skip(end)) {
    if (reader.isAtEnd()) {
      reader.problem('A quote (") is not closed; paste the whole command.');
      break;
    }
    const plain = reader.match(isHere ? /[^`$\r\n]+/y : /[^"`$]+/y)?.[0];
    if (plain !== undefined) {
      pieces.push(plain);
      continue;
    }
    const code = characterCode(reader);
    if (code !== null) pieces.push(binaryText(utf8Bytes(code)));
    else if (!isHere && reader.skip(/""/y)) pieces.push('"');
    else if (reader.skip(/`\r?\n/y)) continue;
    else if (reader.skip(/`/y)) {
      const sign = reader.next();
      pieces.push(escapes[sign] ?? sign);
    } else pieces.push(variableText(reader) ?? reader.next());
  }
  return pieces.join('');
}

const codePattern = /\$\(\[char\](0x[0-9a-fA-F]{1,4}|\d{1,5})\)/iy;

/** The character of `$([char]233)` or `` `u{e9} ``; two halves of one may follow each other. Null for anything else. */
function characterCode(reader: Reader): string | null {
  const point = reader.match(/`u\{([0-9a-fA-F]{1,6})\}/y)?.[1];
  if (point !== undefined) return Number.parseInt(point, 16) > 0x10ffff ? '\ufffd' : String.fromCodePoint(Number.parseInt(point, 16));
  const code = reader.match(codePattern)?.[1];
  if (code === undefined) return null;
  const first = String.fromCharCode(Number(code));
  const second = /[\ud800-\udbff]/.test(first) ? reader.match(codePattern)?.[1] : undefined;
  return second === undefined ? first : first + String.fromCharCode(Number(second));
}

function variableText(reader: Reader): string | null {
  const found = reader.match(/\$(?:\{(\w{1,100})\}|(\w{1,100})|\([^)\n]{0,200}\))/y);
  if (found === null) return null;
  const value = reader.variables.get((found[1] ?? found[2] ?? '').toLowerCase());
  if (value?.kind === 'text') {
    reader.note(`Filled in from the paste itself: ${found[0]}.`);
    return value.binary;
  }
  reader.markUnfilled();
  reader.note(`${found[0]} is filled in by PowerShell; the paste does not contain its value, so it was left as it is.`);
  return found[0];
}
