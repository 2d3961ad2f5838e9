import { characterCount, valueIs, type EdgeKind, type EdgeValue } from './edge.ts';
import type { Flat } from '../import/merge-schemas.ts';
import { patternText } from '../import/pattern-text.ts';
import { formatValues } from './format-values.ts';

/** An edge without its place. */
export interface EdgeDraft {
  readonly kind: EdgeKind;
  readonly value: EdgeValue;
  readonly smaller?: readonly EdgeValue[];
  readonly isStated: boolean;
}

/** What people are called and write, each with what is special about it. */
const unusual: readonly (readonly [text: string, what: string])[] = [
  ["O'Brien", 'an apostrophe'],
  ['"Ada" \\ <b>&amp;</b>', 'quotes, a backslash and markup'],
  ['🦆 👩‍👧', 'emoji'],
  ['שלום مرحبا', 'text from right to left'],
  ['Zoe\u0308 e\u0301', 'combining characters'],
  ['one\u2028two', 'a line separator (U+2028)'],
];

/** A text that no limit was given for gets this long, and no text longer than the second. */
const openLength = 1000;
const longestLength = 20_000;
const lengthSteps = [17, 65, 256, 1024, 4096];
const filler = ' and more of it';

/** The edges of a text. */
export function textEdges(flat: Flat, value: string): readonly EdgeDraft[] {
  const { pattern, format } = flat;
  if (typeof pattern === 'string') return patternEdges(flat, pattern);
  if (typeof format === 'string') return formatValues(format).map((text) => ({ kind: 'format', value: textIs(text), isStated: true }));
  const [least, most] = [Number(flat['minLength'] ?? 0), Number(flat['maxLength'] ?? Number.POSITIVE_INFINITY)];
  return [
    ...(least === 0 ? [{ kind: 'empty', value: textIs(''), isStated: flat['minLength'] === 0 } as const] : []),
    ...(least > 0 && least < characterCount(value)
      ? [{ kind: 'shortest', value: textIs(firstOf(value, least)), isStated: true } as const]
      : []),
    ...unusualEdge(least, most),
    ...longestEdge(most, value),
  ];
}

function textIs(text: string): EdgeValue {
  return text === '' ? { source: '""', words: 'is empty' } : valueIs(JSON.stringify(text));
}

function unusualEdge(least: number, most: number): readonly EdgeDraft[] {
  const fitting = unusual.filter(([text]) => characterCount(text) <= most && characterCount(text) >= least);
  const smaller = fitting.map(([text, what]) => ({ source: JSON.stringify(text), words: `has ${what} (${JSON.stringify(text)})` }));
  const [first] = smaller;
  if (first === undefined) return [];
  const whole = fitting.map(([text]) => text).join(' ');
  const value =
    smaller.length > 1 && characterCount(whole) <= most
      ? { source: JSON.stringify(whole), words: 'has an apostrophe, quotes, emoji, and characters of several scripts' }
      : first;
  return [{ kind: 'unusual', value, smaller: smaller.filter(({ source }) => source !== value.source), isStated: true }];
}

function longestEdge(most: number, value: string): readonly EdgeDraft[] {
  const length = Math.min(Number.isFinite(most) ? most : openLength, longestLength);
  const usual = characterCount(value);
  if (length <= usual) return [];
  return [
    {
      kind: 'longest',
      value: lengthened(value, length),
      smaller: lengthSteps.filter((each) => each > usual && each < length).map((each) => lengthened(value, each)),
      isStated: Number.isFinite(most),
    },
  ];
}

function lengthened(value: string, length: number): EdgeValue {
  const made = firstOf(`${value === '' ? 'text' : value}${filler.repeat(Math.ceil(length / filler.length))}`, length);
  return { source: JSON.stringify(made.endsWith(' ') ? `${made.slice(0, -1)}x` : made), words: `has ${length} characters` };
}

/** The first so many characters of a text, as {@link characterCount} counts them. */
function firstOf(text: string, count: number): string {
  return Array.from(text).slice(0, count).join('');
}

function patternEdges(flat: Flat, pattern: string): readonly EdgeDraft[] {
  const most = Number(flat['maxLength'] ?? 60);
  const edge = (kind: 'shortest' | 'longest', text: string | null): readonly EdgeDraft[] =>
    text === null ? [] : [{ kind, value: textIs(text), isStated: true }];
  return [...edge('shortest', patternText(pattern, Number(flat['minLength'] ?? 0))), ...edge('longest', patternText(pattern, most))];
}
