import { Buffer } from 'node:buffer';
import type { JsonMember, JsonNode } from './json-tree.ts';

/** Deeper or larger dumps are not read. */
const depthLimit = 100;
const nodeLimit = 100_000;

class NotDump extends Error {}

interface Cursor {
  readonly text: string;
  at: number;
  nodes: number;
}

/**
 * Reads an object or list as Python, Ruby, JavaScript or Node print it: single quotes, bare or symbol keys, `=>`, `True`, `None`,
 * `nil`, `undefined`, a comma at the end. Null for anything else, JSON that needs no such reading included.
 */
export function readDump(text: string): JsonNode | null {
  const cursor: Cursor = { text, at: 0, nodes: 0 };
  try {
    skipSpace(cursor);
    if (!'{['.includes(text.charAt(cursor.at)) || cursor.at === text.length) return null;
    const node = readValue(cursor, 0);
    skipSpace(cursor);
    return /^;?$/.test(text.slice(cursor.at)) ? node : null;
  } catch (error) {
    if (error instanceof NotDump) return null;
    throw error;
  }
}

const spacePattern = /\s*/y;
const numberPattern = /-?(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?)n?(?![\w$])/y;
const wordPattern = /[A-Za-z_$][\w$]*/y;
const stringPattern = /[bur]?('(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|`(?:[^`\\]|\\[^])*`)/y;
/** The separator between a key and its value. */
const arrowPattern = /\s*(?:=>|:|=)\s*/y;

const literals: Readonly<Record<string, string>> = {
  true: 'true',
  True: 'true',
  false: 'false',
  False: 'false',
  null: 'null',
  None: 'null',
  nil: 'null',
  undefined: 'null',
};

function taken(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match !== null) cursor.at = pattern.lastIndex;
  return match;
}

function skipSpace(cursor: Cursor): void {
  taken(cursor, spacePattern);
}

function readValue(cursor: Cursor, depth: number): JsonNode {
  cursor.nodes += 1;
  if (depth > depthLimit || cursor.nodes > nodeLimit) throw new NotDump();
  const sign = cursor.text.charAt(cursor.at);
  if (sign === '{') return readObject(cursor, depth);
  if (sign === '[' || sign === '(') return readList(cursor, depth, sign === '[' ? ']' : ')');
  const string = taken(cursor, stringPattern)?.[1];
  if (string !== undefined) return { kind: 'string', raw: jsonString(unquoted(string)) };
  const number = taken(cursor, numberPattern)?.[0];
  if (number !== undefined) return { kind: 'number', raw: number.replaceAll('_', '').replace(/n$/, '').replace(/\.$/, '') };
  if (sign === ':') {
    cursor.at += 1;
    return { kind: 'string', raw: jsonString(taken(cursor, wordPattern)?.[0] ?? fail()) };
  }
  const literal = literals[taken(cursor, wordPattern)?.[0] ?? ''];
  return literal === undefined ? fail() : { kind: 'literal', raw: literal };
}

function readList(cursor: Cursor, depth: number, close: string): JsonNode {
  const items: JsonNode[] = [];
  cursor.at += 1;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text.charAt(cursor.at) === close) break;
    items.push(readValue(cursor, depth + 1));
    if (!isFollowed(cursor, close)) break;
  }
  cursor.at += 1;
  return { kind: 'array', items };
}

function readObject(cursor: Cursor, depth: number): JsonNode {
  const members: JsonMember[] = [];
  cursor.at += 1;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text.charAt(cursor.at) === '}') break;
    const key = readKey(cursor);
    if (taken(cursor, arrowPattern) === null) throw new NotDump();
    members.push({ key: jsonString(key), value: readValue(cursor, depth + 1) });
    if (!isFollowed(cursor, '}')) break;
  }
  cursor.at += 1;
  return { kind: 'object', members };
}

/** Whether a comma follows, and possibly another entry; fails unless a comma or the end follows. */
function isFollowed(cursor: Cursor, close: string): boolean {
  skipSpace(cursor);
  const sign = cursor.text.charAt(cursor.at);
  if (sign === close) return false;
  if (sign !== ',') throw new NotDump();
  cursor.at += 1;
  return true;
}

function readKey(cursor: Cursor): string {
  const string = taken(cursor, stringPattern)?.[1];
  if (string !== undefined) return unquoted(string);
  if (cursor.text.charAt(cursor.at) === ':') cursor.at += 1;
  return taken(cursor, wordPattern)?.[0] ?? taken(cursor, numberPattern)?.[0] ?? fail();
}

function fail(): never {
  throw new NotDump();
}

const plainEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  e: '\u001b',
  '0': '\0',
};

/** The text between quotes, with the escapes of any of these languages undone. */
export function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
      (_, byte?: string, braced?: string, unit?: string, wide?: string, sign?: string) => {
        if (sign !== undefined) return sign === '\n' ? '' : (plainEscapes[sign] ?? sign);
        const code = Number.parseInt(byte ?? braced ?? unit ?? wide ?? '', 16);
        return code > 0x10_ffff ? '' : String.fromCodePoint(code);
      },
    );
}

/** As JSON writes it, one character per byte. */
function jsonString(text: string): string {
  return Buffer.from(JSON.stringify(text), 'utf8').toString('latin1');
}
