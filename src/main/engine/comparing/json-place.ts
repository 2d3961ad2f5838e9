import { cutMiddle } from '#shared/text/cut-middle.ts';

/**
 * Where a value stands in JSON. The path as text is made only for what is listed: a text for every value would take as much time as there are
 * levels, or letters of the names above, times values.
 */
export interface Place {
  readonly above: Place | null;
  /** A name, or the place in a list. */
  readonly step: string | number;
  readonly depth: number;
  /** Patterns that fit as far as here, and go on. */
  readonly open: readonly PathPattern[];
  /** Whether a pattern ends here or above. */
  readonly isIgnored: boolean;
}

/** The steps of a path, `*` for any. */
export type PathPattern = readonly (string | number)[];

/** Characters of a path that are shown, at its beginning and at its end, and of one name. */
const [shownStart, shownEnd, shownName] = [500, 500, 100];

/** The whole JSON. */
export function wholePlace(ignored: readonly PathPattern[]): Place {
  return placed(null, '', 0, ignored, false);
}

/** A member or an element of what stands at a place. */
export function placeBelow(above: Place, step: string | number): Place {
  const { open, depth, isIgnored } = above;
  if (isIgnored || open.length === 0) return { above, step, depth: depth + 1, open: [], isIgnored };
  const fitting = open.filter((pattern) => pattern[depth] === '*' || pattern[depth] === step);
  return placed(above, step, depth + 1, fitting, false);
}

function placed(above: Place | null, step: string | number, depth: number, patterns: readonly PathPattern[], isIgnored: boolean): Place {
  const isEnd = patterns.some(({ length }) => length === depth);
  return { above, step, depth, open: isEnd ? [] : patterns, isIgnored: isIgnored || isEnd };
}

/** The name of the member that stands at a place, or that has the list in which it stands; empty for none. */
export function memberName(place: Place): string {
  for (let at: Place | null = place; at !== null; at = at.above) if (typeof at.step === 'string') return at.step;
  return '';
}

/** A place as a path: `$.a['odd name'][0]`. The middle of a long one is left out. */
export function pathText(place: Place): string {
  const steps: string[] = [];
  for (let at = place; at.above !== null; at = at.above) steps.push(stepText(at.step));
  const { start, hiddenCharacters, end } = cutMiddle(`$${steps.toReversed().join('')}`, { start: shownStart, end: shownEnd });
  return hiddenCharacters === 0 ? start : `${start}…${end}`;
}

function stepText(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  if (step.length > shownName) return `['${step.slice(0, shownName)}…']`;
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step) ? `.${step}` : `['${step}']`;
}

/** Patterns of paths: `$.items[*].at`, `$['odd name']`. */
export function pathPatterns(texts: readonly string[]): readonly PathPattern[] {
  return texts.map((text) =>
    [...text.matchAll(/\.([^.[\]]+)|\['([^']*)'\]|\[(\d+|\*)\]/g)].map(([, name, quoted, index]) =>
      index === undefined ? (name ?? quoted ?? '') : index === '*' ? '*' : Number(index),
    ),
  );
}
