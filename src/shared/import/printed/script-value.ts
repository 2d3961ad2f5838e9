import { jsonDepthLimit } from '../limits.ts';
import { codeEnd, commentEnd } from './script-code.ts';
import { readScriptString } from './script-strings.ts';
import { cutsIn, type PrintedEntry, type PrintedValue } from './value.ts';
import { compactStyle, writeJson } from './write-json.ts';

/** What was read, and the offset behind all that was looked at. */
export interface ReadScript {
  /** Null where the brackets or quotes of the expression do not close. */
  readonly value: PrintedValue | null;
  readonly end: number;
}

/** The name of entries of an object that code makes, such as `...more` and `[name]: 1`. */
export const codeEntry = '…';

/**
 * Reads an expression of JavaScript from a place in a text up to the comma or bracket behind it. What it cannot work out, such as names of
 * variables and calls, is a cut, and in a text that is put together with `+` it stands as `${…}`. Takes linear time.
 */
export function readScriptValue(binary: string, at: number): ReadScript {
  const reader = createReader(binary, at);
  const value = readExpression(reader, 0);
  return { value, end: value === null ? binary.length : reader.at() };
}

type Reader = ReturnType<typeof createReader>;

function createReader(binary: string, start: number) {
  let at = start;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(binary);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  const moveTo = (end: number | null): boolean => {
    if (end !== null) at = end;
    return end !== null;
  };
  return {
    at: () => at,
    peek: () => binary[at] ?? '',
    match,
    skip: (pattern: RegExp) => match(pattern) !== null,
    /** Skips spaces, line breaks and comments. */
    space: () => {
      for (let before = -1; before !== at;) {
        before = at;
        match(/(?:[ \t\r\n]|\u00c2\u00a0)+/y);
        moveTo(commentEnd(binary, at));
      }
    },
    string: () => {
      const read = readScriptString(binary, at);
      return moveTo(read?.end ?? null) ? read : null;
    },
    /** Skips the rest of an expression; whether it has an end. */
    skipCode: (endsAtComma: boolean) => moveTo(codeEnd(binary, at, endsAtComma)),
    textFrom: (from: number) => binary.slice(from, Math.min(at, from + 200)).trim(),
  };
}

const ending = /(?=[,)\]}])|$/y;

/** Operands with `+` between them; anything else is code. */
function readExpression(reader: Reader, depth: number): PrintedValue | null {
  reader.space();
  const start = reader.at();
  const operands: PrintedValue[] = [];
  while (depth <= jsonDepthLimit) {
    const operand = readOperand(reader, depth);
    if (operand === null) return null;
    if (operand === 'other') break;
    operands.push(operand);
    reader.space();
    if (reader.skip(ending)) return joined(operands) ?? { kind: 'cut', text: reader.textFrom(start) };
    if (!reader.skip(/\+(?![+=])/y)) break;
    reader.space();
  }
  return reader.skipCode(true) ? { kind: 'cut', text: reader.textFrom(start) } : null;
}

/** Operands as `+` puts them together: as text, where one of the first two is a text. Null where the result is not known. */
function joined(operands: readonly PrintedValue[]): PrintedValue | null {
  const [first, second] = operands;
  if (first === undefined || operands.length === 1) return first ?? null;
  if (first.kind !== 'string' && second?.kind !== 'string') return null;
  const hasCode = operands.some((operand) => cutsIn(operand).length > 0);
  const binary = operands.map((operand) => scriptText(operand) ?? (operand.kind === 'cut' ? `\${${operand.text}}` : '${…}')).join('');
  return { kind: 'string', binary, ...(hasCode ? { hasCode } : {}) };
}

const number =
  /-?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:0|[1-9][\d_]*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w$.])/y;
