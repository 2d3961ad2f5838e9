import type { BodyRewrite, JsonChange } from '#shared/contract/comparing.ts';
import { readExact, type ExactEntry, type ExactJson, type ExactList, type ExactObject } from '#shared/json/exact.ts';
import { namedDateForm } from './date-form.ts';
import { createValueKeys, textOf } from './json-content.ts';
import { createFindings, cut, ignoring, type Findings, type Ignored, type LeftOut } from './json-findings.ts';
import { aroundRewrites, layoutRewrite } from './json-layout.ts';
import { exactNumber, isNumber } from '#shared/json/number.ts';
import { memberName, placeBelow, wholePlace, type Place } from './json-place.ts';
import { noiseOfMember, timeNote } from './noise.ts';
import type { SideWords } from './side-words.ts';

/** How two JSON texts differ. */
export interface JsonDifference {
  readonly isSameValue: boolean;
  readonly rewrites: readonly BodyRewrite[];
  /** The first of them. */
  readonly changes: readonly JsonChange[];
  readonly changeCount: number;
  readonly leftOut: LeftOut;
}

/** Characters of a value that are shown. */
const shownCharacters = 300;

/** Characters of a text that are looked at in another normal form, since that takes the square of the marks on one letter. */
const normalizedCharacters = 1000;

/** What is handed down while two values are compared. */
interface Comparing {
  readonly found: Findings;
  readonly keyOf: (json: ExactJson) => string;
  readonly words: SideWords;
}

/**
 * Compares two JSON texts by path, exactly: numbers by their decimal value and not as a program would round them, repeated names one by
 * one. Both must be valid JSON. What is the same value and written otherwise is a rewrite.
 */
export function jsonDifference(before: string, after: string, words: SideWords, ignore: Ignored = ignoring([])): JsonDifference {
  const found = createFindings(ignore, words);
  compare(readExact(before), readExact(after), wholePlace(ignore.paths), { found, keyOf: createValueKeys(), words });
  return {
    isSameValue: found.changeCount === 0 && leftOutCount(found.leftOut) === 0,
    rewrites: [...layoutRewrite(before, after, words, found.isReordered), ...found.rewrites(), ...aroundRewrites(before, after, words)],
    changes: found.changes,
    changeCount: found.changeCount,
    leftOut: found.leftOut,
  };
}

/** How many differences were left out. */
export function leftOutCount({ dates, ids, paths }: LeftOut): number {
  return dates + ids + paths;
}

/** Two lists or two objects, of which what is within is still to be compared. */
interface Pair {
  readonly before: ExactJson;
  readonly after: ExactJson;
  readonly place: Place;
}

/** Compares in the order of the text. The levels above wait in a list, since a thousand of them are too many for calls within calls. */
function compare(before: ExactJson, after: ExactJson, place: Place, by: Comparing): void {
  if (!haveWithin(before, after)) return compareWhole(before, after, place, by);
  const open = [compareWithin({ before, after, place }, by)];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const next = level.next();
    if (next.done === true) open.pop();
    else open.push(compareWithin(next.value, by));
  }
}

/** Whether what is within two values is compared one by one. */
function haveWithin(before: ExactJson, after: ExactJson): boolean {
  return typeof before !== 'string' && typeof after !== 'string' && before.kind === after.kind;
}

/** Compares what is within; that of which only the inside is to be compared comes out. */
function compareWithin({ before, after, place }: Pair, by: Comparing): Generator<Pair, void> {
  if (typeof before !== 'string' && typeof after !== 'string') {
    if (before.kind === 'list' && after.kind === 'list') return compareLists(before, after, place, by);
    if (before.kind === 'object' && after.kind === 'object') return compareObjects(before, after, place, by);
  }
  throw new TypeError('Only two lists or two objects have something within.');
}

