import { requestMatch, type RequestMatch } from './contract/request-match.ts';

/** What a condition may be about, with an example, as help shows them. */
export const conditionExamples = [
  'method=POST',
  'path=/orders/*',
  'type=invoice.*',
  'verdict=valid',
  'header.X-GitHub-Event=push',
  'query.source=shop',
  'json.$.data.status=paid',
] as const;

type Lists = { -readonly [Key in keyof RequestMatch]-?: NonNullable<RequestMatch[Key]> };

/** A text that is no condition, by its place in the list. */
export interface ConditionProblem {
  readonly problem: string;
  readonly index: number;
}

/** The conditions read from texts such as `path=/orders/*`, or the problems of those that are none, at least one. */
export type ReadMatch = { readonly match: RequestMatch | null } | { readonly problems: readonly [ConditionProblem, ...ConditionProblem[]] };

/** Reads conditions, one text each; empty ones do not count, and none at all asks for nothing. */
export function readMatch(texts: readonly string[]): ReadMatch {
  let lists: Partial<Lists> = {};
  const problems: ConditionProblem[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') continue;
    const next = { ...lists };
    const problem = addCondition(next, text.trim());
    const parsed = requestMatch.safeParse(next);
    if (problem !== null) problems.push({ problem, index });
    else if (!parsed.success)
      problems.push({ problem: `${text.trim()}: ${parsed.error.issues[0]?.message ?? 'This cannot be used.'}`, index });
    else lists = next;
  }
  const [first, ...others] = problems;
  if (first !== undefined) return { problems: [first, ...others] };
  return { match: Object.keys(lists).length === 0 ? null : (lists as RequestMatch) };
}

/** Problems of conditions that stand one a line. */
export function conditionErrors(problems: readonly ConditionProblem[]): string {
  return problems.map(({ problem, index }) => `Line ${index + 1}: ${problem}`).join(' ');
}

function addCondition(lists: Partial<Lists>, text: string): string | null {
  const split = text.indexOf('=');
  if (split < 1) return `"${text}" is no condition: write it as name=value, such as ${conditionExamples[1]}.`;
  const [name, value] = [text.slice(0, split).trim(), text.slice(split + 1).trim()];
  const each = value.split(',').map((one) => one.trim());
  const dot = name.indexOf('.');
  const [kind, rest] = dot === -1 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
  if (kind === 'method') lists.methods = [...(lists.methods ?? []), ...each.map((one) => one.toUpperCase())] as Lists['methods'];
  else if (kind === 'type') lists.eventTypes = [...(lists.eventTypes ?? []), ...each];
  else if (kind === 'verdict') lists.verdicts = [...(lists.verdicts ?? []), ...each] as Lists['verdicts'];
  else if (kind === 'path') {
    if (lists.path !== undefined) return 'Give one path: a star stands for anything in it.';
    lists.path = value;
  } else if (kind === 'header') lists.headers = [...(lists.headers ?? []), { name: rest, value }];
  else if (kind === 'query') lists.query = [...(lists.query ?? []), { name: rest, value }];
  else if (kind === 'json' && rest.endsWith(':')) {
    const is = scalarOf(value);
    if (is === undefined) return `${text}: behind := stands a JSON value, such as ${name}=4900, ${name}="paid" or ${name}=null.`;
    lists.json = [...(lists.json ?? []), { path: rest.slice(0, -1).trim(), is }];
  } else if (kind === 'json') lists.json = [...(lists.json ?? []), { path: rest, value }];
  else return `"${name}" is nothing to filter by: use ${conditionExamples.map((example) => example.split('=', 1)[0]).join(', ')}.`;
  return null;
}

/** A text, number, true, false or null that JSON says; undefined for anything else. */
function scalarOf(text: string): string | number | boolean | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || typeof value !== 'object' ? (value as string | number | boolean | null) : undefined;
  } catch {
    return undefined;
  }
}

/** The conditions of a filter as texts that {@link readMatch} reads; none for everything. */
export function matchTexts(match: RequestMatch | null): readonly string[] {
  if (match === null) return [];
  const { methods, path, query = [], headers = [], json = [], eventTypes, verdicts } = match;
  return [
    ...(methods === undefined ? [] : [`method=${methods.join(',')}`]),
    ...(path === undefined ? [] : [`path=${path}`]),
    ...(eventTypes === undefined ? [] : [`type=${eventTypes.join(',')}`]),
    ...(verdicts === undefined ? [] : [`verdict=${verdicts.join(',')}`]),
    ...headers.map(({ name, value }) => `header.${name}=${value}`),
    ...query.map(({ name, value }) => `query.${name}=${value}`),
    ...json.map(({ path: place, value, is }) =>
      is === undefined ? `json.${place}=${value ?? ''}` : `json.${place}:=${JSON.stringify(is)}`,
    ),
  ];
}
