import type { OutputUnit } from '@cfworker/json-schema';

/** A place in data that breaks a schema: the names and indexes that lead to it, and what is wrong there. */
export interface Break {
  readonly path: readonly string[];
  readonly message: string;
}

/** Keywords that only report that something below them has errors; those are reported themselves. */
const passedOn = new Set([
  '$ref',
  '$recursiveRef',
  'allOf',
  'if',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'prefixItems',
  'items',
  'additionalItems',
  'unevaluatedItems',
  'dependentSchemas',
]);

/** Keywords whose parts need not all match, so that an error below them may not matter. */
const choices = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames']);

/** Keywords that have names of the author's own below them. */
const named = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions']);

/** The validator's errors as places with reasons in words, each pair once. */
export function breaksOf(errors: readonly OutputUnit[]): readonly Break[] {
  const choicePlaces = new Set(errors.filter(({ keyword }) => choices.has(keyword)).map(({ instanceLocation }) => instanceLocation));
  const breaks = new Map<string, Break>();
  for (const error of errors) {
    if (!isReason(error, choicePlaces)) continue;
    const found = breakOf(error);
    breaks.set(JSON.stringify(found), found);
  }
  return [...breaks.values()];
}

function isReason(error: OutputUnit, choicePlaces: ReadonlySet<string>): boolean {
  const { keyword, keywordLocation, instanceLocation } = error;
  if (passedOn.has(keyword)) return false;
  if (keyword === 'dependencies') return error.error.includes('does not have');
  // The validator does not say where in the schema a `false` is, so one inside a choice is identified by its place in the data.
  if (keyword === 'false') return !isWithin(instanceLocation, choicePlaces);
  const steps = keywordLocation.split('/').slice(1, -1);
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at] ?? '';
    if (choices.has(step)) return false;
    if (named.has(step)) at += 1;
  }
  return true;
}

function isWithin(place: string, places: ReadonlySet<string>): boolean {
  for (let end = place.length; end > 0; end = place.lastIndexOf('/', end - 1)) if (places.has(place.slice(0, end))) return true;
  return false;
}

function breakOf(error: OutputUnit): Break {
  const path = error.instanceLocation.split('/').slice(1).map(decoded);
  if (error.keyword !== 'required') return { path, message: reasonOf(error) };
  return { path: [...path, /"(.*)"\.$/s.exec(error.error)?.[1] ?? ''], message: 'is missing' };
}

function decoded(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function reasonOf({ keyword, error }: OutputUnit): string {
  switch (keyword) {
    case 'false':
      return 'is not expected';
    case 'type':
      return typeReason(error);
    case 'enum':
      return `is none of ${shortened(bare(error, 'Instance does not match any of '))}`;
    case 'const':
      return `is not ${shortened(bare(error, 'Instance does not match '))}`;
    case 'anyOf':
      return 'matches none of the alternatives';
    case 'oneOf': {
      const matches = Number(/\((\d+) matches\)/.exec(error)?.[1] ?? 0);
      return matches === 0 ? 'matches none of the alternatives' : `matches ${matches} of the alternatives, where only one may match`;
    }
    case 'not':
      return 'matches what "not" excludes';
    case 'format':
      return `is not in the format ${shortened(bare(error, 'String does not match format ').replaceAll('"', ''))}`;
    case 'pattern':
      return 'does not match the pattern';
    case 'minProperties':
      return 'has too few properties';
    case 'maxProperties':
      return 'has too many properties';
    case 'propertyNames':
      return `has a property whose name does not match: ${shortened(bare(error, 'Property name ').replace(/ does not match schema$/, ''))}`;
    case 'uniqueItems':
      return 'has the same item more than once';
    case 'contains':
      return 'has no item that matches';
    case 'minContains':
      return 'has too few items that match';
    case 'maxContains':
      return 'has too many items that match';
    case 'exclusiveMinimum':
      return `is not greater than ${limitIn(error)}`;
    case 'exclusiveMaximum':
      return `is not less than ${limitIn(error)}`;
    default:
      // These messages begin with the number, or with the kind of anything else.
      return shortened(bare(error, /^\S+ /));
  }
}

const withArticle: Readonly<Record<string, string>> = { integer: 'an integer', object: 'an object', array: 'an array', null: 'null' };

function typeReason(error: string): string {
  const [, given = '', expected = ''] = /^Instance type "(\w+)" is invalid\. Expected "(.*)"\.$/s.exec(error) ?? [];
  const phrase = (type: string) => withArticle[type] ?? `a ${type}`;
  return `is ${phrase(given)}, where ${expected.split('", "').map(phrase).join(' or ')} is expected`;
}

function limitIn(error: string): string {
  return /(\S+)\.$/.exec(error)?.[1] ?? '';
}

function bare(error: string, start: string | RegExp): string {
  return error.replace(start, '').replace(/\.$/, '');
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
