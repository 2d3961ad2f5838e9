import { jsonDepthLimit, jsonNodeLimit } from '../limits.ts';
import { readQuoted, type ReadString, type StringForm } from './strings.ts';
import type { PrintedEntry, PrintedValue, ReadValue } from './value.ts';

/**
 * Reads one value as JavaScript (`util.inspect` too), Python, Ruby, PHP (`var_export`), Go (`%#v`) and Elixir print it, from a
 * place in a text. Null where there is none, or where it is nested too deep or too large. Takes linear time.
 */
export function readPrintedValue(binary: string, at: number): ReadValue | null {
  const reader = createReader(binary, at);
  const value = readValue(reader, 0);
  return value === null ? null : { value, end: reader.at() };
}

type Reader = ReturnType<typeof createReader>;

function createReader(binary: string, start: number) {
  let at = start;
  let nodes = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(binary);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  // Of all languages only PHP writes `=>` behind single quotes, and it escapes nothing but quote and backslash there.
  const isPhp = /^\s*(?:array ?\(|\[)\s*(?:'[^'\\\n]{0,200}'|\d+) =>/.test(binary.slice(start, start + 400));
  return {
    at: () => at,
    skip: (pattern: RegExp) => match(pattern) !== null,
    match,
    /** Skips spaces, line breaks and comments. */
    space: () => void match(/(?:[ \t\r\n]+|\u00c2\u00a0)*/y),
    peek: () => binary[at] ?? '',
    quoted: (form: StringForm): ReadString | null => {
      const read = readQuoted(binary, at, isPhp && binary[at] === "'" ? 'plain' : form);
      if (read !== null) at = read.end;
      return read;
    },
    /** Whether one more value may be made. */
    take: () => (nodes += 1) <= jsonNodeLimit,
  };
}

const literals: Readonly<Record<string, 'true' | 'false' | 'null' | 'undefined'>> = {
  true: 'true',
  True: 'true',
  TRUE: 'true',
  false: 'false',
  False: 'false',
  FALSE: 'false',
  null: 'null',
  None: 'null',
  nil: 'null',
  NULL: 'null',
  undefined: 'undefined',
};

const numberPattern = /-?(?:\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?n?|Infinity\b|NaN\b)(?![\w.])/y;
const bufferPattern = /<Buffer((?: [0-9a-f]{2})*)(?: \.\.\. \d+ more bytes?)?>/y;
const cutPattern =
  /\[(?:Object|Array|Circular|Function|Getter|Setter|Symbol|class)\b[^\]\n]{0,100}\]|\.\.\.(?: ?\d+ more [a-z]+)?|\u00e2\u0080\u00a6|#?<[A-Z][^<>\n]{0,2000}>|#<Object>/y;
// `[Object: null prototype] {`, `Object [Headers] {`, `Map(2) {`, `<ref *1> {`, `%{`, `http.Header{`, `[]string{`, `map[string]any{`.
const tagPattern =
  /(?:\[[A-Z][\w: ]{0,60}\] ?|<ref \*\d+> |%[\w.]{0,60}|(?:http\.Header|url\.Values|map\[string\](?:\[\]string|string|any|interface ?\{\})|\[\](?:string|byte|any|interface ?\{\}))|[A-Z][\w.$]{0,60}(?: ?\(\d+\))?(?: \[[\w: ]{1,60}\])? ?)(?=[{[])/y;
const callPattern = /[A-Za-z_][\w.]{0,60}\(/y;

function readValue(reader: Reader, depth: number): PrintedValue | null {
  if (depth > jsonDepthLimit || !reader.take()) return null;
  reader.space();
  const buffer = reader.match(bufferPattern);
  if (buffer !== null) return bufferOf(buffer[0], buffer[1] ?? '');
  const cut = reader.match(cutPattern);
  if (cut !== null && !/^\[[^\]]*\]$/.test(cut[0])) return { kind: 'cut', text: cut[0] };
  // `[Object: null prototype] {` only looks like a cut.
  if (cut !== null && !reader.skip(/ ?(?=\{)/y)) return { kind: 'cut', text: cut[0] };
  reader.skip(tagPattern);
  const sign = reader.peek();
  if (sign === '{') return readBraces(reader, depth);
  if (sign === '[') return readBrackets(reader, depth, ']');
  if (sign === '(') return readBrackets(reader, depth, ')');
  if (sign === '"' || sign === "'" || sign === '`') return readStrings(reader, 'characters');
  if (reader.skip(/[bB](?=['"])/y)) return readStrings(reader, 'bytes');
  if (reader.skip(/[uUrR](?=['"])/y)) return readStrings(reader, 'characters');
  const number = reader.match(numberPattern)?.[0];
  if (number !== undefined) return { kind: 'number', text: number.replace(/_|n$/g, '') };
  const symbol = reader.match(/:(\w{1,200})/y)?.[1];
  if (symbol !== undefined) return { kind: 'string', binary: symbol };
  if (reader.skip(/array ?\(/y)) return readItems(reader, depth, ')', '=>');
  const word = reader.match(/(?:true|True|TRUE|false|False|FALSE|null|None|nil|NULL|undefined)\b(?!\()/y)?.[0];
  if (word !== undefined) return { kind: 'literal', text: literals[word] ?? 'null' };
  return readCall(reader, depth);
}

function bufferOf(whole: string, digits: string): PrintedValue {
  if (whole.includes('...')) return { kind: 'cut', text: whole };
  return { kind: 'string', binary: digits.replace(/ ([0-9a-f]{2})/g, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16))) };
}

/** A string, or several that are put together: `'a' +\n 'b'` of Node, `('a'\n 'b')` of Python. */
function readStrings(reader: Reader, form: StringForm): PrintedValue | null {
  const pieces: string[] = [];
  let hasCode = false;
  do {
    const piece = reader.quoted(form);
    if (piece === null) return null;
    pieces.push(piece.binary);
    if (piece.hasCode === true) hasCode = true;
  } while (reader.skip(/\s*\+\s*(?=['"`])|[ \t]*\r?\n[ \t]*(?=b?['"][^'"\n]*['"]\s*[)\n])/y) && (reader.skip(/b(?=['"])/y), true));
  const rest = reader.match(/\.\.\. ?\d+ more characters?/y)?.[0];
  if (rest !== undefined) return { kind: 'cut', text: rest };
  return { kind: 'string', binary: pieces.join(''), ...(hasCode ? { hasCode } : {}) };
}

/** What a class or function is called with: the value itself for those that wrap one, else something that was not told. */
function readCall(reader: Reader, depth: number): PrintedValue | null {
  const name = reader.match(callPattern)?.[0];
  if (name === undefined) return null;
  const inside = readBracketed(reader, depth, ')');
  if (inside === null) return null;
  const [only] = inside;
  if (/^(?:UUID|ObjectId|Decimal|str|URL)\($/.test(name) && only?.kind === 'string')
    return name === 'Decimal(' ? { kind: 'number', text: only.binary } : only;
  if (inside.length === 1 && only !== undefined && (only.kind === 'object' || only.kind === 'list')) return only;
  return { kind: 'cut', text: `${name}…)` };
}

/** `{…}`: an object, or a tuple as Elixir and a list as Go write it. */
function readBraces(reader: Reader, depth: number): PrintedValue | null {
  return readItems(reader, depth, '}', null);
}

function readBrackets(reader: Reader, depth: number, close: ']' | ')'): PrintedValue | null {
  return readItems(reader, depth, close, null);
}

function readBracketed(reader: Reader, depth: number, close: ')'): readonly PrintedValue[] | null {
  const items: PrintedValue[] = [];
  for (;;) {
    reader.space();
    if (reader.skip(close === ')' ? /\)/y : /\]/y)) return items;
    // A named argument counts by its value.
    reader.skip(/[A-Za-z_]\w{0,60}=(?!=)/y);
    const value = readValue(reader, depth + 1);
    if (value === null) return null;
    items.push(value);
    reader.space();
    reader.skip(/,/y);
  }
}

const closers: Readonly<Record<string, RegExp>> = { '}': /\}/y, ']': /\]/y, ')': /\)/y };
const bareKey = /(\[Symbol\([^)\n]{0,100}\)\]|[A-Za-z_$][\w$-]{0,200})(?=[ \t]*(?::(?!:)|=>))/y;
const separator = /[ \t\r\n]*(?:=>|:)/y;

/** Entries or items up to the closing bracket, whichever they turn out to be. */
function readItems(reader: Reader, depth: number, close: '}' | ']' | ')', opened: '=>' | null): PrintedValue | null {
  if (opened === null) reader.skip(/[{[(]/y);
  const closer = closers[close] ?? /\}/y;
  const entries: PrintedEntry[] = [];
  const items: PrintedValue[] = [];
  for (;;) {
    reader.space();
    if (reader.skip(closer)) break;
    const item = readItem(reader, depth);
    if (item === null) return null;
    if ('key' in item) entries.push([item.key, item.value]);
    else items.push(item.value);
    reader.space();
    if (!reader.skip(/,/y)) {
      reader.space();
      if (!reader.skip(closer)) return null;
      break;
    }
  }
  if (items.length > 0 && entries.length > 0) {
    // Node ends a long object with `... 3 more items`.
    if (!items.every(({ kind }) => kind === 'cut')) return null;
    return { kind: 'object', entries: [...entries, ...items.map((item): PrintedEntry => ['…', item])] };
  }
  return objectOrList(entries, items, close, opened !== null);
}

function objectOrList(entries: readonly PrintedEntry[], items: readonly PrintedValue[], close: string, isPhp: boolean): PrintedValue {
  if (entries.length === 0) return items.length > 0 || close !== '}' ? { kind: 'list', items } : { kind: 'object', entries };
  // PHP numbers the items of a list.
  const isList = (isPhp || close === ']') && entries.every(([name], index) => name === String(index));
  return isList ? { kind: 'list', items: entries.map(([, value]) => value) } : { kind: 'object', entries };
}

type Item = { readonly key: string; readonly value: PrintedValue } | { readonly value: PrintedValue };

function readItem(reader: Reader, depth: number): Item | null {
  const bare = reader.match(bareKey)?.[1];
  if (bare !== undefined) {
    reader.skip(separator);
    const value = readValue(reader, depth + 1);
    return value === null ? null : { key: bare, value };
  }
  const first = readValue(reader, depth + 1);
  if (first === null) return null;
  if (!reader.skip(separator)) return { value: first };
  const key = first.kind === 'string' ? first.binary : first.kind === 'number' ? first.text : first.kind === 'literal' ? first.text : null;
  const value = readValue(reader, depth + 1);
  return key === null || value === null ? null : { key, value };
}
