/** The kinds of edges, by the case of a check that tries them. */
export type EdgeGroup = 'optional' | 'null' | 'choice' | 'text' | 'format' | 'number' | 'list' | 'extra';

/** What is done with a place, beside which places differ in kind. */
export type EdgeKind =
  | 'missing'
  | 'present'
  | 'empty-object'
  | 'null'
  | 'choice'
  | 'form'
  | 'empty'
  | 'shortest'
  | 'longest'
  | 'unusual'
  | 'format'
  | 'minimum'
  | 'maximum'
  | 'zero'
  | 'negative'
  | 'fraction'
  | 'large'
  | 'empty-list'
  | 'one-item'
  | 'several'
  | 'added'
  | 'nested';

/** A place in data: names and indexes that lead to it. */
export type EdgePath = readonly (string | number)[];

/** A value of a place as JSON, null where the field is missing, and what it then is in words, such as "is null". */
export interface EdgeValue {
  readonly source: string | null;
  readonly words: string;
}

/** One way in which data that fits a schema can differ from other data that does. Plain data: it crosses over to a thread. */
export interface Edge {
  readonly group: EdgeGroup;
  readonly kind: EdgeKind;
  readonly path: EdgePath;
  readonly value: EdgeValue;
  /** Values of the same kind that are less far out, the nearest first. */
  readonly smaller: readonly EdgeValue[];
  /** Whether the schema says that it may be, and does not only leave it open. */
  readonly isStated: boolean;
  /** What has to be there first, where the base has nothing at these places; outermost first. */
  readonly parents: readonly { readonly path: EdgePath; readonly source: string }[];
  /** What the base has there, in words, such as "a number"; null where it has nothing. */
  readonly usual: string | null;
}

/** The most of its data that is written out in words. */
const shownCharacters = 40;

/** A value in a few words: short ones as they are. */
export function valueWords(source: string): string {
  if (source.startsWith('"')) {
    const text = JSON.parse(source) as string;
    return text.length <= shownCharacters ? source : `a text of ${characterCount(text)} characters`;
  }
  if (source.startsWith('{')) return source === '{}' ? 'an empty object' : 'an object';
  if (source.startsWith('[')) return source === '[]' ? 'an empty list' : 'a list';
  return source;
}

/** How long a text is as JSON Schema counts: in characters, and not in units of UTF-16. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

/** A value of a place, from its JSON. */
export function valueIs(source: string): EdgeValue {
  return { source, words: `is ${valueWords(source)}` };
}

/** Whether two edges can be in one variant: neither lies within the place of the other. */
export function areApart(one: EdgePath, other: EdgePath): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return short.some((step, index) => step !== long[index]);
}
