import type { PrintedEntry, PrintedValue, ReadValue } from './value.ts';

/** Where names and values of a map without quotes lie: each name begins where the pattern matches. */
interface FlatForm {
  readonly opening: RegExp;
  /** What ends the map, from the last value on. */
  readonly closing: RegExp;
  /** The name with what stands around it; its one group is the name. */
  readonly name: RegExp;
  readonly toValues: (text: string) => readonly string[];
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]{1,200}";

const forms: readonly FlatForm[] = [
  // Go, %v: map[Accept:[*/*] X-A:[1 2]]
  {
    opening: /(?:&?http\.Header)?map\[(?=[^\]\s:]{1,200}:\[)/y,
    closing: /\]\](?=\s|$|[,)])/g,
    name: new RegExp(`(?:\\] |^)(${token}):\\[`, 'g'),
    toValues: (text) => [text],
  },
  // Java: {Accept=[*/*], X-A=[1, 2]}
  {
    opening: new RegExp(`(?:[\\w.$@ ]{0,120}\\{ )?\\{(?=${token}=\\[)`, 'y'),
    closing: /\]\}(?=\s|$|[,)])/g,
    name: new RegExp(`(?:\\], |^)(${token})=\\[`, 'g'),
    toValues: (text) => [text],
  },
  // Java: {accept=*/*, x-a=1}
  {
    opening: new RegExp(`\\{(?=${token}=[^\\[>\\s])`, 'y'),
    closing: /\}(?=\s|$|[,)])/g,
    name: new RegExp(`(?:, |^)(${token})=`, 'g'),
    toValues: (text) => [text],
  },
  // Spring: [accept:"*/*", x-a:"1", "2"]
  {
    opening: new RegExp(`\\[(?=${token}:")`, 'y'),
    closing: /"\](?=\s|$|[,)])/g,
    name: new RegExp(`(?:", |^)(${token}):"`, 'g'),
    toValues: (text) => text.split('", "'),
  },
];

/** Reads a map as Go, Java and Spring print it, without quotes around names and values; null where there is none. */
export function readFlatMap(binary: string, at: number): ReadValue | null {
  for (const form of forms) {
    const read = readAs(binary, at, form);
    if (read !== null) return read;
  }
  return null;
}

function readAs(binary: string, at: number, { opening, closing, name, toValues }: FlatForm): ReadValue | null {
  opening.lastIndex = at;
  if (opening.exec(binary) === null) return null;
  const start = opening.lastIndex;
  // One line holds it all.
  const lineEnd = /[\r\n]|$/g;
  lineEnd.lastIndex = start;
  const line = binary.slice(start, lineEnd.exec(binary)?.index ?? binary.length);
  closing.lastIndex = 0;
  const end = closing.exec(line);
  if (end === null) return null;
  const inside = line.slice(0, end.index);
  const names = [...inside.matchAll(name)];
  const entries = names.map((found, index): PrintedEntry => {
    const text = inside.slice(found.index + found[0].length, names[index + 1]?.index ?? inside.length);
    const values = toValues(text).map((one): PrintedValue => ({ kind: 'string', binary: one }));
    const [only] = values;
    return [found[1] ?? '', values.length === 1 && only !== undefined ? only : { kind: 'list', items: values }];
  });
  return { value: { kind: 'object', entries }, end: start + end.index + end[0].length };
}
