import type { ValidationError } from '@orpc/server';
import { nearestName } from '#shared/nearest-name.ts';

/** What is wrong with one field; `path` is dotted, empty for the input as a whole. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

type SchemaIssue = ValidationError['issues'][number];

/** Where issues arose: the path of the value that they are about, and the fields that it may have, where that is known. */
interface IssuePlace {
  readonly within?: string;
  readonly known?: readonly string[];
}

/** Issues of the contract's schemas as sentences that say what to change; an unknown field is its own issue, at its own path. */
export function fieldIssues(issues: readonly SchemaIssue[], { within = '', known = [] }: IssuePlace = {}): FieldIssue[] {
  return issues.flatMap((issue) => {
    const path = [within, pathOf(issue)].filter((part) => part !== '').join('.');
    const facts: Readonly<Record<string, unknown>> = { ...issue };
    const inner =
      facts['code'] === 'invalid_key' ? issuesIn(facts['issues']) : facts['code'] === 'invalid_union' ? nearestForm(facts['errors']) : [];
    if (inner.length > 0) return fieldIssues(inner, { within: path });
    if (facts['code'] === 'unrecognized_keys' && Array.isArray(facts['keys']))
      return facts['keys'].map((key) => ({
        path: [path, shownName(String(key))].filter((part) => part !== '').join('.'),
        message: unknownField(String(key), path === '' ? known : []),
      }));
    return [{ path, message: messageOf(issue, facts) }];
  });
}

function unknownField(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return `There is no field ${shownName(name)} here; ${nearest === null ? 'remove it.' : `did you mean ${nearest}?`}`;
}

/** Why a value does not have the form that it comes nearest to: the form that matches most of it, or at least its kind. */
function nearestForm(errors: unknown): readonly SchemaIssue[] {
  const forms = Array.isArray(errors) ? errors.map(issuesIn) : [];
  return forms.toSorted((a, b) => nearness(b) - nearness(a))[0] ?? [];
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
      return sizeText('at least', facts['minimum'], facts['origin']);
    case 'too_big':
      return sizeText('at most', facts['maximum'], facts['origin']);
    case 'invalid_format':
      return facts['format'] === 'base64'
        ? 'This is not base64: use A-Z, a-z, 0-9, + and /, with = at the end to a length of four.'
        : `${issue.message}.`;
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

function sizeText(bound: string, limit: unknown, origin: unknown): string {
  if (origin === 'string') return `Use ${bound} ${String(limit)} characters.`;
  if (origin === 'array') return `Give ${bound} ${String(limit)} entries.`;
  return `Use ${bound} ${String(limit)}.`;
}

function pathOf(issue: SchemaIssue): string {
  return (issue.path ?? []).map((part) => shownName(String(typeof part === 'object' ? part.key : part))).join('.');
}

/** A name from the caller, quoted only when it can be a name: somebody may have pasted a secret in its place. */
function shownName(name: string): string {
  return /^[\w.:/-]{1,48}$/.test(name) ? name : `(a name of ${name.length} characters)`;
}
