import { dereference, type Schema } from '@cfworker/json-schema';
import { isExactNumber, isRecord, member, membersOf, textIn } from './document-value.ts';
import type { Place, References, SourceFile } from './references.ts';

/** How the schemas of a document are written. */
export type Dialect = 'openapi' | 'asyncapi' | 'json-schema';

/** A JSON Schema that refers to nothing outside of itself. */
export interface BundledSchema {
  readonly json: string;
  /** The same as a value. Its parts are shared between schemas of one import. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The schema and its parts by address, as the validator wants them. Throws what that throws for a schema that it cannot use. */
  readonly checkable: () => { readonly schema: Schema; readonly lookup: SchemaLookup };
  /** References that were left out, each with the reason. */
  readonly leftOut: readonly LeftReference[];
}

type SchemaLookup = Record<string, Schema | boolean>;

export interface LeftReference {
  readonly reference: string;
  readonly why: string;
}

/** Makes self-contained schemas. */
export interface Bundler {
  /** The schema at a place; a sentence that begins with a verb where there can be none. */
  readonly bundle: (place: Place) => BundledSchema | string;
}

/** The most characters of one schema: the checker of data takes no more. */
const schemaCharacters = 2_000_000;

/** The most characters of all schemas of one import. */
const importedCharacters = 48_000_000;

/** A part of a document that schemas refer to, ready to stand among the definitions of any. */
interface Definition {
  readonly name: string;
  readonly schema: unknown;
  readonly json: string;
  readonly uses: readonly string[];
  readonly leftOut: readonly LeftReference[];
}

/** Keywords whose names are the author's own, with a schema under each. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

/** Keywords that hold data, in which nothing is a reference. */
const dataKeywords = new Set(['const', 'enum', 'default', 'example', 'examples']);

/** Keywords of API descriptions that say nothing about data. */
const foreign = new Set(['discriminator', 'xml', 'externalDocs']);

/** Addresses and anchors of parts: references to them are written as places, and a part with an address would be a document of its own. */
const addresses = new Set(['$id', '$anchor', '$schema']);

/** A JSON Schema as a document. */
export interface SchemaFile {
  readonly file: SourceFile;
  /** It is one schema, so that references within it stay as they are; otherwise its definitions are schemas of their own. */
  readonly isWhole: boolean;
}

