import type { Algorithm } from './algorithms.ts';
import type { BodyVariant, BodyVariants } from './body/body-variants.ts';
import type { MacFrame } from './frame.ts';
import type { SearchShare } from './problem.ts';
import type { StringPart } from './signed-parts.ts';
import type { StringVariant } from './string/string-variants.ts';

/** How many things are changed at once; a change of the signature's own text does not count. */
export type Level = 0 | 1 | 2;

/** A possible signed string, with every key and algorithm to try on it. */
export interface Candidate {
  readonly body: BodyVariant;
  readonly string: Pick<StringVariant, 'parts' | 'causes'>;
  readonly keys: MacFrame['keys'];
  readonly algorithms: readonly Algorithm[];
}

/** A candidate with how far-fetched it is. */
export type Entry = Candidate & { readonly cost: number };

/** Body changes that are tried together with another kind of change before the far-fetched pairs. */
export const usualCost = 1.15;

/** With a large body, the thousand possible milliseconds of a truncated timestamp are tried last. */
export const lateLimitBytes = 20_000;

/** The candidates of a frame with so many changes, cheapest first, only this thread's share. */
export function* candidatesOf(frame: MacFrame, level: Level, bodies: SharedBodies, share: SearchShare): Generator<Candidate, void, void> {
  switch (level) {
    case 0:
      return yield* shareOf(inOrder(unchanged(frame, bodies)), share, level);
    case 1:
      return yield* shareOf(merged(inOrder(oneChange(frame, bodies)), withBodies(frame, bodies.singles())), share, level);
    case 2:
      yield* merged(shareOf(inOrder(twoChanges(frame, bodies)), share, level), withBodies(frame, bodies.pairs()));
      yield* shareOf(lateKeys(frame, bodies), share, level);
      return yield* withBodies(frame, bodies.late());
  }
}

/** Keys of mistyped secrets; there are many, so they are tried late. */
function* lateKeys(frame: MacFrame, { received }: SharedBodies): Generator<Entry, void, void> {
  if (frame.parts === null) return;
  const algorithms = ofCauses(frame.algorithms, 0);
  for (const key of frame.lateKeys()) yield entry(received, own(frame.parts), [key], algorithms);
}

/** This thread's share of items; the unchanged item is only for the first thread. */
export function* shareOf<T>(items: Iterable<T>, { index, of }: SearchShare, level: Level): Generator<T, void, void> {
  let at = 0;
  for (const item of items) {
    if ((level === 0 ? 0 : at % of) === index) yield item;
    at += 1;
  }
}

/** Body variants, made once for however many frames ask for them; pairs are those of one share. */
export interface SharedBodies {
  readonly received: BodyVariant;
  readonly singles: () => Iterable<BodyVariant>;
  readonly pairs: () => Iterable<BodyVariant>;
  /** Too many to be kept, so they are generated again for each frame. */
  readonly late: () => Iterable<BodyVariant>;
  readonly leftOut: BodyVariants['leftOut'];
  readonly farFetched: BodyVariants['farFetched'];
  readonly isLimited: BodyVariants['isLimited'];
}

/** Caches the variants. Every thread makes all single changes, which pairs begin with, and its share of the pairs. */
export function shareBodies(variants: BodyVariants, share: SearchShare): SharedBodies {
  const { received, singles, farFetched, isLimited, leftOut } = variants;
  return {
    received,
    singles: replayed(singles),
    pairs: replayed(() => variants.pairs(share)),
    late: () => variants.late(share),
    leftOut,
    farFetched,
    isLimited,
  };
}

function replayed<T>(make: () => Generator<T, void, void>): () => Iterable<T> {
  const kept: T[] = [];
  let source: Generator<T, void, void> | null = null;
  return function* replay() {
    source ??= make();
    for (let index = 0; ; index += 1) {
      if (index >= kept.length) {
        const step = source.next();
        if (step.done === true) return;
        kept.push(step.value);
      }
      const item = kept[index];
      if (item !== undefined) yield item;
    }
  };
}

/** Those that change so many things. */
export const ofCauses = <T extends { readonly causes: readonly unknown[] }>(items: readonly T[], count: number) =>
  items.filter(({ causes }) => causes.length === count);

function unchanged(frame: MacFrame, { received }: SharedBodies): readonly Entry[] {
  if (frame.parts === null) return [];
  return [entry(received, own(frame.parts), ofCauses(frame.keys, 0), ofCauses(frame.algorithms, 0))];
}

