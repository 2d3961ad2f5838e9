import type { DataCheck, EventType } from '#shared/contract/events.ts';
import { givenOf, type GivenData } from '#shared/contract/json.ts';
import { dataTextOf } from '../../base/data-text.ts';
import type { FormWords } from '../../base/form-words.ts';
import { findJsonError, placeOf } from '../../editor/json-text.ts';

/** A sample while it is edited: its data as JSON text. */
export interface SampleDraft {
  readonly name: string;
  readonly data: string;
}

/** An event type while it is edited: JSON as text, so that nothing typed is lost. */
export interface EventDraft {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  readonly description: string;
  /** At least one. */
  readonly samples: readonly SampleDraft[];
  /** Empty for none. */
  readonly schema: string;
  readonly dataCheck: DataCheck;
}

/** A new event type that was read from somewhere, until it is saved. */
export interface ProposedEvent {
  readonly draft: EventDraft;
  /** Of its edits. */
  readonly key: string;
  /** What was assumed or left open, each a sentence. */
  readonly notes: readonly string[];
}

/** What a draft says, for a call. */
export interface EventValue {
  readonly title: string;
  readonly group: string;
  readonly description: string;
  readonly samples: ({ readonly name: string } & GivenData)[];
  readonly schema: EventType['schema'];
  readonly dataCheck: DataCheck;
}

/** What a draft says, or which fields are not valid yet. */
export type ReadEvent = { readonly value: EventValue } | { readonly issues: Readonly<Partial<Record<'samples' | 'schema', string>>> };

/** What a new event type begins as. */
export const newEvent: EventDraft = {
  name: '',
  title: '',
  group: '',
  description: '',
  samples: [{ name: 'default', data: '{\n  "id": "in_1042",\n  "amount": 1250,\n  "currency": "EUR"\n}' }],
  schema: '',
  dataCheck: 'warn',
};

/** The draft of an event type as it is. */
export function eventDraftOf({ name, title, group, description, samples, schema, dataCheck }: EventType): EventDraft {
  return {
    name,
    title,
    group,
    description,
    samples: samples.map((sample) => ({ name: sample.name, data: dataTextOf(sample.data, sample.dataText) })),
    schema: schema === null ? '' : JSON.stringify(schema, null, 2),
    dataCheck,
  };
}

/** Reads the JSON of a draft; errors say line and column. */
export function readEvent(draft: EventDraft): ReadEvent {
  const samples = draft.samples.map(sampleProblem).find((problem) => problem !== null) ?? repeatedName(draft.samples);
  const schema = draft.schema.trim() === '' ? null : schemaProblem(draft.schema);
  if (samples !== null || schema !== null)
    return { issues: { ...(samples === null ? {} : { samples }), ...(schema === null ? {} : { schema }) } };
  return {
    value: {
      title: draft.title,
      group: draft.group,
      description: draft.description,
      samples: draft.samples.map(({ name, data }) => ({ name: name.trim(), ...givenOf(orEmpty(data)) })),
      schema: draft.schema.trim() === '' ? null : (JSON.parse(draft.schema) as EventType['schema']),
      dataCheck: draft.dataCheck,
    },
  };
}

/** What is wrong with a sample, with its name; null when nothing is. */
export function sampleProblem({ name, data }: SampleDraft): string | null {
  if (name.trim() === '') return 'Give the sample a name.';
  const problem = jsonProblem(orEmpty(data));
  return problem === null ? null : `${name}: ${problem}`;
}

function repeatedName(samples: readonly SampleDraft[]): string | null {
  const names = samples.map(({ name }) => name.trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return repeated === undefined ? null : `There are two samples called ${repeated}: give each a name of its own.`;
}

function orEmpty(text: string): string {
  return text.trim() === '' ? '{}' : text;
}

/** Where and why a text is not JSON, as `Line 3, column 5: ...`, or null when it is JSON. */
export function jsonProblem(text: string): string | null {
  const error = findJsonError(text);
  if (error === null) return null;
  const { line, column } = placeOf(text, error.offset);
  return `Line ${line}, column ${column}: ${error.message}`;
}

/** Why a text is no JSON Schema, as far as its form goes; null when it may be one. */
export function schemaProblem(text: string): string | null {
  const problem = jsonProblem(text);
  if (problem !== null) return problem;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : 'A JSON Schema is an object, such as {"type": "object"}.';
}

/** A JSON Schema as it is typed; null while it is none. */
export function readSchema(text: string): unknown {
  return text.trim() === '' || schemaProblem(text) !== null ? null : JSON.parse(text);
}

function saySamples(value: unknown): string {
  return Array.isArray(value) ? (value as readonly SampleDraft[]).map(({ name, data }) => `${name} ${data}`).join(', ') : '';
}

/** What is done about data that breaks the schema, in words. */
export const checkWords: Readonly<Record<DataCheck, string>> = {
  off: 'Do not check the data',
  warn: 'Send it with a warning',
  refuse: 'Refuse it',
};

/** The fields of the form. */
export const eventWords: FormWords = [
  { name: 'name', label: 'Name' },
  { name: 'title', label: 'Title' },
  { name: 'group', label: 'Group' },
  { name: 'description', label: 'Description' },
  { name: 'samples', label: 'Samples', say: saySamples },
  { name: 'schema', label: 'JSON Schema' },
  { name: 'dataCheck', label: 'Data that breaks the schema' },
];