/** Compares scalars, and what is of another type on the other side. */
function compareWhole(before: ExactJson, after: ExactJson, place: Place, by: Comparing): void {
  if (before === after) return;
  if (typeof before !== 'string' || typeof after !== 'string') return changed(before, after, place, by);
  if (isNumber(before) && isNumber(after) && exactNumber(before) === exactNumber(after)) return by.found.renumbered(place, before, after);
  const areTexts = before.startsWith('"') && after.startsWith('"');
  if (areTexts && textOf(before) === textOf(after)) return by.found.escaped(place, before, after);
  // A number is not a text, whatever it says.
  const isOneType = areTexts || (isNumber(before) && isNumber(after));
  const noise = isOneType ? noiseOfMember(memberName(place), plain(before), plain(after)) : null;
  by.found.change(
    place,
    () => ({ kind: 'changed', before: shown(before), after: shown(after), note: noteOn(memberName(place), before, after, by.words) }),
    noise,
  );
}

function changed(before: ExactJson, after: ExactJson, place: Place, { found }: Comparing): void {
  found.change(place, () => ({ kind: 'changed', before: shown(before), after: shown(after), note: null }));
}

function added(value: ExactJson, place: Place, { found }: Comparing, note: string | null = null): void {
  found.change(place, () => ({ kind: 'added', before: null, after: shown(value), note }));
}

function removed(value: ExactJson, place: Place, { found }: Comparing, note: string | null = null): void {
  found.change(place, () => ({ kind: 'removed', before: shown(value), after: null, note }));
}

/** What is known of two scalars that are not the same value. */
function noteOn(name: string, before: string, after: string, words: SideWords): string | null {
  if (isNumber(before) && isNumber(after)) {
    const isRounded = Number(before) === Number(after);
    return isRounded ? 'Another number, which a program that reads it as a double takes for the same.' : null;
  }
  const isText = (source: string) => source.startsWith('"');
  const forms = [before, after].map((source) => namedDateForm(name, plain(source)));
  if (!forms.includes(null) && forms[0] !== forms[1]) return timeNote(plain(before), plain(after), words);
  if (!isText(before) || !isText(after)) return plain(before) === plain(after) ? 'The same characters as a value of another type.' : null;
  if (before.length > normalizedCharacters || after.length > normalizedCharacters) return null;
  return textOf(before).normalize('NFC') === textOf(after).normalize('NFC') ? 'The same letters in another Unicode normal form.' : null;
}

function plain(source: string): string {
  return source.startsWith('"') ? textOf(source) : source;
}

function* compareLists(before: ExactList, after: ExactList, place: Place, by: Comparing): Generator<Pair, void> {
  const { start, end } = before.items.length === after.items.length ? { start: 0, end: 0 } : sharedEnds(before, after, by);
  const [middleBefore, middleAfter] = [before.items.length - end, after.items.length - end];
  const shared = Math.min(middleBefore, middleAfter);
  // What stands before and behind the part that differs may still be written otherwise.
  for (let index = 0; index < Math.max(start, shared); index += 1) {
    const pair = pairBelow(before.items[index], after.items[index], place, index, by);
    if (pair !== null) yield pair;
  }
  for (let index = shared; index < middleBefore; index += 1) removed(before.items[index] ?? 'null', placeBelow(place, index), by);
  for (let index = shared; index < middleAfter; index += 1) added(after.items[index] ?? 'null', placeBelow(place, index), by);
  for (let index = end; index > 0; index -= 1) {
    const at = after.items.length - index;
    const pair = pairBelow(before.items[before.items.length - index], after.items[at], place, at, by);
    if (pair !== null) yield pair;
  }
}

/** Compares two values at a step below a place, which is not made for scalars that are written alike; null unless they have something within. */
function pairBelow(
  before: ExactJson | undefined,
  after: ExactJson | undefined,
  above: Place,
  step: string | number,
  by: Comparing,
): Pair | null {
  if (before === undefined || after === undefined || before === after) return null;
  const place = placeBelow(above, step);
  if (haveWithin(before, after)) return { before, after, place };
  compareWhole(before, after, place, by);
  return null;
}