const literal = /(?:true|false|null|undefined|NaN|Infinity|-Infinity)(?![\w$.(])/y;
const name = /(?:(?:new|await)[ \t]+)?[A-Za-z_$][\w$]{0,200}(?:\.[A-Za-z_$][\w$]{0,200}){0,50}/y;

/** `other` for what is no operand; the reader stays before it, or behind what it knows of it. */
function readOperand(reader: Reader, depth: number): PrintedValue | 'other' | null {
  const sign = reader.peek();
  if (sign === '"' || sign === "'" || sign === '`') {
    const read = reader.string();
    return read === null ? null : { kind: 'string', binary: read.binary, ...(read.hasCode === true ? { hasCode: true } : {}) };
  }
  if (reader.skip(/\{/y)) return readObject(reader, depth);
  if (reader.skip(/\[/y)) return readList(reader, depth, ']');
  if (reader.skip(/\(/y)) {
    const inside = readList(reader, depth, ')');
    if (inside?.kind !== 'list') return inside;
    const [only] = inside.items;
    return inside.items.length === 1 && only !== undefined ? only : { kind: 'cut', text: '(…)' };
  }
  const digits = reader.match(number)?.[0];
  if (digits !== undefined) return numberOf(digits);
  const word = reader.match(literal)?.[0];
  if (word === 'true' || word === 'false' || word === 'null' || word === 'undefined') return { kind: 'literal', text: word };
  if (word !== undefined) return { kind: 'number', text: word };
  return readNamed(reader, depth);
}

function numberOf(digits: string): PrintedValue {
  const isNegative = digits.startsWith('-');
  const size = Number(digits.replaceAll('_', '').replace('-', ''));
  return { kind: 'number', text: String(isNegative ? -size : size) };
}

/** A variable or a call; of calls only JSON.stringify has a result that is known. */
function readNamed(reader: Reader, depth: number): PrintedValue | 'other' | null {
  const start = reader.at();
  const named = reader.match(name)?.[0];
  if (named === undefined) return 'other';
  if (named === 'JSON.stringify' && reader.skip(/\(/y)) {
    const given = readList(reader, depth, ')');
    if (given?.kind !== 'list') return given;
    const written = stringified(given.items, reader.at() - start);
    if (written !== null && !/[.([?]/.test(reader.peek())) return written;
  }
  if (/^new[ \t]+Headers$/.test(named) && reader.skip(/\(/y)) {
    const given = readList(reader, depth, ')');
    if (given?.kind !== 'list') return given;
    return given.items[0] ?? { kind: 'object', entries: [] };
  }
  while (/[([]/.test(reader.peek())) {
    const closer = reader.peek() === '(' ? /\)/y : /\]/y;
    reader.skip(/[([]/y);
    if (!reader.skipCode(false) || !reader.skip(closer)) return null;
    reader.skip(/(?:\.[A-Za-z_$][\w$]{0,200}){1,50}/y);
  }
  return { kind: 'cut', text: reader.textFrom(start) };
}

/** How many times as long as its code JSON may be: in each other, calls of JSON.stringify double what they escape. */
const growthLimit = 8;

/** What JSON.stringify makes of its arguments, which have `size` bytes of code; null where that is not known. */
function stringified([value, replacer, space]: readonly PrintedValue[], size: number): PrintedValue | null {
  if (value === undefined || cutsIn(value).length > 0) return null;
  if (replacer !== undefined && replacer.kind !== 'literal') return null;
  if (value.kind === 'literal' && value.text === 'undefined') return value;
  const indent = space === undefined ? '' : space.kind === 'string' ? space.binary : space.kind === 'number' ? blanks(space.text) : null;
  if (indent === null || (space !== undefined && cutsIn(space).length > 0)) return null;
  const style = indent === '' ? compactStyle : { ...compactStyle, indent: indent.slice(0, 10), colon: ': ' };
  const binary = writeJson(value, style);
  return binary.length > growthLimit * size ? null : { kind: 'string', binary, isJson: true };
}

function blanks(size: string): string {
  return ' '.repeat(Math.min(10, Math.max(0, Math.trunc(Number(size) || 0))));
}

function readList(reader: Reader, depth: number, close: ')' | ']'): PrintedValue | null {
  const closer = close === ')' ? /\)/y : /\]/y;
  const items: PrintedValue[] = [];
  for (;;) {
    reader.space();
    if (reader.skip(closer)) return { kind: 'list', items };
    // A gap in a list is undefined.
    const item: PrintedValue | null = reader.peek() === ',' ? { kind: 'literal', text: 'undefined' } : readExpression(reader, depth + 1);
    if (item === null) return null;
    items.push(item);
    if (!reader.skip(/,/y)) return reader.skip(closer) ? { kind: 'list', items } : null;
  }
}

function readObject(reader: Reader, depth: number): PrintedValue | null {
  const entries = new Map<string, PrintedValue>();
  for (;;) {
    reader.space();
    if (reader.skip(/\}/y)) return { kind: 'object', entries: inOrder([...entries]) };
    const entry = readEntry(reader, depth);
    if (entry === null) return null;
    entries.set(...entry);
    if (!reader.skip(/,/y) && reader.peek() !== '}') return null;
  }
}

const bareKey = /[A-Za-z_$][\w$]{0,200}(?![\w$])/y;

function readEntry(reader: Reader, depth: number): PrintedEntry | null {
  const start = reader.at();
  const sign = reader.peek();
  const bare = reader.match(bareKey)?.[0];
  const quoted = sign === '"' || sign === "'" ? reader.string() : undefined;
  if (quoted === null) return null;
  const digits = bare === undefined && quoted === undefined ? reader.match(number)?.[0] : undefined;
  const key = bare ?? quoted?.binary ?? (digits === undefined ? undefined : String(Number(digits.replaceAll('_', ''))));
  reader.space();
  // `__proto__` is no entry but what the object takes others from.
  if (key !== undefined && key !== '__proto__' && reader.skip(/:/y)) {
    const value = readExpression(reader, depth + 1);
    return value === null ? null : [key, value];
  }
  const isShort = bare !== undefined && /[,}]/.test(reader.peek());
  if (!isShort && !reader.skipCode(true)) return null;
  return [isShort ? bare : codeEntry, { kind: 'cut', text: reader.textFrom(start) }];
}

/** Entries as JavaScript orders them: names that are indices come first, the smallest before the others. */
function inOrder(entries: readonly PrintedEntry[]): readonly PrintedEntry[] {
  const isIndex = ([key]: PrintedEntry) => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;
  const indices = entries.filter(isIndex).toSorted(([one], [other]) => Number(one) - Number(other));
  return [...indices, ...entries.filter((entry) => !isIndex(entry))];
}

/** A value as String() of JavaScript writes it; null where it is not known. Texts keep their `${…}`. */
export function scriptText(value: PrintedValue): string | null {
  switch (value.kind) {
    case 'string':
      return value.binary;
    case 'number':
    case 'literal':
      return value.text;
    case 'object':
      return '[object Object]';
    case 'list': {
      const texts = value.items.map((item) => (isNothing(item) ? '' : scriptText(item)));
      return texts.includes(null) ? null : texts.join(',');
    }
    default:
      return null;
  }
}

/** Whether a value is null or undefined. */
export function isNothing(value: PrintedValue): boolean {
  return value.kind === 'literal' && (value.text === 'null' || value.text === 'undefined');
}
