import { ORPCError } from '@orpc/client';
import { refusals, type Going, type RefusalCode } from '#shared/contract/common.ts';
import { ConnectionLost, NotConnected } from './client.ts';

/** One wrong field: where it is in the input (`signing.header`) and a sentence that says what to change. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** A failure as the window shows it. `issues` is empty if it is not about a field. */
export interface Problem {
  /**
   * The contract's code, or `CONNECTION` for a call whose connection broke, `NOT_CONNECTED` for a change that was not begun, `INTERNAL`
   * for a bug.
   */
  readonly code: RefusalCode | 'CONNECTION' | 'NOT_CONNECTED' | 'INTERNAL';
  readonly message: string;
  readonly issues: readonly Issue[];
  /** What would be removed, where the engine wants that confirmed. */
  readonly wouldGo?: Going;
}

/** Turns whatever a call rejected with into a problem that can be shown where it arose. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ConnectionLost) return { code: 'CONNECTION', message: error.message, issues: [] };
  if (error instanceof NotConnected) return { code: 'NOT_CONNECTED', message: error.message, issues: [] };
  if (error instanceof ORPCError) {
    const code = Object.hasOwn(refusals, error.code) ? (error.code as RefusalCode) : 'INTERNAL';
    const asked = code === 'CONFIRMATION_NEEDED' ? refusals.CONFIRMATION_NEEDED.data.safeParse(error.data) : null;
    const wouldGo = asked?.success === true ? { wouldGo: asked.data.wouldGo } : {};
    return { code, message: error.message, issues: issuesOf(error.data), ...wouldGo };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), issues: [] };
}

/** The problem that what was typed cannot be read, by field. */
export function unreadable(byField: Readonly<Record<string, string>>): Problem {
  const issues = Object.entries(byField).map(([path, message]) => ({ path, message }));
  return { code: 'INPUT_INVALID', message: 'Some fields cannot be read.', issues };
}

/** Whether a rejection only says that the caller gave up; nothing to show then. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/**
 * Spreads issues over the fields of a form by the first part of their path. Issues of fields that the form
 * does not have come back in `rest`, so that none is lost.
 */
export function fieldErrors(
  problem: Problem | null,
  fields: readonly string[],
): { readonly byField: Readonly<Record<string, string>>; readonly rest: readonly Issue[] } {
  const byField: Record<string, string> = {};
  const rest: Issue[] = [];
  for (const issue of problem?.issues ?? []) {
    const field = longestMatch(issue.path, fields);
    if (field === null) rest.push(issue);
    else byField[field] = byField[field] === undefined ? messageFor(issue, field) : `${byField[field]} ${messageFor(issue, field)}`;
  }
  return { byField, rest };
}

/** A problem without the issues of fields that were edited since; null when none is left. */
export function withoutFields(problem: Problem | null, fields: readonly string[]): Problem | null {
  if (problem === null || problem.issues.length === 0) return problem;
  const issues = problem.issues.filter(({ path }) => !fields.some((field) => path === field || path.startsWith(`${field}.`)));
  return issues.length === 0 ? null : { ...problem, issues };
}

/** The item with an id, or null if there is none. Rejects with every other failure. */
export async function nullIfUnknown<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (toProblem(error).code === 'NOT_FOUND') return null;
    throw error;
  }
}

function longestMatch(path: string, fields: readonly string[]): string | null {
  const matches = fields.filter((field) => path === field || path.startsWith(`${field}.`));
  return matches.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

/** The rest of the path, after the field, says which part of it is meant. */
function messageFor(issue: Issue, field: string): string {
  const inner = issue.path.slice(field.length + 1);
  return inner === '' || issue.message.includes(inner) ? issue.message : `${inner}: ${issue.message}`;
}

function issuesOf(data: unknown): readonly Issue[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return [];
  return data.issues.filter(isIssue);
}

function isIssue(value: unknown): value is Issue {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
