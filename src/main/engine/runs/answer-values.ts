import { isJsonText } from '#shared/json/is-json-text.ts';
import { Buffer } from 'node:buffer';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { task } from '../background/background.ts';
import { stepsOf } from '../capture/matching/json-place.ts';
import { isTypedMet, typedFound, typedText, typedValue, type TypedValue } from '../capture/matching/typed-value.ts';

/** A value that is expected at a place of a JSON answer. */
export interface WantedValue {
  readonly path: string;
  readonly value: TypedValue;
}

/** The values that a step expects in a JSON answer. */
export function wantedValues({ answer }: StepExpected): readonly WantedValue[] {
  return [
    ...Object.entries(answer?.json ?? {}).map(([path, value]) => ({ path, value: typedValue(value) })),
    ...Object.entries(answer?.jsonText ?? {}).map(([path, source]) => ({ path, value: { source: source.trim() } })),
  ];
}

/** What a value is expected to be, as a report says it. */
export function valueText({ value }: WantedValue): string {
  return typedText(value);
}

interface ValuesOrder {
  readonly wanted: readonly WantedValue[];
  readonly body: Uint8Array;
}

/** What a JSON answer has in place of what is expected of it; values are of one type, and numbers are compared with all their digits. */
export const answerValuesTask = task<ValuesOrder, NearestMiss['unmet']>('answerValues', ({ wanted, body }) => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const isJson = isJsonText(text);
  const unreadable = isJson ? null : body.byteLength === 0 ? 'The answer has no body.' : 'The answer is not JSON.';
  return wanted.flatMap((one) => {
    const source = isJson ? sourceAt(text, stepsOf(one.path).map(String)) : null;
    if (source !== null && isTypedMet(one.value, source)) return [];
    const found = unreadable ?? (source === null ? `It has nothing at ${one.path}.` : `It is ${typedFound(one.value, source)}.`);
    return [{ condition: `answer ${one.path} is ${valueText(one)}`, found }];
  });
});
