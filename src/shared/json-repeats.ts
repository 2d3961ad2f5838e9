import { parseTree, visit, type Node } from 'jsonc-parser';

/** Symbol under which a parsed object keeps all its entries, where `JSON.parse` would have lost the first of equal names. */
const everyEntry = Symbol('names and values, repeated names included');

/** Texts with more strings than this are no request that anyone wrote; looking through them would take seconds. */
const mostStrings = 200_000;

interface Repetitive {
  readonly [everyEntry]?: readonly (readonly [name: string, value: unknown])[];
}

/**
 * Reads JSON as `JSON.parse` does, with its errors, but so that {@link entriesOf} still tells of names that an object has more
 * than once. As values of the object itself the last ones count.
 */
export function parseJsonWithRepeats(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  if (typeof value !== 'object' || countQuotes(text) > mostStrings * 2) return value;
  try {
    const tree = hasRepeats(text) ? parseTree(text) : undefined;
    return tree === undefined ? value : valueOf(tree);
  } catch (error) {
    // Text that is nested too deep to be walked through is no headers either.
    if (error instanceof RangeError) return value;
    throw error;
  }
}

/** Every name and value of an object in the order of the text, repeated names included. */
export function entriesOf(record: object): readonly (readonly [name: string, value: unknown])[] {
  return (record as Repetitive)[everyEntry] ?? Object.entries(record);
}

/** The names that an object itself has more than once, each once. */
export function ownRepeats(record: object): readonly string[] {
  const seen = new Set<string>();
  const names = ((record as Repetitive)[everyEntry] ?? []).map(([name]) => name);
  return [...new Set(names.filter((name) => (seen.has(name) ? true : seen.add(name) === null)))];
}

/** The names that any object in a value has more than once, each once. */
export function repeatsWithin(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set([...ownRepeats(value), ...Object.values(value).flatMap(repeatsWithin)])];
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) if (text[at - 1] !== '\\') count += 1;
  return count;
}

function hasRepeats(text: string): boolean {
  const open: Set<string>[] = [];
  let isRepeated = false;
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
      return !isRepeated;
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (name) => {
      const names = open.at(-1);
      if (names?.has(name) === true) isRepeated = true;
      names?.add(name);
    },
  });
  return isRepeated;
}

function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const entries = (node.children ?? []).flatMap(({ children = [] }): [string, unknown][] => {
    const [name, value] = children;
    return name === undefined || value === undefined ? [] : [[name.value as string, valueOf(value)]];
  });
  const record: Record<string, unknown> & Repetitive = Object.fromEntries(entries);
  const isRepetitive = Object.keys(record).length < entries.length;
  // Not enumerable, so that the object stays equal to what JSON.parse makes.
  return isRepetitive ? Object.defineProperty(record, everyEntry, { value: entries }) : record;
}
