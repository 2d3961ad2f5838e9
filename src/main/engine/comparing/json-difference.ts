import type { BodyRewrite, JsonChange, NoiseKind } from '#shared/contract/comparing.ts';
import { readExact, type ExactEntry, type ExactJson, type ExactList, type ExactObject } from '#shared/json/exact.ts';
import { layoutOf, withoutLayout } from './json-layout.ts';
import { exactNumber, isNumber } from './json-number.ts';
import { noiseOf } from './noise.ts';

/** What the two sides are called in sentences: `sent` and `arrived`, or `first` and `second`. */
export interface SideWords {
  readonly before: string;
  readonly after: string;
  /** Both are one request, so that what is other was changed. */
  readonly isSameRequest: boolean;
}

/** Words for two requests or two answers, of which none was made of the other. */
export const firstAndSecond: SideWords = { before: 'first', after: 'second', isSameRequest: false };

/** What stands on both sides: of one request what it became, of two what each of them has. */
export function asPair({ before, after, isSameRequest }: SideWords, one: string, other: string): string {
  return isSameRequest ? `${one} became ${other}` : `${one} in the ${before}, ${other} in the ${after}`;
}

/** What may differ: kinds of noise, and values at some paths with all below them. */
export interface Ignored {
  readonly noise: readonly NoiseKind[];
  readonly isIgnoredPath: (path: string) => boolean;
}

/** Ignores kinds of noise only. */
export function ignoring(noise: readonly NoiseKind[]): Ignored {
  return { noise, isIgnoredPath: () => false };
}

/** Differences that were left out, by why. */
export type LeftOut = Readonly<Record<'dates' | 'ids' | 'paths', number>>;

/** How two JSON texts differ. */
export interface JsonDifference {
  readonly isSameValue: boolean;
  readonly rewrites: readonly BodyRewrite[];
  /** The first of them. */
  readonly changes: readonly JsonChange[];
  readonly changeCount: number;
  readonly leftOut: LeftOut;
}

/** Changes that are listed; more are counted. */
export const listedChanges = 200;

/** Characters of a value that are shown. */
const shownCharacters = 300;

/**
 * Compares two JSON texts by path, exactly: numbers by their decimal value and not as a program would round them, repeated names one by
 * one. Both must be valid JSON. What is the same value and written otherwise is a rewrite.
 */
export function jsonDifference(before: string, after: string, words: SideWords, ignore: Ignored = ignoring([])): JsonDifference {
  const found = createFindings(ignore, words);
  compare(readExact(before), readExact(after), '$', found);
  return {
    isSameValue: found.changeCount === 0 && leftOutCount(found.leftOut) === 0,
    rewrites: [...layoutRewrite(before, after, words), ...found.rewrites(), ...endRewrite(before, after, words)],
    changes: found.changes,
    changeCount: found.changeCount,
    leftOut: found.leftOut,
  };
}

/** How many differences were left out. */
export function leftOutCount({ dates, ids, paths }: LeftOut): number {
  return dates + ids + paths;
}

/** A text that is equal for JSON of the same value, however it is written. */
export function contentKey(json: ExactJson): string {
  if (typeof json === 'string') return scalarKey(json);
  if (json.kind === 'list') return `[${json.items.map(contentKey).join(',')}]`;
  const members = json.entries.map(([name, value]) => [textOf(name), contentKey(value)] as const);
  // A stable sort leaves repeated names in their order, in which the last one counts.
  const sorted = members.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function scalarKey(source: string): string {
  if (isNumber(source)) return exactNumber(source);
  return source.startsWith('"') ? JSON.stringify(textOf(source)) : source;
}

function textOf(source: string): string {
  return source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1);
}

