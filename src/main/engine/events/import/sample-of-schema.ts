import { isRecord, member } from './document-value.ts';
import { mergeSchemas, typesOf, type Flat } from './merge-schemas.ts';
import { patternText } from './pattern-text.ts';
import { sampleText, seedOf } from './sample-text.ts';

/** How a sample is made. The first way that makes a valid one is taken. */
export interface SampleWay {
  /** Takes `examples` and `default` of the schema. */
  readonly hasExamples: boolean;
  /** Has properties that are not required. */
  readonly hasOptional: boolean;
  /** Which of several alternatives is taken: the one at this place, counted round. */
  readonly turn: number;
}

/** The ways in which samples are made, the best first. */
export const sampleWays: readonly SampleWay[] = [
  { hasExamples: true, hasOptional: true, turn: 0 },
  { hasExamples: false, hasOptional: true, turn: 0 },
  { hasExamples: true, hasOptional: false, turn: 0 },
  { hasExamples: false, hasOptional: false, turn: 0 },
  { hasExamples: false, hasOptional: false, turn: 1 },
  { hasExamples: false, hasOptional: false, turn: 2 },
];

/** The schema asks for more than a sample can have. */
export class NoSample extends Error {
  override readonly name = 'NoSample';
}

/** Values of a sample from which on only what is required goes in, and the most that it may have. */
const enoughValues = 300;
const mostValues = 10_000;
const mostDepth = 60;
const mostSteps = 100_000;

/** How deep properties go in that are not required. */
const optionalDepth = 8;

/** A schema with its references and combinations resolved. */
interface Resolved {
  readonly flat: Flat;
  /** The definitions that it leads through. */
  readonly through: readonly string[];
}

interface At {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
  /** The definitions that lead here, each as often as it does. */
  readonly through: readonly string[];
}

/** A part of a schema: the whole, which its references are of, and the property that it stands for. */
export interface PartOf {
  readonly root: Flat;
  readonly name: string;
}

/** Makes data that fits a self-contained JSON Schema or a part of one, the same each time. Throws a {@link NoSample}. */
export function sampleOfSchema(schema: Flat, way: SampleWay, of: PartOf = { root: schema, name: '' }): unknown {
  let values = 0;
  let steps = 0;
  const take = () => {
    steps += 1;
    if (steps > mostSteps) throw new NoSample('the alternatives of the schema are too many to try');
  };
  const resolve = (each: unknown) => resolvePart({ root: of.root, turn: way.turn, take }, each, 0);

  const make = (each: unknown, at: At): unknown => {
    const resolved = resolve(each);
    if (resolved === null) throw new NoSample('nothing fits the schema');
    return makeFlat(resolved, { ...at, through: [...at.through, ...resolved.through] });
  };

  const makeFlat = ({ flat }: Resolved, at: At): unknown => {
    values += 1;
    if (values > mostValues || at.depth > mostDepth) throw new NoSample('the schema demands more values than a sample may have');
    const { const: only, enum: choices, examples, default: usual } = flat;
    if (only !== undefined) return only;
    if (way.hasExamples && Array.isArray(examples) && examples.length > 0) return examples[way.turn % examples.length] as unknown;
    if (way.hasExamples && usual !== undefined && usual !== null && !isRecord(usual)) return usual;
    if (Array.isArray(choices) && choices.length > 0) {
      const meant = choices.filter((choice) => choice !== null);
      return meant.length === 0 ? null : (meant[way.turn % meant.length] as unknown);
    }
    switch (typeOf(flat)) {
      case 'object':
        return makeObject(flat, at);
      case 'array':
        return makeArray(flat, at);
      case 'integer':
        return numberFor(flat, at, true);
      case 'number':
        return numberFor(flat, at, false);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return textFor(flat, at);
    }
  };

  const makeObject = (flat: Flat, at: At): unknown => {
    const required = new Set(textsIn(flat['required']));
    const properties = isRecord(flat['properties']) ? flat['properties'] : {};
    const made: [string, unknown][] = [];
    const put = (name: string, part: unknown, isRequired: boolean) => {
      const isWanted = isRequired || (way.hasOptional && values < enoughValues && at.depth < optionalDepth);
      if (!isWanted) return;
      const resolved = resolve(part);
      if (resolved === null && !isRequired) return;
      // What leads back to where it is goes in only as often as it has to.
      if (!isRequired && resolved?.through.some((definition) => at.through.includes(definition)) === true) return;
      made.push([name, make(part, below(at, name, name))]);
    };
    for (const [name, part] of Object.entries(properties)) put(name, part, required.has(name));
    const extra = isRecord(flat['additionalProperties']) ? flat['additionalProperties'] : {};
    for (const name of required) if (!Object.hasOwn(properties, name)) put(name, patternPart(flat, name) ?? extra, true);
    const least = Number(flat['minProperties'] ?? 0);
    if (least > mostValues) throw new NoSample('the schema demands more values than a sample may have');
    for (let number = 1; made.length < least; number += 1) put(`key${number}`, extra, true);
    return Object.fromEntries(made);
  };

  const makeArray = (flat: Flat, at: At): unknown => {
    const tuple = [flat['prefixItems'], flat['items']].find((each): each is readonly unknown[] => Array.isArray(each));
    const item = isRecord(flat['items']) ? flat['items'] : isRecord(flat['contains']) ? flat['contains'] : {};
    const least = Math.max(Number(flat['minItems'] ?? 0), flat['contains'] === undefined ? 0 : Number(flat['minContains'] ?? 1));
    if (least > mostValues) throw new NoSample('the schema demands more values than a sample may have');
    const resolved = resolve(item);
    const isBack = resolved?.through.some((definition) => at.through.includes(definition)) === true;
    const isWanted = way.hasOptional && values < enoughValues && at.depth < optionalDepth && !isBack && resolved !== null;
    const wanted = Math.max(least, isWanted ? 1 : 0, isWanted ? (tuple?.length ?? 0) : 0);
    const count = Math.min(wanted, Number(flat['maxItems'] ?? wanted));
    return Array.from({ length: count }, (_, index) => make(tuple?.[index] ?? item, below(at, at.name, String(index))));
  };

  return make(schema, { name: of.name, path: of.name, depth: 0, through: [] });
}

