import { shownName } from '#shared/text/shown-name.ts';
import { isMap, isNode, isPair, isScalar, isSeq, type Document, type LineCounter, type Pair, type YAMLMap } from 'yaml';

/** A place in a file, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong at a place of a project; null where it is about no place. */
export interface Problem {
  readonly place: Place | null;
  /** Dotted, from the top of the file. */
  readonly path: string;
  readonly message: string;
}

/** A place as editors and terminals take it. */
export function placeText({ file, line, column }: Place): string {
  return `${shownName(file)}:${line}:${column}`;
}

/** The place of a character of a file. */
export function placeAt(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** Finds values of one document by their path; what is not there has the place of what it would be in. */
export type PlaceFinder = (path: readonly (string | number)[]) => Place;

export function createPlaceFinder(file: string, document: Document, lines: LineCounter): PlaceFinder {
  const maps = new WeakMap<object, ReadonlyMap<string, Pair>>();
  return (path) => {
    let node: unknown = document.contents;
    let offset = offsetOf(node);
    for (const part of path) {
      const next = stepInto(node, part, document, maps);
      if (next === null) break;
      node = next.node;
      offset = next.offset;
    }
    return placeAt(file, lines, offset);
  };
}

function stepInto(
  holder: unknown,
  part: string | number,
  document: Document,
  maps: WeakMap<object, ReadonlyMap<string, Pair>>,
): { readonly node: unknown; readonly offset: number } | null {
  const node =
    isNode(holder) && 'source' in holder && !isScalar(holder) && !isMap(holder) && !isSeq(holder) ? resolved(holder, document) : holder;
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? null : { node: item, offset: offsetOf(item) };
  }
  if (!isMap(node)) return null;
  const pairs = maps.get(node) ?? pairsOf(node);
  maps.set(node, pairs);
  const pair = pairs.get(String(part));
  // The name of a value is where its reader looks for it.
  return pair === undefined ? null : { node: pair.value, offset: offsetOf(pair.key) };
}

/** The pairs of a map by their keys, of which a file may have many, and by these without the spaces around them, as some readers take them; of two the first. */
function pairsOf({ items }: YAMLMap): ReadonlyMap<string, Pair> {
  const named = items.flatMap((each): [string, Pair][] => (isPair(each) && isScalar(each.key) ? [[String(each.key.value), each]] : []));
  const trimmed = named.map(([name, pair]): [string, Pair] => [name.trim(), pair]);
  return new Map([...trimmed.toReversed(), ...named.toReversed()]);
}

function resolved(alias: unknown, document: Document): unknown {
  return (alias as { readonly resolve?: (document: Document) => unknown }).resolve?.(document) ?? null;
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