function createFindings({ noise: ignoredNoise, isIgnoredPath }: Ignored, words: SideWords) {
  const changes: JsonChange[] = [];
  const leftOut = { dates: 0, ids: 0, paths: 0 };
  const order = { count: 0, first: '', isSorted: true };
  const escapes = { count: 0, first: '' };
  const numbers = { count: 0, first: '' };
  let changeCount = 0;
  return {
    changes,
    leftOut,
    get changeCount() {
      return changeCount;
    },
    change: (change: JsonChange, noise: 'dates' | 'ids' | null = null) => {
      const why = isIgnoredPath(change.path) ? 'paths' : noise !== null && ignoredNoise.includes(noise) ? noise : null;
      if (why !== null) {
        leftOut[why] += 1;
        return;
      }
      changeCount += 1;
      if (changes.length < listedChanges) changes.push(change);
    },
    reordered: (path: string, areSorted: boolean) => {
      order.count += 1;
      if (order.count === 1) order.first = path;
      order.isSorted &&= areSorted;
    },
    escaped: (path: string, before: string, after: string) => {
      escapes.count += 1;
      if (escapes.count === 1) escapes.first = `${asPair(words, cut(before, 60), cut(after, 60))} at ${path}`;
    },
    renumbered: (path: string, before: string, after: string) => {
      numbers.count += 1;
      if (numbers.count === 1) numbers.first = `${asPair(words, cut(before, 60), cut(after, 60))} at ${path}`;
    },
    rewrites: (): readonly BodyRewrite[] => [
      ...(order.count === 0
        ? []
        : [
            {
              kind: 'key order' as const,
              sentence: `${order.isSorted ? sortedText(words) : 'The names come in another order'} in ${counted(order.count, 'object', 'objects')}, first at ${order.first}.`,
            },
          ]),
      ...(escapes.count === 0
        ? []
        : [
            {
              kind: 'escapes' as const,
              sentence: `${counted(escapes.count, 'string has', 'strings have')} the same text with other escapes: ${escapes.first}.`,
            },
          ]),
      ...(numbers.count === 0
        ? []
        : [
            {
              kind: 'numbers' as const,
              sentence: `${counted(numbers.count, 'number is', 'numbers are')} written otherwise with the same value: ${numbers.first}.`,
            },
          ]),
    ],
  };
}

function sortedText({ after, isSameRequest }: SideWords): string {
  return isSameRequest ? 'The names were sorted by the alphabet' : `The ${after} has the names sorted by the alphabet`;
}

type Findings = ReturnType<typeof createFindings>;

function layoutRewrite(before: string, after: string, words: SideWords): readonly BodyRewrite[] {
  const [layoutBefore, layoutAfter] = [layoutOf(before), layoutOf(after)];
  if (layoutBefore !== null && layoutAfter !== null && layoutBefore !== layoutAfter)
    return [
      {
        kind: 'layout',
        sentence: `The JSON ${words.isSameRequest ? 'was re-indented' : 'is laid out otherwise'}: ${words.before} ${layoutBefore}, ${words.after} ${layoutAfter}.`,
      },
    ];
  const isSpaceBetween = before.trim() !== after.trim() && withoutLayout(before) === withoutLayout(after);
  return isSpaceBetween ? [{ kind: 'layout', sentence: 'The space between the tokens of the JSON is other.' }] : [];
}

/** Space around the JSON is neither its layout nor its value; most often it is a line end that was added or taken away. */
function endRewrite(before: string, after: string, words: SideWords): readonly BodyRewrite[] {
  const [endBefore, endAfter] = [before.slice(before.trimEnd().length), after.slice(after.trimEnd().length)];
  if (endBefore === endAfter) return [];
  const named = (end: string) => (end === '' ? 'nothing' : /^(?:\r?\n)+$/.test(end) ? 'a line end' : 'space');
  return [{ kind: 'end', sentence: `What stands behind the JSON differs: ${asPair(words, named(endBefore), named(endAfter))}.` }];
}

