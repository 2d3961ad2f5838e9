import type { ExactEntry, ExactJson, ExactList, ExactObject } from '#shared/json/exact.ts';
import { exactNumber, isNumber } from '#shared/json/number.ts';

/**
 * A text that is equal for JSON of the same value, however it is written. Joined once, since a text for each level would be copied by the
 * next, and without calls within calls, since there may be a thousand levels.
 */
export function contentKey(json: ExactJson): string {
  const pieces: string[] = [];
  const left: (ExactJson | { readonly kind: 'piece'; readonly text: string })[] = [json];
  const mark = (text: string) => ({ kind: 'piece', text }) as const;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string') pieces.push(scalarKey(next), ',');
    else if (next.kind === 'piece') pieces.push(next.text);
    else if (next.kind === 'list') {
      pieces.push('[');
      left.push(mark('],'));
      for (let index = next.items.length - 1; index >= 0; index -= 1) left.push(next.items[index] ?? 'null');
    } else {
      pieces.push('{');
      left.push(mark('},'));
      for (const [name, value] of sortedByName(next.entries).toReversed()) left.push(value, mark(`${JSON.stringify(name)}:`));
    }
  }
  return pieces.join('');
}

/**
 * Gives values a key each, equal for those that are the same however they are written. What is within a list or an object counts by a number
 * that it is given once, so that the time for all levels grows with their size only.
 */
export function createValueKeys(): (json: ExactJson) => string {
  const numbers = new Map<string, string>();
  const known = new WeakMap<object, string>();
  const numberOf = (json: ExactList | ExactObject) => {
    const content =
      json.kind === 'list'
        ? `[${json.items.map(knownKey).join(',')}]`
        : `{${sortedByName(json.entries)
            .map(([name, value]) => `${JSON.stringify(name)}:${knownKey(value)}`)
            .join(',')}}`;
    // No scalar begins with this mark.
    const key = numbers.get(content) ?? `#${numbers.size}`;
    numbers.set(content, key);
    return key;
  };
  const knownKey = (json: ExactJson) => (typeof json === 'string' ? scalarKey(json) : (known.get(json) ?? ''));
  return (json) => {
    // What is within comes behind what it is within, so from the last to the first all of it is known.
    for (const each of holdersWithin(json, known).toReversed()) known.set(each, numberOf(each));
    return knownKey(json);
  };
}

/** Lists and objects with those that are within them, but for those that are known. */
function holdersWithin(json: ExactJson, known: Pick<WeakMap<object, string>, 'has'>): readonly (ExactList | ExactObject)[] {
  const found: (ExactList | ExactObject)[] = [];
  const left: ExactJson[] = [json];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === 'string' || known.has(next)) continue;
    found.push(next);
    if (next.kind === 'list') for (const item of next.items) left.push(item);
    else for (const [, value] of next.entries) left.push(value);
  }
  return found;
}

/** The text of a string. */
export function textOf(source: string): string {
  return source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1);
}

/** A stable sort leaves repeated names in their order, in which the last one counts. */
function sortedByName(entries: readonly ExactEntry[]): readonly ExactEntry[] {
  const named = entries.map(([name, value]): ExactEntry => [textOf(name), value]);
  return named.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
}

function scalarKey(source: string): string {
  if (isNumber(source)) return exactNumber(source);
  return source.startsWith('"') ? JSON.stringify(textOf(source)) : source;
}
