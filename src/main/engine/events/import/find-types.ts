import { validate } from '@cfworker/json-schema';
import { createBundler, type BundledSchema, type Bundler, type Dialect, type SchemaFile } from './bundle-schema.ts';
import { isRecord, member } from './document-value.ts';
import { eventNameOf, groupOf, wordsOf, type FoundSample, type FoundType, type LeftOut } from './found-type.ts';
import { inTime } from './in-time.ts';
import type { Place, References } from './references.ts';
import { NoSample, sampleOfSchema, sampleWays } from './sample-of-schema.ts';
import { slowPattern } from './slow-pattern.ts';
import { draftOf } from '../schema-draft.ts';

/** What a document says about an event, before it becomes an event type. */
export interface Described {
  /** What the document calls it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** Where the schema of its data stands; null where it has none. */
  readonly schema: Place | null;
  /** Samples by the document's names; those without one have an empty name. */
  readonly samples: readonly { readonly name: string; readonly value: unknown }[];
  /** What was left out of it on the way here. */
  readonly notes: readonly string[];
}

/** Collects the event types of the documents of one import. */
export interface Finder {
  readonly add: (described: Described) => void;
  readonly leaveOut: (what: string, why: string) => void;
}

/** What a finder has at the end. */
export interface Found {
  readonly types: FoundType[];
  readonly leftOut: LeftOut[];
  /** Characters of the samples so far. */
  sampleCharacters: number;
  /** Schemas so far whose samples took too long to make. */
  slowSchemas: number;
}

/** Event types and omissions that one import may have. */
const mostTypes = 5000;
const mostLeftOut = 1000;
const mostSamples = 50;
const mostNotes = 10;

/** Characters of one sample, and of all of an import. */
const sampleCharacters = 1_000_000;
const importedSampleCharacters = 32_000_000;

export interface FinderDeps {
  readonly references: References;
  readonly dialect: Dialect;
  readonly source: string | null;
  readonly found: Found;
  /** For a JSON Schema, the document that it is. */
  readonly schemaFile?: SchemaFile;
  /** Called before each. */
  readonly onFind: (name: string) => void;
}

/** A finder that adds to what others of the import found. */
export function createFinder({ references, dialect, source, found, schemaFile, onFind }: FinderDeps): Finder {
  const bundler = createBundler(references, dialect, schemaFile);
  const leaveOut = (what: string, why: string) => {
    if (found.leftOut.length < mostLeftOut) found.leftOut.push({ what, why });
  };
  return {
    leaveOut,
    add: (described) => {
      const name = eventNameOf(described.name);
      if (name === null)
        return leaveOut(
          described.name || 'an event without a name',
          'its name has no letter or digit that an event type could be called by',
        );
      if (found.types.some((type) => type.name === name))
        return leaveOut(described.name, `another event type of this import is called ${name} already`);
      if (found.types.length >= mostTypes)
        return leaveOut(described.name, `an import has at most ${mostTypes.toLocaleString('en')} event types`);
      onFind(name);
      found.types.push(typeOf(described, name, bundler, source, found));
    },
  };
}

function typeOf(described: Described, name: string, bundler: Bundler, source: string | null, found: Found): FoundType {
  const notes = [...described.notes];
  if (name !== described.name) notes.push(`The document calls it "${described.name}".`);
  const bundled = described.schema === null ? null : bundler.bundle(described.schema);
  if (typeof bundled === 'string') notes.push(`Its schema was left out: it ${bundled}.`);
  const schema = typeof bundled === 'string' ? null : bundled;
  for (const { reference, why } of schema?.leftOut ?? []) notes.push(`The reference ${reference.slice(0, 200)} was left out: ${why}.`);
  const given = givenSamples(described, found, notes);
  const samples = given.length > 0 ? given : madeSamples(schema, found, notes);
  return {
    name,
    ...wordsOf(described.title, described.description),
    group: groupOf(described.group),
    schemaJson: schema?.json ?? null,
    samples,
    notes: [...new Set(notes)].slice(0, mostNotes),
    source,
  };
}

/** The samples that the document gives, each under a name of its own. */
function givenSamples({ samples }: Described, found: Found, notes: string[]): readonly FoundSample[] {
  const taken: FoundSample[] = [];
  const names = new Set<string>();
  for (const sample of samples) {
    if (taken.length >= mostSamples) {
      notes.push(`It has more samples than ${mostSamples}: the others were left out.`);
      break;
    }
    const json = JSON.stringify(sample.value) ?? 'null';
    if (json.length > Math.min(sampleCharacters, importedSampleCharacters - found.sampleCharacters)) {
      notes.push(`The sample ${sample.name || 'without a name'} was left out: it is too large.`);
      continue;
    }
    found.sampleCharacters += json.length;
    const name = freeName(sample.name.trim().slice(0, 90) || 'example', names);
    names.add(name);
    taken.push({ name, json });
  }
  return taken;
}

