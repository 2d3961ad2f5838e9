import { inputIssues } from '#shared/issue-text.ts';
import { unreadable, type Issue, type Problem } from './problem.ts';

/** A procedure of the contract. */
interface Procedure {
  readonly '~orpc': { readonly inputSchema?: unknown };
}

/**
 * The problem of a form that cannot be sent: what of it cannot be read, and with it what the contract says of the rest, so that all of
 * it stands at its fields at once. Null where it can be sent.
 */
export function formProblem(unread: readonly Issue[], procedure: Procedure, input: object): Problem | null {
  const isUnread = ({ path }: Issue) => unread.some((issue) => path === issue.path || path.startsWith(`${issue.path}.`));
  const issues = [...unread, ...inputIssues(procedure['~orpc'].inputSchema, input).filter((issue) => !isUnread(issue))];
  return issues.length === 0 ? null : { code: 'INPUT_INVALID', message: 'Some fields need a change.', issues };
}

/** The same where something cannot be read, by field; `rest` is what the contract can be asked about meanwhile. */
export function unreadableWith(byField: Readonly<Record<string, string>>, procedure: Procedure, rest: object): Problem {
  const unread = unreadable(byField);
  return formProblem(unread.issues, procedure, rest) ?? unread;
}
