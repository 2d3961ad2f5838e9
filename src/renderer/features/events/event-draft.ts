import type { EventType } from '#shared/contract/events.ts';
import { givenOf } from '#shared/contract/json.ts';
import { dataTextOf } from '../../base/data-text.ts';
import type { FormWords } from '../../base/form-words.ts';
import { findJsonError, placeOf } from '../../editor/json-text.ts';

/** An event type while it is edited: JSON as text, so that nothing typed is lost. */
export interface EventDraft {
  readonly name: string;
  readonly description: string;
  readonly sample: string;
  /** Empty for none. */
  readonly schema: string;
}

/** A sample for a call: as a value, or as text where the value would not say all of it. */
type GivenSample = { readonly sample: EventType['sample'] } | { readonly sampleText: string };

/** What a draft says, or which fields are not valid JSON yet. */
export type ReadEvent =
  | { readonly value: { readonly description: string; readonly schema: EventType['schema'] } & GivenSample }
  | { readonly issues: Readonly<Partial<Record<'sample' | 'schema', string>>> };

/** What a new event type begins as. */
export const newEvent: EventDraft = {
  name: '',
  description: '',
  sample: '{\n  "id": "in_1042",\n  "amount": 1250,\n  "currency": "EUR"\n}',
  schema: '',
};

/** The draft of an event type as it is. */
export function eventDraftOf({ name, description, sample, sampleText, schema }: EventType): EventDraft {
  return { name, description, sample: dataTextOf(sample, sampleText), schema: schema === null ? '' : JSON.stringify(schema, null, 2) };
}

/** Reads the JSON of a draft; errors say line and column. */
export function readEvent(draft: EventDraft): ReadEvent {
  const sample = jsonProblem(draft.sample.trim() === '' ? '{}' : draft.sample);
  const schema = draft.schema.trim() === '' ? null : schemaProblem(draft.schema);
  const issues = { ...(sample === null ? {} : { sample }), ...(schema === null ? {} : { schema }) };
  if (sample !== null || schema !== null) return { issues };
  return {
    value: {
      description: draft.description,
      ...givenSample(draft.sample),
      schema: draft.schema.trim() === '' ? null : (JSON.parse(draft.schema) as EventType['schema']),
    },
  };
}

function givenSample(text: string): GivenSample {
  const given = givenOf(text.trim() === '' ? '{}' : text);
  return 'data' in given ? { sample: given.data } : { sampleText: given.dataText };
}

/** Where and why a text is not JSON, as `Line 3, column 5: ...`, or null when it is JSON. */
export function jsonProblem(text: string): string | null {
  const error = findJsonError(text);
  if (error === null) return null;
  const { line, column } = placeOf(text, error.offset);
  return `Line ${line}, column ${column}: ${error.message}`;
}

function schemaProblem(text: string): string | null {
  const problem = jsonProblem(text);
  if (problem !== null) return problem;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : 'A JSON Schema is an object, such as {"type": "object"}.';
}

/** The fields of the form. */
export const eventWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'description', label: 'Description' },
  { name: 'sample', label: 'Sample payload' },
  { name: 'schema', label: 'JSON Schema' },
];