/** How many elements at both ends of two lists are of the same value. */
function sharedEnds(before: ExactList, after: ExactList, { keyOf }: Comparing): { readonly start: number; readonly end: number } {
  const [keysBefore, keysAfter] = [before.items.map(keyOf), after.items.map(keyOf)];
  const shorter = Math.min(keysBefore.length, keysAfter.length);
  let start = 0;
  while (start < shorter && keysBefore[start] === keysAfter[start]) start += 1;
  let end = 0;
  while (end < shorter - start && keysBefore[keysBefore.length - 1 - end] === keysAfter[keysAfter.length - 1 - end]) end += 1;
  return { start, end };
}

function* compareObjects(before: ExactObject, after: ExactObject, place: Place, by: Comparing): Generator<Pair, void> {
  if (areNamedAlike(before, after)) return yield* compareMembers(before, after, place, by);
  const [namedBefore, namedAfter] = [byName(before.entries), byName(after.entries)];
  const [orderBefore, orderAfter] = [pairedNames(before, namedBefore, namedAfter), pairedNames(after, namedAfter, namedBefore)];
  if (orderBefore.some((name, index) => name !== orderAfter[index])) by.found.reordered(place, isSorted(after.entries.map(nameOf)));
  for (const [name, entries] of namedBefore) {
    const others = namedAfter.get(name) ?? [];
    const at = placeBelow(place, name);
    const note = entries.length > 1 || others.length > 1 ? 'The name stands in this object more than once.' : null;
    const shared = Math.min(entries.length, others.length);
    for (const [index, [source, value]] of entries.slice(entries.length - shared).entries()) {
      const [otherSource, otherValue] = others[others.length - shared + index] ?? [source, value];
      // Every place of a repeated name has its own escapes.
      if (source !== otherSource) by.found.escapedName(place, source, otherSource);
      const pair = pairBelow(value, otherValue, place, name, by);
      if (pair !== null) yield pair;
    }
    for (const [, value] of entries.slice(0, entries.length - shared)) removed(value, at, by, note);
    for (const [, value] of others.slice(0, others.length - shared)) added(value, at, by, note);
  }
  for (const [name, entries] of namedAfter)
    if (!namedBefore.has(name)) for (const [, value] of entries) added(value, placeBelow(place, name), by);
}

/** The names of an object that are compared with one of another, in their order. Of repeated names most programs keep the last, so the last ones are. */
function pairedNames({ entries }: ExactObject, own: NamedEntries, others: NamedEntries): readonly string[] {
  const left = new Map<string, number>();
  for (const [name, { length }] of own) left.set(name, Math.max(0, length - (others.get(name)?.length ?? 0)));
  return entries.map(nameOf).filter((name) => {
    const unpaired = left.get(name) ?? 0;
    left.set(name, unpaired - 1);
    return unpaired <= 0;
  });
}

/** Whether two objects have the same names in the same order, each written alike, as most have that are compared. */
function areNamedAlike({ entries }: ExactObject, { entries: others }: ExactObject): boolean {
  return entries.length === others.length && entries.every(([source], index) => source === others[index]?.[0]);
}

/** Compares such objects, many times faster than by looking each name up: repeated ones stand beside each other too. */
function* compareMembers(before: ExactObject, after: ExactObject, place: Place, by: Comparing): Generator<Pair, void> {
  for (const [index, [name, value]] of before.entries.entries()) {
    const other = after.entries[index]?.[1] ?? 'null';
    // Scalars are sources, and the name of one that is the same is not asked for.
    const pair = value === other ? null : pairBelow(value, other, place, textOf(name), by);
    if (pair !== null) yield pair;
  }
}

function nameOf([source]: ExactEntry): string {
  return textOf(source);
}

type NamedEntries = ReadonlyMap<string, readonly ExactEntry[]>;

function byName(entries: readonly ExactEntry[]): NamedEntries {
  const map = new Map<string, ExactEntry[]>();
  for (const entry of entries) {
    const named = map.get(nameOf(entry));
    if (named === undefined) map.set(nameOf(entry), [entry]);
    else named.push(entry);
  }
  return map;
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name);
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
