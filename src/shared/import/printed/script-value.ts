import { jsonDepthLimit } from '../limits.ts';
import { createReader, type ScriptReader } from './script-reader.ts';
import { createTextMaker, isNothing, type TextMaker } from './script-text.ts';
import type { PrintedEntry, PrintedValue } from './value.ts';

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
  const reader: Reader = { ...createReader(binary, at), texts: createTextMaker() };
  const value = readExpression(reader, 0);
  return { value, end: value === null ? binary.length : reader.at() };
}

/** What the parts of an expression are read with. */
interface Reader extends ScriptReader {
  readonly texts: TextMaker;
}

const endings = new Set([',', ')', ']', '}', '']);

/** Operands with `+` between them; anything else is code. */
function readExpression(reader: Reader, depth: number): PrintedValue | null {
  reader.space();
  const start = reader.at();
  const operands: PrintedValue[] = [];
  let isBehindValue = false;
  while (depth <= jsonDepthLimit) {
    const operand = readOperand(reader, depth);
    if (operand === null) return null;
    if (operand === 'other') break;
    operands.push(operand);
    isBehindValue = true;
    reader.space();
    if (endings.has(reader.peek()))
      return reader.texts.joined(operands, reader.at() - start, reader.size()) ?? { kind: 'cut', text: reader.textFrom(start) };
    if (reader.match(plus) === null) break;
    isBehindValue = false;
    reader.space();
  }
  return reader.skipCode(true, isBehindValue) ? { kind: 'cut', text: reader.textFrom(start) } : null;
}

const plus = /\+(?![+=])/y;
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
  if (reader.take('{')) return readObject(reader, depth);
  if (reader.take('[')) return readList(reader, depth, ']');
  if (reader.take('(')) {
    const inside = readList(reader, depth, ')');
    if (inside?.kind !== 'list') return inside;
    const [only] = inside.items;
    return inside.items.length === 1 && only !== undefined ? only : { kind: 'cut', text: '(…)' };
  }
  const digits = /[-.\d]/.test(sign) ? reader.match(number)?.[0] : undefined;
  if (digits !== undefined) return { kind: 'number', text: numberText(digits) };
  const word = /[-tfnuNI]/.test(sign) ? reader.match(literal)?.[0] : undefined;
  if (word === 'true' || word === 'false' || word === 'null' || word === 'undefined') return { kind: 'literal', text: word };
  if (word !== undefined) return { kind: 'number', text: word };
  return readNamed(reader, depth);
}

/** A number as JavaScript writes it. */
function numberText(digits: string): string {
  if (/^(?:0|[1-9]\d{0,14})$/.test(digits)) return digits;
  const plain = digits.replaceAll('_', '');
  // Hexadecimal numbers are read without their sign only.
  return String(plain.startsWith('-') ? -Number(plain.slice(1)) : Number(plain));
}

const newHeaders = /^new[ \t]+Headers$/;

/** A variable or a call; of calls only JSON.stringify and `new Headers` have a result that is known. */
function readNamed(reader: Reader, depth: number): PrintedValue | 'other' | null {
  const start = reader.at();
  const named = reader.match(name)?.[0];
  if (named === undefined) return 'other';
  const isHeaders = newHeaders.test(named);
  if ((isHeaders || named === 'JSON.stringify') && reader.take('(')) {
    const given = readList(reader, depth, ')');
    if (given?.kind !== 'list') return given;
    const made = isHeaders ? headersOf(given.items) : reader.texts.stringified(given.items, reader.at() - start, reader.size());
    if (made !== null && !/[.([?]/.test(reader.peek())) return made;
  }
  while (/[([]/.test(reader.peek())) {
    const closer = reader.take('(') ? ')' : reader.take('[') ? ']' : '';
    if (!reader.skipCode(false) || !reader.take(closer)) return null;
    reader.match(/(?:\.[A-Za-z_$][\w$]{0,200}){1,50}/y);
  }
  return { kind: 'cut', text: reader.textFrom(start) };
}

/** What `new Headers` makes of its arguments; null where that is not known. */
function headersOf([given]: readonly PrintedValue[]): PrintedValue | null {
  if (given === undefined || isNothing(given)) return { kind: 'object', entries: [], isHeaders: true };
  return given.kind === 'object' || given.kind === 'list' ? { ...given, isHeaders: true } : null;
}

const gap: PrintedValue = { kind: 'literal', text: 'undefined' };

function readList(reader: Reader, depth: number, closer: ')' | ']'): PrintedValue | null {
  const items: PrintedValue[] = [];
  for (;;) {
    reader.space();
    if (reader.take(closer)) return { kind: 'list', items };
    // A gap in a list is undefined.
    const item = reader.peek() === ',' ? gap : readExpression(reader, depth + 1);
    if (item === null) return null;
    items.push(item);
    if (!reader.take(',')) return reader.take(closer) ? { kind: 'list', items } : null;
  }
}

function readObject(reader: Reader, depth: number): PrintedValue | null {
  const entries = new Map<string, PrintedValue>();
  for (;;) {
    reader.space();
    if (reader.take('}')) return { kind: 'object', entries: inOrder([...entries]) };
    const entry = readEntry(reader, depth);
    if (entry === null) return null;
    entries.set(...entry);
    if (!reader.take(',') && reader.peek() !== '}') return null;
  }
}

const bareKey = /[A-Za-z_$][\w$]{0,200}(?![\w$])/y;

function readEntry(reader: Reader, depth: number): PrintedEntry | null {
  const start = reader.at();
  const sign = reader.peek();
  const bare = reader.match(bareKey)?.[0];
  const quoted = sign === '"' || sign === "'" ? reader.string() : undefined;
  if (quoted === null) return null;
  const digits = bare === undefined && quoted === undefined && /[.\d]/.test(sign) ? reader.match(number)?.[0] : undefined;
  const key = bare ?? quoted?.binary ?? (digits === undefined ? undefined : numberText(digits));
  reader.space();
  // `__proto__` is no entry but what the object takes others from.
  if (key !== undefined && key !== '__proto__' && reader.take(':')) {
    const value = readExpression(reader, depth + 1);
    return value === null ? null : [key, value];
  }
  const isShort = bare !== undefined && /[,}]/.test(reader.peek());
  if (!isShort && !reader.skipCode(true)) return null;
  return [isShort ? bare : codeEntry, { kind: 'cut', text: reader.textFrom(start) }];
}

/** Entries as JavaScript orders them: names that are indices come first, the smallest before the others. */
function inOrder(entries: readonly PrintedEntry[]): readonly PrintedEntry[] {
  if (!entries.some(([key]) => key >= '0' && key < ':')) return entries;
  const isIndex = ([key]: PrintedEntry) => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;
  const indices = entries.filter(isIndex).toSorted(([one], [other]) => Number(one) - Number(other));
  return [...indices, ...entries.filter((entry) => !isIndex(entry))];
}
