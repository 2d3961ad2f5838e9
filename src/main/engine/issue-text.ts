import type { ValidationError } from '@orpc/server';

/** What is wrong with one field; `path` is dotted, empty for the input as a whole. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

type SchemaIssue = ValidationError['issues'][number];

/** Issues of the contract's schemas as sentences that say what to change; an unknown field is its own issue, at its own path. */
export function fieldIssues(issues: readonly SchemaIssue[]): FieldIssue[] {
  return issues.flatMap((issue) => {
    const path = pathOf(issue);
    const facts: Readonly<Record<string, unknown>> = { ...issue };
    if (facts['code'] === 'unrecognized_keys' && Array.isArray(facts['keys']))
      return facts['keys'].map((key) => ({ path: [path, String(key)].filter((part) => part !== '').join('.'), message: `There is no field ${String(key)} here; remove it.` }));
    return [{ path, message: messageOf(issue, facts) }];
  });
}

function messageOf(issue: SchemaIssue, facts: Readonly<Record<string, unknown>>): string {
  // zod's own texts begin like this; those written in the contract are sentences already.
  if (!/^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message)) return issue.message;
  switch (facts['code']) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'Give this field; it has no default.' : `Make this ${typeText(facts['expected'])}.`;
    case 'invalid_value':
      return Array.isArray(facts['values']) ? `Use ${facts['values'].map(String).join(', ').replace(/, ([^,]*)$/, ' or $1')}.` : `${issue.message}.`;
    case 'too_small':
      return sizeText('at least', facts['minimum'], facts['origin']);
    case 'too_big':
      return sizeText('at most', facts['maximum'], facts['origin']);
    case 'invalid_format':
      return facts['format'] === 'base64' ? 'This is not base64: use A-Z, a-z, 0-9, + and /, with = at the end to a length of four.' : `${issue.message}.`;
    case 'invalid_union':
      return 'This fits none of the forms allowed here; see /api/openapi.json for them.';
    default:
      return `${issue.message}.`;
  }
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
  return (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