function below(at: At, name: string, step: string): At {
  return { name, path: `${at.path}/${step}`, depth: at.depth + 1, through: at.through };
}

/** References that one part may lead through, and combinations that may be nested in it. */
const resolveDepth = 60;

interface Resolving {
  readonly root: Flat;
  readonly turn: number;
  /** Counts a step. Throws a {@link NoSample} when there were too many. */
  readonly take: () => void;
}

/** A part with its references, `allOf`, and one of each `anyOf` and `oneOf` merged; null where they exclude each other. */
function resolvePart(resolving: Resolving, part: unknown, depth: number): Resolved | null {
  const { root, turn, take } = resolving;
  take();
  if (part === false) return null;
  if (!isRecord(part)) return { flat: {}, through: [] };
  if (depth > resolveDepth) throw new NoSample('the schema refers to itself without an end');
  const { $ref: reference, allOf, anyOf, oneOf, ...own } = part;
  let flat: Flat = own;
  const through: string[] = [];
  const add = (resolved: Resolved | null): boolean => {
    const merged = resolved === null ? null : mergeSchemas(flat, resolved.flat);
    if (resolved === null || merged === null) return false;
    flat = merged;
    through.push(...resolved.through);
    return true;
  };
  if (typeof reference === 'string') {
    if (!add(resolvePart(resolving, partAt(root, reference), depth + 1))) return null;
    through.push(reference);
  }
  for (const each of listIn(allOf)) if (!add(resolvePart(resolving, each, depth + 1))) return null;
  for (const choices of [listIn(anyOf), listIn(oneOf)]) {
    if (choices.length === 0) continue;
    const ordered = choices.map((_, index) => choices[(index + turn) % choices.length]);
    const isNull = (choice: unknown) => member(choice, 'type') === 'null';
    const tried = [...ordered.filter((choice) => !isNull(choice)), ...ordered.filter(isNull)];
    if (!tried.some((choice) => add(resolvePart(resolving, choice, depth + 1)))) return null;
  }
  return { flat, through };
}

function partAt(root: Flat, reference: string): unknown {
  if (!reference.startsWith('#')) return {};
  let value: unknown = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? (value as readonly unknown[])[Number(name)] : member(value, name);
  }
  return value;
}

/** The type to make: the first that is not null, or what the keywords speak of. */
function typeOf(flat: Flat): string {
  const types = typesOf(flat['type']);
  const named = types.find((type) => type !== 'null') ?? types[0];
  if (named !== undefined) return named;
  const has = (...keywords: readonly string[]) => keywords.some((keyword) => flat[keyword] !== undefined);
  if (has('properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties')) return 'object';
  if (has('items', 'prefixItems', 'minItems', 'contains')) return 'array';
  return has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf') ? 'number' : 'string';
}

function textFor(flat: Flat, { name, path }: At): string {
  const [least, most] = [Number(flat['minLength'] ?? 0), Number(flat['maxLength'] ?? Number.MAX_SAFE_INTEGER)];
  const { pattern } = flat;
  const patterned = typeof pattern === 'string' ? patternText(pattern, least) : null;
  return patterned ?? sampleText(name, path, flat['format'], least, most);
}

function numberFor(flat: Flat, { name, path }: At, isWhole: boolean): number {
  const step = Number(flat['multipleOf'] ?? (isWhole ? 1 : 0)) || 0;
  const exclusive = isWhole || step > 0 ? step || 1 : 0.5;
  const least = Math.max(
    Number(flat['minimum'] ?? Number.NEGATIVE_INFINITY),
    typeof flat['exclusiveMinimum'] === 'number' ? flat['exclusiveMinimum'] + exclusive : Number.NEGATIVE_INFINITY,
  );
  const most = Math.min(
    Number(flat['maximum'] ?? Number.POSITIVE_INFINITY),
    typeof flat['exclusiveMaximum'] === 'number' ? flat['exclusiveMaximum'] - exclusive : Number.POSITIVE_INFINITY,
  );
  const isTime = /(?:^|[_-])at$|At$|timestamp$/i.test(name);
  const usual = isTime ? 1_768_469_400 : 1 + (Number.parseInt(seedOf(path).slice(0, 6), 16) % 1000);
  const bounded = Math.min(Math.max(usual, least), most);
  if (step === 0) return bounded;
  const down = Math.floor(bounded / step) * step;
  const fitting = down >= least ? down : Math.ceil(bounded / step) * step;
  // 0.1 is not a whole number of steps of 0.01 otherwise.
  return Number(fitting.toPrecision(12));
}

function patternPart(flat: Flat, name: string): unknown {
  const patterns = isRecord(flat['patternProperties']) ? Object.entries(flat['patternProperties']) : [];
  return patterns.find(([pattern]) => {
    try {
      return new RegExp(pattern, 'u').test(name);
    } catch {
      return false;
    }
  })?.[1];
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function textsIn(value: unknown): readonly string[] {
  return listIn(value).filter((each): each is string => typeof each === 'string');
}
