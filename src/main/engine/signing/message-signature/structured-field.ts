/** A bare item of a structured field (RFC 8941); byte sequences come as their base64 text. */
export type BareItem =
  | { readonly kind: 'string' | 'token' | 'bytes'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean };

export type Parameters = ReadonlyMap<string, BareItem>;

/** A covered component: its name, its parameters, and both as they were received. */
export interface Component {
  readonly name: string;
  readonly parameters: Parameters;
  readonly text: string;
}

/** An inner list of components, with its parameters and all of it as it was received. */
export interface InnerList {
  readonly components: readonly Component[];
  readonly parameters: Parameters;
  readonly text: string;
}

/** A member of a dictionary: the value of its key. */
export type Member = { readonly kind: 'list'; readonly list: InnerList } | { readonly kind: 'item'; readonly item: BareItem };

export type Dictionary = { readonly members: ReadonlyMap<string, Member> } | { readonly problem: string };

/** The reading position. */
interface Cursor {
  readonly text: string;
  at: number;
}

class Unreadable extends Error {}

/**
 * Reads a dictionary of structured fields. Nothing is ever written again: what a signature covers is cut out of the text as
 * it was received, because another order or spelling of the parameters would be another signature.
 */
export function readDictionary(text: string): Dictionary {
  const cursor: Cursor = { text, at: 0 };
  const members = new Map<string, Member>();
  try {
    skip(cursor, /[ \t]*/y);
    while (cursor.at < text.length) {
      const key = need(cursor, /[a-z*][a-z0-9_\-.*]*/y, 'a label in small letters');
      members.set(key, readMember(cursor));
      skip(cursor, /[ \t]*/y);
      if (cursor.at === text.length) break;
      need(cursor, /,[ \t]*/y, 'a comma');
      if (cursor.at === text.length) throw new Unreadable('it ends with a comma');
    }
    return { members };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

/** Reads one component as options write it, without quotes around its name: `@query-param;name="id"`. */
export function readComponent(text: string): Component {
  const [name = ''] = text.split(';', 1);
  const cursor: Cursor = { text: `"${name}"${text.slice(name.length)}`, at: name.length + 2 };
  return { name, parameters: readParameters(cursor), text: cursor.text };
}

function readMember(cursor: Cursor): Member {
  if (!skip(cursor, /=/y)) {
    readParameters(cursor);
    return { kind: 'item', item: { kind: 'boolean', value: true } };
  }
  if (cursor.text[cursor.at] === '(') return { kind: 'list', list: readList(cursor) };
  const item = readItem(cursor);
  readParameters(cursor);
  return { kind: 'item', item };
}

function readList(cursor: Cursor): InnerList {
  const start = cursor.at;
  need(cursor, /\( */y, 'an opening bracket');
  const components: Component[] = [];
  while (!skip(cursor, /\)/y)) {
    const from = cursor.at;
    const item = readItem(cursor);
    if (item.kind !== 'string') throw new Unreadable(`a component is not in quotes at character ${from + 1}`);
    const parameters = readParameters(cursor);
    components.push({ name: item.value, parameters, text: cursor.text.slice(from, cursor.at) });
    if (cursor.text[cursor.at] !== ')') need(cursor, / +/y, 'a space or a closing bracket');
  }
  const parameters = readParameters(cursor);
  return { components, parameters, text: cursor.text.slice(start, cursor.at) };
}

function readParameters(cursor: Cursor): Parameters {
  const parameters = new Map<string, BareItem>();
  while (skip(cursor, /; */y)) {
    const key = need(cursor, /[a-z*][a-z0-9_\-.*]*/y, 'the name of a parameter');
    parameters.set(key, skip(cursor, /=/y) ? readItem(cursor) : { kind: 'boolean', value: true });
  }
  return parameters;
}

const itemPatterns = [
  ['string', /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y],
  ['bytes', /:[A-Za-z0-9+/]*={0,2}:/y],
  ['number', /-?\d{1,15}(?:\.\d{1,3})?/y],
  ['boolean', /\?[01]/y],
  ['token', /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y],
] as const;

function readItem(cursor: Cursor): BareItem {
  for (const [kind, pattern] of itemPatterns) {
    const text = take(cursor, pattern);
    if (text === null) continue;
    switch (kind) {
      case 'string':
        return { kind, value: text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') };
      case 'bytes':
        return { kind, value: text.slice(1, -1) };
      case 'number':
        return { kind, value: Number(text) };
      case 'boolean':
        return { kind, value: text === '?1' };
      case 'token':
        return { kind, value: text };
    }
  }
  throw new Unreadable(`there is no value that can be read at character ${cursor.at + 1}`);
}

/** The text that a sticky pattern matches here, or null; moves the position behind it. */
function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return null;
  cursor.at = pattern.lastIndex;
  return match[0];
}

function skip(cursor: Cursor, pattern: RegExp): boolean {
  return take(cursor, pattern) !== null;
}

function need(cursor: Cursor, pattern: RegExp, what: string): string {
  const text = take(cursor, pattern);
  if (text === null) throw new Unreadable(`${what} is missing at character ${cursor.at + 1}`);
  return text;
}
