import type { BodyRewrite, JsonChange, NoiseKind } from '#shared/contract/comparing.ts';
import { pathText, type PathPattern, type Place } from './json-place.ts';
import { asPair, type SideWords } from './side-words.ts';

/** What may differ: kinds of noise, and values at some paths with all below them. */
export interface Ignored {
  readonly noise: readonly NoiseKind[];
  readonly paths: readonly PathPattern[];
}

/** Ignores kinds of noise only. */
export function ignoring(noise: readonly NoiseKind[]): Ignored {
  return { noise, paths: [] };
}

/** Differences that were left out, by why. */
export type LeftOut = Readonly<Record<'dates' | 'ids' | 'paths', number>>;

/** Changes that are listed; more are counted. */
export const listedChanges = 200;

/** Characters of a source that are shown in a sentence. */
const toldCharacters = 60;

/** What was found so far. */
export type Findings = ReturnType<typeof createFindings>;

/** Collects how two JSON texts differ. */
export function createFindings({ noise: ignoredNoise }: Pick<Ignored, 'noise'>, words: SideWords) {
  const changes: JsonChange[] = [];
  const leftOut = { dates: 0, ids: 0, paths: 0 };
  const order = { count: 0, first: '', isSorted: true };
  const escapes = { count: 0, first: '' };
  const numbers = { count: 0, first: '' };
  const tell = (told: { count: number; first: string }, at: () => string, before: string, after: string) => {
    told.count += 1;
    if (told.count === 1) told.first = `${asPair(words, cut(before, toldCharacters), cut(after, toldCharacters))} at ${at()}`;
  };
  let changeCount = 0;
  return {
    changes,
    leftOut,
    get changeCount() {
      return changeCount;
    },
    get isReordered() {
      return order.count > 0;
    },
    /** What the change is is asked for only where it is listed. */
    change: (place: Place, of: () => Omit<JsonChange, 'path'>, noise: 'dates' | 'ids' | null = null) => {
      const why = place.isIgnored ? 'paths' : noise !== null && ignoredNoise.includes(noise) ? noise : null;
      if (why !== null) {
        leftOut[why] += 1;
        return;
      }
      changeCount += 1;
      if (changes.length < listedChanges) changes.push({ ...of(), path: pathText(place) });
    },
    reordered: (place: Place, areSorted: boolean) => {
      order.count += 1;
      if (order.count === 1) order.first = pathText(place);
      order.isSorted &&= areSorted;
    },
    escaped: (place: Place, before: string, after: string) => tell(escapes, () => pathText(place), before, after),
    /** A name of an object that stands at the place. */
    escapedName: (place: Place, before: string, after: string) => tell(escapes, () => `${pathText(place)} (a name)`, before, after),
    renumbered: (place: Place, before: string, after: string) => tell(numbers, () => pathText(place), before, after),
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

/** The beginning of a text. */
export function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`;
}

function sortedText({ after, isSameRequest }: SideWords): string {
  return isSameRequest ? 'The names were sorted by the alphabet' : `The ${after} has the names sorted by the alphabet`;
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
