import { Buffer } from 'node:buffer';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { task } from '../background/background.ts';
import { stepsOf } from '../capture/matching/json-place.ts';
import { matchesPattern } from '../capture/matching/text-pattern.ts';
import { cut } from '../comparing/json-findings.ts';
import { exactNumber, isNumber } from '../comparing/json-number.ts';

/** A value that is expected at a place of a JSON answer: a text with `*` for any characters, or the source of another value. */
export interface WantedValue {
  readonly path: string;
  readonly value: { readonly pattern: string } | { readonly source: string };
}

/** The values that a step expects in a JSON answer. */
export function wantedValues({ answer }: StepExpected): readonly WantedValue[] {
  return [
    ...Object.entries(answer?.json ?? {}).map(([path, value]) => ({
      path,
      value: typeof value === 'string' ? { pattern: value } : { source: JSON.stringify(value) },
    })),
    ...Object.entries(answer?.jsonText ?? {}).map(([path, source]) => ({ path, value: { source: source.trim() } })),
  ];
}

/** What a value is expected to be, as a report says it. */
export function valueText({ value }: WantedValue): string {
  return 'pattern' in value ? JSON.stringify(value.pattern) : value.source;
}

interface ValuesOrder {
  readonly wanted: readonly WantedValue[];
  readonly body: Uint8Array;
}

/** What a JSON answer has in place of what is expected of it; values are of one type, and numbers are compared with all their digits. */
export const answerValuesTask = task<ValuesOrder, NearestMiss['unmet']>('answerValues', ({ wanted, body }) => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const isJson = isReadable(text);
  const unreadable = isJson ? null : body.byteLength === 0 ? 'The answer has no body.' : 'The answer is not JSON.';
  return wanted.flatMap((one) => {
    const source = isJson ? sourceAt(text, stepsOf(one.path).map(String)) : null;
    if (source !== null && isMetBy(one, source)) return [];
    const found = unreadable ?? (source === null ? `It has nothing at ${one.path}.` : foundText(source, one));
    return [{ condition: `answer ${one.path} is ${valueText(one)}`, found }];
  });
});

function isReadable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isMetBy({ value }: WantedValue, source: string): boolean {
  if ('pattern' in value) {
    if (value.pattern === '*') return true;
    return source.startsWith('"') && matchesPattern(value.pattern, JSON.parse(source) as string);
  }
  if (isNumber(value.source) && isNumber(source)) return exactNumber(value.source) === exactNumber(source);
  return value.source === source;
}

/** Of a value that is told. */
const shownCharacters = 200;

/** What is there instead; its type too where that is what differs. */
function foundText(source: string, { value }: WantedValue): string {
  const [type, wantedType] = [typeOf(source), 'pattern' in value ? 'a text' : typeOf(value.source)];
  const shown = cut(source, shownCharacters);
  return type === wantedType || type === source ? `It is ${shown}.` : `It is ${shown}, ${type}.`;
}

function typeOf(source: string): string {
  if (source.startsWith('"')) return 'a text';
  if (source.startsWith('{')) return 'an object';
  if (source.startsWith('[')) return 'a list';
  return isNumber(source) ? 'a number' : source;
}
