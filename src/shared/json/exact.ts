const [quote, backslash, comma, colon, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * JSON as it is written: the source of each string, number, true, false and null, and every name of an object in its order, repeated ones
 * too. JavaScript's own values would round numbers, keep one value for each name, and put 2 before 10.
 */
export type ExactJson = string | ExactList | ExactObject;

/** A list of {@link ExactJson}. */
export interface ExactList {
  readonly kind: 'list';
  readonly items: readonly ExactJson[];
}

/** An object of {@link ExactJson}; names are sources, with their quotes. */
export interface ExactObject {
  readonly kind: 'object';
  readonly entries: readonly ExactEntry[];
}

/** The source of a name and what stands under it. */
export type ExactEntry = readonly [name: string, value: ExactJson];

/** Reads JSON exactly. Invalid JSON must have been refused before. */
export function readExact(text: string): ExactJson {
  const open: { readonly list: ExactJson[] | null; readonly entries: ExactEntry[] }[] = [];
  let whole: ExactJson = 'null';
  let name: string | null = null;
  const put = (value: ExactJson) => {
    const holder = open.at(-1);
    if (holder === undefined) whole = value;
    else if (holder.list !== null) holder.list.push(value);
    else if (name === null) name = value as string;
    else {
      holder.entries.push([name, value]);
      name = null;
    }
  };
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === openObject || code === openList) {
      const list: ExactJson[] | null = code === openList ? [] : null;
      const entries: ExactEntry[] = [];
      // The lists fill while they are open.
      put(list === null ? { kind: 'object', entries } : { kind: 'list', items: list });
      open.push({ list, entries });
      at += 1;
    } else if (code === closeObject || code === closeList) {
      open.pop();
      at += 1;
    } else if (code === comma || code === colon || isSpace(code)) at += 1;
    else {
      const end = scalarEnd(text, at);
      put(text.slice(at, end));
      at = end;
    }
  }
  return whole;
}

/** JSON without the space between its tokens, strings written as `JSON.stringify` writes them; all else stays as it is. */
export function compactJson(text: string): string {
  let compact = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = stringEnd(text, at);
      const source = text.slice(at, end);
      const usual = usualString(source);
      if (usual !== source) {
        compact += text.slice(from, at) + usual;
        from = end;
      }
      at = end;
    } else if (isSpace(code)) {
      compact += text.slice(from, at);
      while (isSpace(text.charCodeAt(at))) at += 1;
      from = at;
    } else at += 1;
  }
  return compact + text.slice(from);
}

/** The source of a string as `JSON.stringify` writes it. */
function usualString(source: string): string {
  return source.includes('\\') || !source.isWellFormed() ? JSON.stringify(JSON.parse(source)) : source;
}

/** The source of the value at a path of names and places in lists, as `JSON.parse` finds it: the last of names that are equal. Null where there is none. */
export function sourceAt(text: string, path: readonly string[]): string | null {
  let [from, to] = [skipSpace(text, 0), text.length];
  for (const name of path) {
    const found = text.charCodeAt(from) === openList ? elementAt(text, from, Number(name)) : memberAt(text, from, name);
    if (found === null) return null;
    [from, to] = found;
  }
  return text.slice(from, to).trimEnd();
}

