import { z } from 'zod';
import { nearestName } from './names/nearest-name.ts';
import { fieldsAt, formsAt, valueAt } from './schema-fields.ts';

/** What is wrong with one field; `path` is dotted, empty for the input as a whole. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

/** An issue of a schema, as zod and other libraries give it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Where issues arose: the path of the value that they are about, the schema that it broke, and the value itself. */
interface IssuePlace {
  readonly within?: string;
  readonly schema?: unknown;
  readonly input?: unknown;
}

/** Issues that are told, at most: somebody may have sent a hundred thousand unknown fields. */
const shownIssues = 100;

/**
 * Issues of the contract's schemas as sentences that say what to change; an unknown field is its own issue, at its own path. Only the
 * first hundred are returned.
 */
export function fieldIssues(issues: readonly SchemaIssue[], { within = '', schema, input }: IssuePlace = {}): FieldIssue[] {
  const told: FieldIssue[] = [];
  for (const issue of toldOf(issues)) {
    const path = [within, pathOf(issue)].filter((part) => part !== '').join('.');
    const place = { schema, path: keysOf(issue), input };
    const facts: Readonly<Record<string, unknown>> = { ...issue };
    const form = facts['code'] === 'invalid_union' ? nearestForm(facts['errors']) : null;
    const inner = facts['code'] === 'invalid_key' ? issuesIn(facts['issues']) : (form?.issues ?? []);
    if (inner.length > 0) {
      const innerSchema = form === null ? undefined : formsAt(place)[form.index];
      told.push(...fieldIssues(inner, { within: path, schema: innerSchema, input: valueAt(input, keysOf(issue)) }));
    } else if (facts['code'] === 'unrecognized_keys' && Array.isArray(facts['keys'])) {
      const known = fieldsAt(place);
      for (const key of facts['keys'].slice(0, shownIssues))
        told.push({
          path: [path, shownName(String(key))].filter((part) => part !== '').join('.'),
          message: unknownField(String(key), known),
        });
    } else told.push({ path, message: path === '' && isNoObject(facts) ? wholeInput : messageOf(issue, facts) });
  }
  return told.slice(0, shownIssues);
}

/** Said of an input that has no fields at all, since no name says what is meant. */
const wholeInput = 'Give the fields as an object, in JSON such as {"name": "Shop"}.';

function isNoObject(facts: Readonly<Record<string, unknown>>): boolean {
  return facts['code'] === 'invalid_type' && facts['expected'] === 'object';
}

/** What a schema of the contract says of an input; nothing where it is none. */
export function inputIssues(schema: unknown, input: unknown): readonly FieldIssue[] {
  if (!(schema instanceof z.ZodType)) return [];
  const parsed = schema.safeParse(input);
  return parsed.success ? [] : fieldIssues(parsed.error.issues, { schema, input });
}

/** How many issues there are, each unknown field counted. */
export function countIssues(issues: readonly SchemaIssue[]): number {
  let count = 0;
  for (const issue of [...toldOf(issues), ...issues.slice(shownIssues)])
    count += 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.length : 1;
  return count;
}

/** The first issues, without what is said of one value twice, and of text that is too short its length alone: it can hardly have the right form as well. */
function toldOf(all: readonly SchemaIssue[]): readonly SchemaIssue[] {
  const issues = all.slice(0, shownIssues);
  const tooShort = new Map<string, SchemaIssue>();
  const placeOf = (issue: SchemaIssue) => JSON.stringify(keysOf(issue).map(String));
  for (const issue of issues) if (isTooShort(issue) && !tooShort.has(placeOf(issue))) tooShort.set(placeOf(issue), issue);
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const place = placeOf(issue);
    const said = `${place} ${JSON.stringify(messageOf(issue, { ...issue }))}`;
    const isFirst = !seen.has(said) || 'keys' in issue || 'errors' in issue;
    seen.add(said);
    return isFirst && (tooShort.get(place) ?? issue) === issue;
  });
}

function isTooShort(issue: SchemaIssue): boolean {
  return 'code' in issue && issue.code === 'too_small' && 'origin' in issue && issue.origin === 'string';
}

function keysOf({ path = [] }: SchemaIssue): readonly PropertyKey[] {
  return path.map((part) => (typeof part === 'object' ? part.key : part));
}

function unknownField(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `There is no field ${shownName(name)} here; ${nearest === null ? 'remove it.' : `did you mean ${nearest}?`}`;
}