/** A bundler over the documents of an import; for the dialect of JSON Schema itself, of one document. */
export function createBundler(references: References, dialect: Dialect, schemaFile?: SchemaFile): Bundler {
  const root = schemaFile?.isWhole === true ? schemaFile.file : undefined;
  const declared = draftIn(dialect, schemaFile);
  const container = declared === null || !/draft-0\d/.test(declared) ? '$defs' : 'definitions';
  const definitions = new Map<string, Definition>();
  const names = new Set(Object.keys((root === undefined ? undefined : member(root.root, container)) ?? {}));
  const nameByKey = new Map<string, string>();
  const shared = Object.create(null) as SchemaLookup;
  let importedSoFar = 0;

  const nameOf = (key: string, place: Place): string => {
    const known = nameByKey.get(key);
    if (known !== undefined) return known;
    const wanted = (place.path.at(-1) ?? place.file.name.replace(/^.*\//, '').replace(/\..*$/, '')).replaceAll(/[^\w.-]/g, '_') || 'part';
    let name = wanted;
    for (let number = 2; names.has(name); number += 1) name = `${wanted}_${number}`;
    names.add(name);
    nameByKey.set(key, name);
    return name;
  };

  /** Copies a schema, with references to definitions; places that it refers to go into `uses`. */
  const copy = (place: Place, uses: Map<string, Place>, leftOut: LeftReference[]): unknown => {
    const { file } = place;
    const isRoot = file === root && place.path.length === 0;
    const target = (reference: string): string | null => {
      const found = references.resolve(reference, file);
      if ('why' in found) {
        leftOut.push({ reference, why: found.why });
        return null;
      }
      if (found.file === root) return `#${found.path.map((step) => `/${escaped(step)}`).join('')}`;
      const key = JSON.stringify([found.file.name, ...found.path]);
      uses.set(key, found);
      return `#/${container}/${nameOf(key, found)}`;
    };
    const copySchema = (value: unknown, isTop: boolean): unknown => {
      if (Array.isArray(value)) return value.map((each) => copySchema(each, false));
      if (isExactNumber(value)) return Number(value.rawJSON);
      if (!isRecord(value)) return value;
      const entries: [string, unknown][] = [];
      for (const [keyword, content] of Object.entries(value)) {
        if (keyword === '$ref' && typeof content === 'string') {
          const found = target(content);
          entries.push(found === null ? ['$comment', `Left out: ${content}`] : ['$ref', found]);
        } else if (addresses.has(keyword) && !(isTop && isRoot)) continue;
        else if (dataKeywords.has(keyword)) entries.push([keyword, plain(content)]);
        else if (named.has(keyword) && isRecord(content))
          entries.push([keyword, Object.fromEntries(Object.entries(content).map(([name, each]) => [name, copySchema(each, false)]))]);
        else entries.push([keyword, copySchema(content, false)]);
      }
      const copied = Object.fromEntries(entries);
      return dialect === 'json-schema' ? withoutExample(copied) : asJsonSchema(copied);
    };
    return copySchema(place.value, true);
  };

  const define = (key: string, place: Place): Definition => {
    const known = definitions.get(key);
    if (known !== undefined) return known;
    const uses = new Map<string, Place>();
    const leftOut: LeftReference[] = [];
    const schema = copy(place, uses, leftOut);
    for (const [used, at] of uses) places.set(used, at);
    const made = { name: nameOf(key, place), schema, json: JSON.stringify(schema), uses: [...uses.keys()], leftOut };
    definitions.set(key, made);
    return made;
  };
  const places = new Map<string, Place>();

  const bundle = (place: Place): BundledSchema | string => {
    const uses = new Map<string, Place>();
    const leftOut: LeftReference[] = [];
    const top = copy(place, uses, leftOut);
    if (typeof top === 'boolean')
      return top ? { json: '{}', schema: {}, checkable: () => ({ schema: {}, lookup: dereference({}) }), leftOut } : 'allows nothing';
    if (!isRecord(top)) return 'is not an object';
    for (const [used, at] of uses) places.set(used, at);
    const parts = new Map<string, Definition>();
    const left = [...uses.keys()];
    let characters = JSON.stringify(top).length;
    for (let key = left.pop(); key !== undefined; key = left.pop()) {
      const at = places.get(key);
      if (parts.has(key) || at === undefined) continue;
      const part = define(key, at);
      parts.set(key, part);
      characters += part.json.length + part.name.length;
      if (characters > schemaCharacters)
        return `has more than ${schemaCharacters / 1_000_000} million characters, together with what it refers to`;
      left.push(...part.uses);
      leftOut.push(...part.leftOut);
    }
    importedSoFar += characters;
    if (importedSoFar > importedCharacters)
      return `is over the limit for all schemas of an import, ${importedCharacters / 1_000_000} million characters: import fewer documents at once`;
    return { ...assembled(top, container, [...parts.values()], declared, shared), leftOut };
  };
  return { bundle };
}

/** Puts a schema and its definitions together, without writing the definitions again. */
function assembled(
  top: Readonly<Record<string, unknown>>,
  container: string,
  parts: readonly Definition[],
  declared: string | null,
  shared: SchemaLookup,
): Omit<BundledSchema, 'leftOut'> {
  // A schema that only names another is that one, unless that one refers to itself.
  const [first] = parts;
  const isOnlyReference = Object.keys(top).length === 1 && first !== undefined && top['$ref'] === `#/${container}/${first.name}`;
  const firstKey = first === undefined ? '' : `"#/${container}/${first.name}"`;
  const isUsed = parts.some(({ json }) => json.includes(firstKey));
  const opened = isOnlyReference && isRecord(first.schema) && !isUsed;
  const own = opened ? (first.schema as Readonly<Record<string, unknown>>) : top;
  const others = opened ? parts.slice(1) : parts;
  const head = declared !== null && own['$schema'] === undefined ? { $schema: declared, ...own } : own;
  if (others.length === 0)
    return { json: JSON.stringify(head), schema: head, checkable: () => ({ schema: head, lookup: dereference(head) }) };
  const sorted = others.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const ownDefinitions = membersOf(head[container]);
  const { [container]: _, ...rest } = head;
  const members = [
    ...Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
    `${JSON.stringify(container)}:{${[
      ...ownDefinitions.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
      ...sorted.map(({ name, json }) => `${JSON.stringify(name)}:${json}`),
    ].join(',')}}`,
  ];
  return {
    json: `{${members.join(',')}}`,
    schema: { ...rest, [container]: Object.fromEntries([...ownDefinitions, ...sorted.map(({ name, schema }) => [name, schema] as const)]) },
    checkable: () => ({ schema: head, lookup: lookupOf(head, container, parts, shared) }),
  };
}

/** The address that the validator gives a schema without one. */
const base = Object.keys(dereference({}))[0] ?? '';

/** The parts of definitions are found once for all schemas that have them. */
function lookupOf(head: Schema, container: string, parts: readonly Definition[], shared: SchemaLookup): SchemaLookup {
  for (const { name, schema } of parts)
    if (shared[`${base}#/${container}/${name}`] === undefined) dereference(schema as Schema, shared, undefined, `/${container}/${name}`);
  return dereference(head, Object.create(shared) as SchemaLookup);
}

/** What `$schema` says, or has to say; null where the newest draft is meant. */
function draftIn(dialect: Dialect, schemaFile: SchemaFile | undefined): string | null {
  if (dialect === 'openapi') return null;
  if (dialect === 'asyncapi') return 'http://json-schema.org/draft-07/schema#';
  return textIn(schemaFile?.file.root, '$schema') || null;
}

/** Says in JSON Schema what OpenAPI 3.0 says with keywords of its own. */
function asJsonSchema(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { nullable, ...rest } = withoutExample(schema);
  const entries: [string, unknown][] = [];
  for (const [keyword, content] of Object.entries(rest)) {
    if (foreign.has(keyword)) continue;
    const limit = keyword === 'exclusiveMinimum' ? 'minimum' : keyword === 'exclusiveMaximum' ? 'maximum' : null;
    if (limit !== null && typeof content === 'boolean') {
      if (content && rest[limit] !== undefined) entries.push([keyword, rest[limit]]);
    } else if (keyword === 'minimum' && rest['exclusiveMinimum'] === true) continue;
    else if (keyword === 'maximum' && rest['exclusiveMaximum'] === true) continue;
    // In OpenAPI 3.0 it is a mark of one property.
    else if (keyword === 'required' && typeof content === 'boolean') continue;
    else entries.push([keyword, content]);
  }
  const plainSchema = Object.fromEntries(entries);
  return nullable === true ? orNull(plainSchema) : plainSchema;
}

/** The single example of OpenAPI, which the validator would read as a schema, in the list that JSON Schema has for it. */
function withoutExample(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { example, ...rest } = schema;
  return example === undefined || rest['examples'] !== undefined ? rest : { ...rest, examples: [example] };
}

function orNull(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type, enum: choices, description, ...rest } = schema;
  if (type === undefined)
    return {
      ...(description === undefined ? {} : { description }),
      anyOf: [choices === undefined ? rest : { ...rest, enum: choices }, { type: 'null' }],
    };
  return {
    ...schema,
    type: Array.isArray(type) ? [...new Set([...(type as readonly unknown[]), 'null'])] : [type, 'null'],
    ...(Array.isArray(choices) && !choices.includes(null) ? { enum: [...(choices as readonly unknown[]), null] } : {}),
  };
}

/** Data inside a schema, which is a value: digits that JavaScript does not keep are lost there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isExactNumber(value)) return Number(value.rawJSON);
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) : value;
}

/** A step of a JSON pointer as a URI has it. */
function escaped(step: string): string {
  return encodeURI(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