/** The sources of the elements of a list, without making anything of them; empty for JSON that is no list. */
export function elementSources(text: string): readonly string[] {
  const sources: string[] = [];
  let at = skipSpace(text, 0);
  if (text.charCodeAt(at) !== openList) return sources;
  at = skipSpace(text, at + 1);
  while (at < text.length && text.charCodeAt(at) !== closeList) {
    const end = valueEnd(text, at);
    sources.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return sources;
}

/** Names that stand in one object more than once, each once and at most `limit`, in the order of the text. */
export function repeatedNames(json: ExactJson, limit: number): readonly string[] {
  const repeated = new Set<string>();
  const left = [json];
  for (let next = left.pop(); next !== undefined && repeated.size < limit; next = left.pop()) {
    if (typeof next === 'string') continue;
    const within = next.kind === 'list' ? next.items : next.entries.map(([, value]) => value);
    if (next.kind === 'object') {
      const met = new Set<string>();
      for (const [source] of next.entries) {
        const name = JSON.parse(source) as string;
        if (met.has(name) && repeated.size < limit) repeated.add(name);
        met.add(name);
      }
    }
    for (let index = within.length - 1; index >= 0; index -= 1) left.push(within[index] ?? 'null');
  }
  return [...repeated];
}

/** An object as text with a member set: in its place where the object has the name, once, and at its end otherwise. */
export function withMember(objectText: string, name: string, value: string): string {
  const json = readExact(objectText);
  if (typeof json === 'string' || json.kind !== 'object') throw new TypeError('Only an object has members.');
  const isNamed = ([source]: ExactEntry) => JSON.parse(source) === name;
  const first = json.entries.findIndex(isNamed);
  const others = json.entries.filter((entry, index) => index === first || !isNamed(entry));
  const entries: readonly ExactEntry[] =
    first === -1
      ? [...json.entries, [JSON.stringify(name), value]]
      : others.map((entry): ExactEntry => (isNamed(entry) ? [entry[0], value] : entry));
  return writeExact({ kind: 'object', entries });
}

/** Writes JSON with every source as it is, laid out as `JSON.stringify` does: in one line, or with an indent for each level. */
export function writeExact(json: ExactJson, indent = '', outer = '\n'): string {
  if (typeof json === 'string') return json;
  const isPretty = indent !== '';
  const inner = isPretty ? `${outer}${indent}` : '';
  const parts =
    json.kind === 'list'
      ? json.items.map((item) => writeExact(item, indent, inner))
      : json.entries.map(([name, value]) => `${name}${isPretty ? ': ' : ':'}${writeExact(value, indent, inner)}`);
  const [begin, end] = json.kind === 'list' ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return `${begin}${end}`;
  return `${begin}${inner}${parts.join(`,${inner}`)}${isPretty ? outer : ''}${end}`;
}

/** JSON over several lines, as `JSON.stringify` lays it out, with every number as it is written. */
export function prettyExact(text: string): string {
  return writeExact(readExact(compactJson(text)), '  ');
}

/** Where the value of a member stands, of the last one of this name. */
function memberAt(text: string, objectFrom: number, name: string): readonly [number, number] | null {
  if (text.charCodeAt(objectFrom) !== openObject) return null;
  let found: readonly [number, number] | null = null;
  let at = skipSpace(text, objectFrom + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = stringEnd(text, at);
    const source = text.slice(at, nameEnd);
    const valueFrom = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueTo = valueEnd(text, valueFrom);
    if ((source.includes('\\') ? JSON.parse(source) : source.slice(1, -1)) === name) found = [valueFrom, valueTo];
    at = skipSpace(text, valueTo);
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return found;
}

/** Where an element of a list stands. */
function elementAt(text: string, listFrom: number, index: number): readonly [number, number] | null {
  let at = skipSpace(text, listFrom + 1);
  for (let place = 0; at < text.length && text.charCodeAt(at) !== closeList; place += 1) {
    const end = valueEnd(text, at);
    if (place === index) return [at, end];
    at = skipSpace(text, end);
    if (text.charCodeAt(at) === comma) at = skipSpace(text, at + 1);
  }
  return null;
}

function valueEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === quote) at = stringEnd(text, at);
    else {
      if (code === openList || code === openObject) depth += 1;
      else if (code === closeList || code === closeObject) depth -= 1;
      else if (depth === 0) return scalarEnd(text, at);
      at += 1;
    }
    if (depth === 0) return at;
    // Numbers and what stands between values are passed over at once.
    nextMark.lastIndex = at;
    at = nextMark.exec(text)?.index ?? text.length;
  }
  return text.length;
}

/** What a value can begin or end with, but for scalars that are no strings. */
const nextMark = /["[\]{}]/g;

/** Behind a string, a number, true, false or null. */
function scalarEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === quote) return stringEnd(text, from);
  let at = from;
  for (let code = text.charCodeAt(at); at < text.length; code = text.charCodeAt(at)) {
    if (code === comma || code === closeObject || code === closeList || isSpace(code)) break;
    at += 1;
  }
  return at;
}

/** The place behind the string that begins at `from`. A pattern would keep each character of a long one on a stack. */
export function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