function freeName(wanted: string, names: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; names.has(name); number += 1) name = `${wanted} ${number}`;
  return name;
}

/** How long making and checking the samples of one schema may take: its patterns are regular expressions, which can take forever. */
const madeSampleMs = 1000;

/** Schemas that may take so long; those behind them with patterns get no sample. */
const mostSlow = 5;

/** A sample made by the schema. It is checked, and where none of the ways gives a valid one, a note says so. */
function madeSamples(schema: BundledSchema | null, found: Found, notes: string[]): readonly FoundSample[] {
  const empty = (why: string): readonly FoundSample[] => {
    notes.push(`${why} Its sample is an empty object.`);
    return [{ name: 'empty', json: '{}' }];
  };
  if (schema === null) {
    notes.push('It has no schema and no sample, so its sample is an empty object.');
    return [{ name: 'empty', json: '{}' }];
  }
  const hasPatterns = schema.json.includes('"pattern');
  if (hasPatterns && found.slowSchemas >= mostSlow)
    return empty(`The document gives no sample, and none was made: the patterns of ${mostSlow} other schemas took very long.`);
  const made = hasPatterns ? inTime(madeSampleMs, () => makeSample(schema)) : makeSample(schema);
  if (made === null) {
    found.slowSchemas += 1;
    const slow = slowPattern(schema.schema);
    const what = slow === null ? 'its patterns take' : `the pattern ${slow.slice(0, 200)} takes`;
    return empty(`The document gives no sample, and making one was given up after ${madeSampleMs / 1000} second: ${what} very long.`);
  }
  if (made.json === null) return empty(`The document gives no sample, and none could be made: ${made.why.slice(0, 200)}.`);
  if (!made.isValid) notes.push('The document gives no sample, and the one that was made does not fit its schema: write one.');
  return [{ name: 'generated', json: made.json }];
}

interface MadeSample {
  /** Null where none could be made; `why` says why. */
  readonly json: string | null;
  readonly isValid: boolean;
  readonly why: string;
}

function makeSample(schema: BundledSchema): MadeSample {
  let last: string | null = null;
  let why = '';
  try {
    const { schema: checked, lookup } = schema.checkable();
    const draft = draftOf(checked);
    for (const way of sampleWays) {
      try {
        const value = sampleOfSchema(schema.schema, way);
        const json = JSON.stringify(value) ?? 'null';
        if (json.length > sampleCharacters) continue;
        last ??= json;
        if (validate(JSON.parse(json), checked, draft, lookup, true).valid) return { json, isValid: true, why };
      } catch (error) {
        if (!(error instanceof NoSample)) throw error;
        why = error.message;
      }
    }
  } catch (error) {
    why = error instanceof RangeError ? 'it refers to itself without an end' : error instanceof Error ? error.message : String(error);
  }
  return { json: last, isValid: false, why };
}

/** The samples in `example` and `examples` of a media type or a schema. */
export function examplesIn(place: Place, references: References, notes: string[]): Described['samples'] {
  const found: { readonly name: string; readonly value: unknown }[] = [];
  const examples = member(place.value, 'examples');
  if (isRecord(examples))
    for (const name of Object.keys(examples)) {
      const at = references.follow({ ...place, path: [...place.path, 'examples', name], value: examples[name] });
      if ('why' in at) notes.push(`The example ${name} was left out: of its reference ${at.reference.slice(0, 200)}, ${at.why}.`);
      else if (isRecord(at.value) && Object.hasOwn(at.value, 'value')) found.push({ name, value: at.value['value'] });
      else if (typeof member(at.value, 'externalValue') === 'string')
        notes.push(
          `The example ${name} was left out: it is at ${String(member(at.value, 'externalValue')).slice(0, 200)}, and nothing is fetched.`,
        );
    }
  const single = member(place.value, 'example');
  if (single !== undefined) found.push({ name: '', value: single });
  return found;
}

/** The examples of a schema as a whole. */
export function examplesOfSchema(place: Place, references: References): Described['samples'] {
  const at = references.follow(place);
  if ('why' in at) return [];
  const listed = member(at.value, 'examples');
  const single = member(at.value, 'example');
  const values = [...(Array.isArray(listed) ? (listed as readonly unknown[]) : []), ...(single === undefined ? [] : [single])];
  // A list of addresses is one of places where samples are to be had.
  const isAddress = (value: unknown) => typeof value === 'string' && member(at.value, 'type') !== 'string';
  return values.filter((value) => !isAddress(value)).map((value) => ({ name: '', value }));
}
