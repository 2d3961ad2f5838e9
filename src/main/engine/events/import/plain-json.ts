import { isRecord, member, membersOf, textIn } from './document-value.ts';
import { examplesOfSchema, type Described, type Finder } from './find-types.ts';
import { inferSchema } from './infer-schema.ts';
import { below, type Place, type References, type SourceFile } from './references.ts';

const assertions = ['type', 'properties', 'allOf', 'anyOf', 'oneOf', 'items', 'enum', 'const', 'patternProperties', '$ref'];

/** Whether a document is a JSON Schema: it says so, or has the form of one. */
export function isJsonSchema(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (typeof value['$schema'] === 'string') return true;
  if (
    ['$defs', 'definitions'].some((name) =>
      membersOf(value[name]).some(([, each]) => isRecord(each) && assertions.some((word) => Object.hasOwn(each, word))),
    )
  )
    return true;
  if (['allOf', 'anyOf', 'oneOf'].some((name) => Array.isArray(value[name]))) return true;
  if (typeof value['$ref'] === 'string') return true;
  return (
    typeNames.has(textIn(value, 'type')) &&
    ['properties', 'items', 'required', 'enum', 'additionalProperties'].some((name) => Object.hasOwn(value, name))
  );
}

const typeNames = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean']);

/** Whether a JSON Schema only has definitions, which are schemas of their own then. */
export function isCollection(value: unknown): boolean {
  const hasDefinitions = ['$defs', 'definitions'].some((name) => membersOf(member(value, name)).length > 0);
  return hasDefinitions && !assertions.some((word) => member(value, word) !== undefined);
}

/** Finds the event type of a JSON Schema, or one for each definition where it only has those. */
export function findInJsonSchema(file: SourceFile, references: References, finder: Finder): void {
  const root: Place = { file, path: [], value: file.root };
  const containers = isCollection(root.value) ? ['$defs', 'definitions'] : [];
  const parts = containers.flatMap((name) => membersOf(member(root.value, name)).map(([key]) => below(root, name, key)));
  if (parts.length > 0) for (const place of parts) finder.add(described(place, place.path.at(-1) ?? '', references));
  else finder.add(described(root, schemaName(file), references));
}

function described(place: Place, name: string, references: References): Described {
  const at = references.follow(place);
  const value = 'why' in at ? place.value : at.value;
  const word = (key: string) => textIn(place.value, key) || textIn(value, key);
  return {
    name,
    title: word('title'),
    description: word('description'),
    group: '',
    schema: place,
    samples: examplesOfSchema(place, references),
    notes: [],
  };
}

function schemaName({ name, root }: SourceFile): string {
  const ofFile = fileTitle(name);
  if (ofFile !== '' && !/^(?:schema|event|index|payload)$/i.test(ofFile)) return ofFile;
  return textIn(root, 'title') || fileTitle(textIn(root, '$id') || textIn(root, 'id')) || ofFile || 'imported';
}

/** The name of a file without its folders and what says its form. */
function fileTitle(name: string): string {
  return name
    .replace(/[#?].*$/, '')
    .replace(/^.*\//, '')
    .replace(/(?:\.(?:schema|payload|sample|example))?\.(?:json|ya?ml)$/i, '');
}

/** A document that is the data of an event itself. */
export interface PlainSample {
  readonly file: SourceFile;
  readonly value: unknown;
}

/** Makes event types of samples, each with a schema that all its samples fit. Samples of the same event are put together. */
export function findInSamples(samples: readonly PlainSample[], finder: Finder): void {
  for (const [name, same] of Map.groupBy(samples, ({ file, value }) => typeIn(value) ?? (fileTitle(file.name) || 'imported'))) {
    const { schema } = inferSchema(same.map(({ value }) => value));
    finder.add({
      name,
      title: '',
      description: '',
      group: '',
      schema: { file: { name: '', root: schema }, path: [], value: schema },
      samples: same.map(({ file, value }) => ({ name: same.length > 1 || typeIn(value) !== null ? fileTitle(file.name) : '', value })),
      notes: ['Its schema was inferred from its samples: types, and properties that all of them have.'],
    });
  }
}

const typeFields = ['type', 'event', 'event_type', 'eventType', 'eventName', 'event_name', 'topic'];

/** What the data itself says it is called, where that looks like the name of an event. */
function typeIn(value: unknown): string | null {
  return typeFields.map((field) => textIn(value, field)).find((text) => /^[A-Za-z][\w-]*(?:[.:/][\w-]+)+$/.test(text)) ?? null;
}