function compare(before: ExactJson, after: ExactJson, path: string, found: Findings): void {
  if (typeof before === 'string' || typeof after === 'string') return compareScalars(before, after, path, found);
  if (before.kind === 'list' && after.kind === 'list') return compareLists(before, after, path, found);
  if (before.kind === 'object' && after.kind === 'object') return compareObjects(before, after, path, found);
  found.change({ kind: 'changed', path, before: shown(before), after: shown(after), note: null });
}

function compareScalars(before: ExactJson, after: ExactJson, path: string, found: Findings): void {
  if (before === after) return;
  if (typeof before !== 'string' || typeof after !== 'string')
    return found.change({ kind: 'changed', path, before: shown(before), after: shown(after), note: null });
  if (isNumber(before) && isNumber(after) && exactNumber(before) === exactNumber(after)) return found.renumbered(path, before, after);
  const areTexts = before.startsWith('"') && after.startsWith('"');
  if (areTexts && textOf(before) === textOf(after)) return found.escaped(path, before, after);
  found.change(
    { kind: 'changed', path, before: shown(before), after: shown(after), note: noteOn(before, after) },
    noiseOf(plain(before), plain(after)),
  );
}

/** What is known of two scalars that are not the same value. */
function noteOn(before: string, after: string): string | null {
  if (isNumber(before) && isNumber(after)) {
    const isRounded = Number(before) === Number(after);
    return isRounded ? 'Another number, which a program that reads it as a double takes for the same.' : null;
  }
  const isText = (source: string) => source.startsWith('"');
  if (isText(before) && isText(after))
    return textOf(before).normalize('NFC') === textOf(after).normalize('NFC') ? 'The same letters in another Unicode normal form.' : null;
  return plain(before) === plain(after) ? 'The same characters as a value of another type.' : null;
}

function plain(source: string): string {
  return source.startsWith('"') ? textOf(source) : source;
}

function compareLists(before: ExactList, after: ExactList, path: string, found: Findings): void {
  const { start, end } = before.items.length === after.items.length ? { start: 0, end: 0 } : sharedEnds(before, after);
  const [middleBefore, middleAfter] = [before.items.length - end, after.items.length - end];
  const shared = Math.min(middleBefore, middleAfter);
  // What stands before and behind the part that differs may still be written otherwise.
  for (let index = 0; index < Math.max(start, shared); index += 1)
    compare(before.items[index] ?? 'null', after.items[index] ?? 'null', `${path}[${index}]`, found);
  for (let index = shared; index < middleBefore; index += 1)
    found.change({ kind: 'removed', path: `${path}[${index}]`, before: shown(before.items[index] ?? 'null'), after: null, note: null });
  for (let index = shared; index < middleAfter; index += 1)
    found.change({ kind: 'added', path: `${path}[${index}]`, before: null, after: shown(after.items[index] ?? 'null'), note: null });
  for (let index = end; index > 0; index -= 1)
    compare(
      before.items[before.items.length - index] ?? 'null',
      after.items[after.items.length - index] ?? 'null',
      `${path}[${after.items.length - index}]`,
      found,
    );
}

/** How many elements at both ends of two lists are of the same value. */
function sharedEnds(before: ExactList, after: ExactList): { readonly start: number; readonly end: number } {
  const [keysBefore, keysAfter] = [before.items.map(contentKey), after.items.map(contentKey)];
  const shorter = Math.min(keysBefore.length, keysAfter.length);
  let start = 0;
  while (start < shorter && keysBefore[start] === keysAfter[start]) start += 1;
  let end = 0;
  while (end < shorter - start && keysBefore[keysBefore.length - 1 - end] === keysAfter[keysAfter.length - 1 - end]) end += 1;
  return { start, end };
}

