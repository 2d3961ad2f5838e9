import { isMap, isScalar, LineCounter, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';
import { invalid } from '../base/refusal.ts';
import { contentProblems, wholeRoom } from './document-problems.ts';
import { placeAt, placeText } from './places.ts';

/** A file by the name that errors give it. */
export interface FileText {
  readonly name: string;
  readonly text: string;
}

/** A file of a project as YAML, to be changed without touching the rest of its text. Throws a Refusal where it is none. */
export function openFile({ name, text }: FileText): Document {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, uniqueKeys: false, lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined)
    throw invalid('', `${placeText(placeAt(name, lines, error.pos[0]))}: This is not valid YAML: ${error.message.split('\n')[0] ?? ''}`);
  const [wrong] = contentProblems(document, wholeRoom());
  if (wrong !== undefined) throw invalid('', `${placeText(placeAt(name, lines, wrong.offset))}: ${wrong.message}`);
  if (document.contents !== null && !isMap(document.contents))
    throw invalid('', `${name} is no project: it has to begin with "hookyard: 1".`);
  return document;
}

/** A value as JavaScript has it; null for what cannot be read. */
export function valueOf(document: Document): Readonly<Record<string, unknown>> | null {
  try {
    return (document.toJS({ maxAliasCount: 1000 }) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

/** The member of a map by its name. */
export function memberOf(map: unknown, name: string): Pair | undefined {
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && String(key.value) === name) : undefined;
}

/** Where a member of a block map begins and ends in the text, whole lines with the comments before it; null for a map on one line. */
export function linesOf(text: string, map: unknown, pair: Pair, end: number): { readonly from: number; readonly to: number } | null {
  if (!isMap(map) || map.flow === true) return null;
  const next = map.items[map.items.indexOf(pair) + 1];
  return { from: beginningOf(text, pair), to: next === undefined ? end : beginningOf(text, next) };
}

/** The value of a text as a file of a project; undefined where it is none, null where it cannot be read. */
export function valueIn(text: string): ReturnType<typeof valueOf> | undefined {
  try {
    return valueOf(openFile({ name: '', text }));
  } catch {
    return undefined;
  }
}

/** The beginning of the line of a member. */
export function lineOf(text: string, pair: Pair): number {
  return text.lastIndexOf('\n', offsetOf(pair) - 1) + 1;
}

function offsetOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

/** The beginning of the line of a member, or of the comments right before it. */
function beginningOf(text: string, pair: Pair): number {
  let from = lineOf(text, pair);
  while (from > 0) {
    const before = text.lastIndexOf('\n', from - 2) + 1;
    if (!/^\s*#/.test(text.slice(before, from))) break;
    from = before;
  }
  return from;
}

/** How far the members of a map are indented. */
export function indentOf(text: string, map: YAMLMap): number {
  const [first] = map.items;
  return first === undefined ? 0 : offsetOf(first) - lineOf(text, first);
}