function oneChange(frame: MacFrame, { received }: SharedBodies): readonly Entry[] {
  const keys = ofCauses(frame.keys, 0);
  const algorithms = ofCauses(frame.algorithms, 0);
  const strings = frame.strings.singles.map((string) => entry(received, string, keys, algorithms));
  if (frame.parts === null) return strings;
  const string = own(frame.parts);
  return [
    ...strings,
    ...ofCauses(frame.keys, 1).map((key) => entry(received, string, [key], algorithms)),
    ...ofCauses(frame.algorithms, 1).map((algorithm) => entry(received, string, keys, [algorithm])),
  ];
}

function twoChanges(frame: MacFrame, bodies: SharedBodies): readonly Entry[] {
  const { received } = bodies;
  const [keys, otherKeys] = [ofCauses(frame.keys, 0), ofCauses(frame.keys, 1).filter(({ isAlone }) => !isAlone)];
  const [algorithms, otherAlgorithms] = [ofCauses(frame.algorithms, 0), ofCauses(frame.algorithms, 1)];
  const usualBodies = [...bodies.singles()].filter(({ cost }) => cost <= usualCost);
  const usualStrings = frame.strings.singles.filter(({ isUsual }) => isUsual);
  const pairs = frame.strings.pairs.filter(({ causes }) => causes.length > 1 || received.bytes.byteLength <= lateLimitBytes);
  const ofStrings = [
    ...pairs.map((string) => entry(received, string, keys, algorithms)),
    ...usualStrings.flatMap((string) => otherKeys.map((key) => entry(received, string, [key], algorithms))),
    ...usualStrings.flatMap((string) => otherAlgorithms.map((algorithm) => entry(received, string, keys, [algorithm]))),
    ...usualStrings.flatMap((string) => usualBodies.map((body) => entry(body, string, keys, algorithms))),
  ];
  if (frame.parts === null) return ofStrings;
  const string = own(frame.parts);
  return [
    ...ofStrings,
    ...ofCauses(frame.keys, 2).map((key) => entry(received, string, [key], algorithms)),
    ...otherKeys.flatMap((key) => otherAlgorithms.map((algorithm) => entry(received, string, [key], [algorithm]))),
    ...usualBodies.flatMap((body) => {
      const parts = frame.partsWith(body.bytes);
      if (parts === null) return [];
      return [
        ...otherKeys.map((key) => entry(body, own(parts), [key], algorithms)),
        ...otherAlgorithms.map((algorithm) => entry(body, own(parts), keys, [algorithm])),
      ];
    }),
  ];
}

function* withBodies(frame: MacFrame, bodies: Iterable<BodyVariant>): Generator<Entry, void, void> {
  if (frame.parts === null) return;
  const keys = ofCauses(frame.keys, 0);
  const algorithms = ofCauses(frame.algorithms, 0);
  for (const body of bodies) {
    const parts = frame.partsWith(body.bytes);
    if (parts !== null) yield entry(body, own(parts), keys, algorithms);
  }
}

/** The scheme's own signed string. */
export function own(parts: readonly StringPart[]): Candidate['string'] & { readonly cost: number } {
  return { parts, causes: [], cost: 0 };
}

/** Builds a candidate from its four parts; the first key and algorithm determine its cost. */
export function entry(
  body: BodyVariant,
  string: Candidate['string'] & { readonly cost: number },
  keys: MacFrame['keys'],
  algorithms: readonly Algorithm[],
): Entry {
  const cost = body.cost + string.cost + (keys[0]?.cost ?? 0) + (algorithms[0]?.cost ?? 0);
  return { body, string, keys, algorithms, cost };
}

function* inOrder(entries: readonly Entry[]): Generator<Entry, void, void> {
  yield* entries.toSorted((left, right) => left.cost - right.cost);
}

/** Merges two streams that are sorted by cost. */
function* merged(left: Generator<Entry, void, void>, right: Generator<Entry, void, void>): Generator<Entry, void, void> {
  let [one, other] = [left.next(), right.next()];
  while (one.done !== true && other.done !== true) {
    if (one.value.cost <= other.value.cost) {
      yield one.value;
      one = left.next();
    } else {
      yield other.value;
      other = right.next();
    }
  }
  for (; one.done !== true; one = left.next()) yield one.value;
  for (; other.done !== true; other = right.next()) yield other.value;
}