function compareObjects(before: ExactObject, after: ExactObject, path: string, found: Findings): void {
  if (areNamedAlike(before, after)) return compareMembers(before, after, path, found);
  const [namesBefore, namesAfter] = [before.entries.map(nameOf), after.entries.map(nameOf)];
  const [valuesBefore, valuesAfter] = [byName(before.entries), byName(after.entries)];
  const isShared = (name: string) => valuesBefore.has(name) && valuesAfter.has(name);
  const [orderBefore, orderAfter] = [namesBefore.filter(isShared), namesAfter.filter(isShared)];
  if (orderBefore.length === orderAfter.length && orderBefore.some((name, index) => name !== orderAfter[index]))
    found.reordered(path, isSorted(namesAfter));
  const sourcesAfter = new Map(after.entries.map(([source], index) => [namesAfter[index] ?? '', source]));
  for (const [index, [source]] of before.entries.entries()) {
    const other = sourcesAfter.get(namesBefore[index] ?? '');
    if (other !== undefined && other !== source) found.escaped(`${path} (a name)`, source, other);
  }
  for (const [name, values] of valuesBefore) {
    const others = valuesAfter.get(name) ?? [];
    const at = `${path}${stepText(name)}`;
    const note = values.length > 1 || others.length > 1 ? 'The name stands in this object more than once.' : null;
    // Of repeated names most programs keep the last, so that is what is compared with the last.
    const shared = Math.min(values.length, others.length);
    for (let index = 1; index <= shared; index += 1)
      compare(values[values.length - index] ?? 'null', others[others.length - index] ?? 'null', at, found);
    for (const value of values.slice(0, values.length - shared))
      found.change({ kind: 'removed', path: at, before: shown(value), after: null, note });
    for (const value of others.slice(0, others.length - shared))
      found.change({ kind: 'added', path: at, before: null, after: shown(value), note });
  }
  for (const [name, values] of valuesAfter)
    if (!valuesBefore.has(name))
      for (const value of values)
        found.change({ kind: 'added', path: `${path}${stepText(name)}`, before: null, after: shown(value), note: null });
}

/** Whether two objects have the same names in the same order, each written alike, as most have that are compared. */
function areNamedAlike({ entries }: ExactObject, { entries: others }: ExactObject): boolean {
  return entries.length === others.length && entries.every(([source], index) => source === others[index]?.[0]);
}

/** Compares such objects, many times faster than by looking each name up: repeated ones stand beside each other too. */
function compareMembers(before: ExactObject, after: ExactObject, path: string, found: Findings): void {
  for (const [index, [name, value]] of before.entries.entries()) {
    const other = after.entries[index]?.[1] ?? 'null';
    // Scalars are sources, and the path of one that is the same is not asked for.
    if (value !== other) compare(value, other, `${path}${stepText(textOf(name))}`, found);
  }
}

function nameOf([source]: ExactEntry): string {
  return textOf(source);
}

function byName(entries: readonly ExactEntry[]): ReadonlyMap<string, readonly ExactJson[]> {
  const map = new Map<string, ExactJson[]>();
  for (const entry of entries) {
    const [name, value] = [nameOf(entry), entry[1]];
    const values = map.get(name);
    if (values === undefined) map.set(name, [value]);
    else values.push(value);
  }
  return map;
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name);
}

/** A name as a step of a path. */
function stepText(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? `.${name}` : `['${cut(name, 100)}']`;
}

/** The beginning of a value as text; only as much of a large one is written as is shown. */
function shown(json: ExactJson): string {
  if (typeof json === 'string') return cut(json, shownCharacters);
  let text = '';
  const write = (value: ExactJson): void => {
    if (text.length > shownCharacters) return;
    if (typeof value === 'string') text += value;
    else if (value.kind === 'list') {
      text += '[';
      for (const [index, item] of value.items.entries()) {
        if (text.length > shownCharacters) return;
        if (index > 0) text += ',';
        write(item);
      }
      text += ']';
    } else {
      text += '{';
      for (const [index, [name, member]] of value.entries.entries()) {
        if (text.length > shownCharacters) return;
        text += `${index > 0 ? ',' : ''}${name}:`;
        write(member);
      }
      text += '}';
    }
  };
  write(json);
  return cut(text, shownCharacters);
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
