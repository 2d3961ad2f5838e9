/**
 * JSON with every literal kept as it was written, so that numbers such as `1.0`, escapes and repeated keys survive a
 * change of layout. Texts are one character per byte (Latin-1), which keeps bytes that are not valid UTF-8 too.
 */
export type JsonNode =
  | { readonly kind: 'literal' | 'number' | 'string'; readonly raw: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] };

/** A key with its quotes, as written, and its value. */
export interface JsonMember {
  readonly key: string;
  readonly value: JsonNode;
}

/** Deeper or larger documents are not rewritten: no sender makes them, and they would only cost time. */
const depthLimit = 200;
const nodeLimit = 400_000;

const tokenPattern = /[ \t\r\n]*(?:([{}[\]:,])|("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

class NotJson extends Error {}

interface Cursor {
  readonly text: string;
  at: number;
  nodes: number;
}

/** Reads one JSON document with white space around it; null for anything else and for what is beyond the limits. */
export function readJson(text: string): JsonNode | null {
  const cursor: Cursor = { text, at: 0, nodes: 0 };
  try {
    const node = readValue(cursor, nextToken(cursor), 0);
    return text.slice(cursor.at).trim() === '' ? node : null;
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

interface Token {
  readonly kind: 'mark' | 'string' | 'number' | 'literal';
  readonly raw: string;
}

function nextToken(cursor: Cursor): Token {
  tokenPattern.lastIndex = cursor.at;
  const match = tokenPattern.exec(cursor.text);
  if (match === null) throw new NotJson();
  cursor.at = tokenPattern.lastIndex;
  const [, mark, string, number, literal] = match;
  if (mark !== undefined) return { kind: 'mark', raw: mark };
  if (string !== undefined) return { kind: 'string', raw: string };
  if (number !== undefined) return { kind: 'number', raw: number };
  return { kind: 'literal', raw: literal ?? '' };
}

function readValue(cursor: Cursor, token: Token, depth: number): JsonNode {
  cursor.nodes += 1;
  if (depth > depthLimit || cursor.nodes > nodeLimit) throw new NotJson();
  if (token.kind !== 'mark') return { kind: token.kind, raw: token.raw };
  if (token.raw === '[') return { kind: 'array', items: readItems(cursor, depth) };
  if (token.raw === '{') return { kind: 'object', members: readMembers(cursor, depth) };
  throw new NotJson();
}

function readItems(cursor: Cursor, depth: number): readonly JsonNode[] {
  const items: JsonNode[] = [];
  for (let token = nextToken(cursor); ; token = nextToken(cursor)) {
    if (token.raw === ']' && token.kind === 'mark' && items.length === 0) return items;
    items.push(readValue(cursor, token, depth + 1));
    if (readMark(cursor, ',', ']') === ']') return items;
  }
}

function readMembers(cursor: Cursor, depth: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  for (let token = nextToken(cursor); ; token = nextToken(cursor)) {
    if (token.raw === '}' && token.kind === 'mark' && members.length === 0) return members;
    if (token.kind !== 'string') throw new NotJson();
    readMark(cursor, ':', ':');
    members.push({ key: token.raw, value: readValue(cursor, nextToken(cursor), depth + 1) });
    if (readMark(cursor, ',', '}') === '}') return members;
  }
}

function readMark(cursor: Cursor, one: string, other: string): string {
  const token = nextToken(cursor);
  if (token.kind === 'mark' && (token.raw === one || token.raw === other)) return token.raw;
  throw new NotJson();
}
