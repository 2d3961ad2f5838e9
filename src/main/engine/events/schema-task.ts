import { dereference, validate, type Schema, type SchemaDraft } from '@cfworker/json-schema';
import { task } from '../background/background.ts';
import { createTextCache } from '../base/text-cache.ts';
import { draftOf } from './schema-draft.ts';
import { breaksOf, type Break } from './schema-reasons.ts';
import { schemaRules } from './schema-rules.ts';

/** Data to be checked by a schema, both as JSON. */
export interface SchemaOrder {
  readonly schemaJson: string;
  readonly dataJson: string;
}

/** The first places of many, in the order of the schema. */
export interface Breaks {
  readonly first: readonly Break[];
  /** The total; null when only the first ones were searched. */
  readonly count: number | null;
}

/** The result of a check: what is wrong with the schema itself, or else what in the data breaks it. */
export interface SchemaFindings {
  readonly inSchema: Breaks;
  readonly inData: Breaks;
  /** The first references that lead out of the schema. Their targets were not checked. */
  readonly elsewhere: readonly string[];
}

/** In larger data the search ends at the first place, since each one costs, and a list can break a schema at every item. */
const countedCharacters = 200_000;

/** At most this many places are reported. */
const told = 5;
const none: Breaks = { first: [], count: 0 };

/** A schema that is ready for use. */
export interface Prepared {
  readonly schema: Schema;
  readonly draft: SchemaDraft;
  readonly lookup: Record<string, Schema | boolean>;
  readonly elsewhere: readonly string[];
}

let rules: Prepared | undefined;
/** A schema ready for use, or what is wrong with it. Throws a RangeError for one that refers to itself without an end. */
export const preparedSchema = createTextCache(prepare, { entries: 100, characters: 4_000_000 });

/** Checks a schema, and then the data by it. */
function checkInBackground({ schemaJson, dataJson }: SchemaOrder): SchemaFindings {
  const data = JSON.parse(dataJson) as unknown;
  try {
    const schema = preparedSchema(schemaJson);
    if ('first' in schema) return { inSchema: schema, inData: none, elsewhere: [] };
    return {
      inSchema: none,
      inData: breaksIn(schema, data, dataJson.length > countedCharacters),
      elsewhere: schema.elsewhere.slice(0, told),
    };
  } catch (error) {
    return { inSchema: only([], whyUnusable(error)), inData: none, elsewhere: [] };
  }
}

export const checkSchemaTask = task('checkSchema', checkInBackground);

/**
 * What is wrong with a schema that an error came up over: parts under unknown keywords are read only when a reference leads there, and may be
 * anything.
 */
export function whyUnusable(error: unknown): string {
  return error instanceof RangeError ? 'refers to itself without an end, or is nested too deep' : `cannot be used (${textOf(error)})`;
}

function prepare(schemaJson: string): Prepared | Breaks {
  rules ??= { schema: schemaRules, draft: '2020-12', lookup: dereference(schemaRules), elsewhere: [] };
  const schema = JSON.parse(schemaJson) as Schema;
  const wrong = breaksIn(rules, schema);
  if (wrong.first.length > 0) return wrong;
  try {
    const lookup = dereference(schema);
    const { nowhere, elsewhere } = openReferences(lookup);
    if (nowhere !== undefined) return only([], `has a $ref that leads nowhere, ${nowhere}`);
    return { schema, draft: draftOf(schema), lookup, elsewhere };
  } catch (error) {
    return only([], `cannot be read (${textOf(error)})`);
  }
}

/** References without a target in the schema: local ones, and external ones, which allow everything since nothing is fetched. */
function openReferences(lookup: Record<string, Schema | boolean>) {
  const own = new Set(Object.keys(lookup).map((uri) => uri.split('#')[0]));
  const elsewhere = new Set<string>();
  let nowhere: string | undefined;
  for (const part of Object.values(lookup)) {
    if (typeof part === 'boolean' || part.$ref === undefined) continue;
    const uri = part['__absolute_ref__'] ?? part.$ref;
    if (lookup[uri] !== undefined) continue;
    if (own.has(uri.split('#')[0])) nowhere ??= part.$ref.slice(0, 200);
    else {
      lookup[uri] = true;
      elsewhere.add(part.$ref.slice(0, 200));
    }
  }
  return { nowhere, elsewhere: [...elsewhere] };
}

function breaksIn({ schema, draft, lookup }: Prepared, data: unknown, isFirstEnough = false): Breaks {
  const found = (isShort: boolean) => breaksOf(validate(data, schema, draft, lookup, isShort).errors);
  const all = isFirstEnough ? null : orNull(() => found(false));
  return all === null ? { first: found(true).slice(0, told), count: null } : { first: all.slice(0, told), count: all.length };
}

/** Null on a stack overflow, as for the errors of a long list. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}

function only(path: readonly string[], message: string): Breaks {
  return { first: [{ path, message }], count: 1 };
}