/** Why a value does not have the form that it comes nearest to: the form that matches most of it, or at least its kind. */
function nearestForm(errors: unknown): { readonly index: number; readonly issues: readonly SchemaIssue[] } | null {
  const forms = Array.isArray(errors) ? errors.map((error, index) => ({ index, issues: issuesIn(error) })) : [];
  return forms.toSorted((a, b) => nearness(b.issues) - nearness(a.issues))[0] ?? null;
}

function nearness(issues: readonly SchemaIssue[]): number {
  const depth = Math.max(0, ...issues.map((issue) => issue.path?.length ?? 0));
  const isOfItsKind = !issues.some((issue) => 'code' in issue && issue.code === 'invalid_type' && (issue.path?.length ?? 0) === 0);
  return depth * 2 + Number(isOfItsKind);
}

function issuesIn(value: unknown): readonly SchemaIssue[] {
  return Array.isArray(value)
    ? value.filter((each): each is SchemaIssue => typeof each === 'object' && each !== null && 'message' in each)
    : [];
}

function messageOf(issue: SchemaIssue, facts: Readonly<Record<string, unknown>>): string {
  // zod's own texts begin like this; those written in the contract are sentences already.
  if (!/^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message)) return issue.message;
  switch (facts['code']) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'Give this field; it has no default.'
        : `Make this ${typeText(facts['expected'])}.`;
    case 'invalid_value':
      return Array.isArray(facts['values']) ? `Use ${anyOf(facts['values'])}.` : `${issue.message}.`;
    case 'too_small':
      return sizeText(facts, { limit: facts['minimum'], inclusive: 'at least', exclusive: 'more than' });
    case 'too_big':
      return sizeText(facts, { limit: facts['maximum'], inclusive: 'at most', exclusive: 'less than' });
    case 'not_multiple_of':
      return `Use a multiple of ${String(facts['divisor'])}.`;
    case 'invalid_format':
      return formText(facts) ?? `${issue.message}.`;
    case 'invalid_union':
      return Array.isArray(facts['options'])
        ? `Use ${anyOf(facts['options'])}.`
        : 'This fits none of the forms allowed here; see /api/openapi.json for them.';
    default:
      return `${issue.message}.`;
  }
}

function anyOf(values: readonly unknown[]): string {
  return values
    .map(String)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

function typeText(expected: unknown): string {
  switch (expected) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
    case 'tuple':
      return 'a list';
    case 'object':
    case 'record':
      return 'an object';
    default:
      return `of type ${String(expected)}`;
  }
}

function formText({ format, prefix, pattern }: Readonly<Record<string, unknown>>): string | null {
  switch (format) {
    case 'base64':
      return 'This is not base64: use A-Z, a-z, 0-9, + and /, with = at the end to a length of four.';
    case 'url':
      return 'Give a URL, such as https://example.com/hooks.';
    case 'date':
      return 'Give a date, such as 2026-11-28.';
    case 'starts_with':
      return `Begin with ${String(prefix)}.`;
    case 'regex':
      return `Use what fits the pattern ${String(pattern)}.`;
    default:
      return null;
  }
}

interface Bound {
  readonly limit: unknown;
  /** Words before the limit where it may be reached, and where it may not. */
  readonly inclusive: string;
  readonly exclusive: string;
}

/** A limit as a sentence: `Use at least 1 character.`, `Give 2 entries.`, `Use more than 0.` */
function sizeText(
  { origin, exact, inclusive: mayBeReached }: Readonly<Record<string, unknown>>,
  { limit, inclusive, exclusive }: Bound,
): string {
  const bound = exact === true ? '' : `${mayBeReached === false ? exclusive : inclusive} `;
  const one = String(limit) === '1';
  if (origin === 'string') return `Use ${bound}${String(limit)} ${one ? 'character' : 'characters'}.`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `Give ${bound}${String(limit)} ${one ? 'entry' : 'entries'}.`;
  return `Use ${bound}${String(limit)}.`;
}

function pathOf(issue: SchemaIssue): string {
  return (issue.path ?? []).map((part) => shownName(String(typeof part === 'object' ? part.key : part))).join('.');
}

/** A name from the caller, quoted only when it can be a name: somebody may have pasted a secret in its place. */
function shownName(name: string): string {
  return /^[\w.:/-]{1,48}$/.test(name) ? name : `(a name of ${name.length} characters)`;
}
