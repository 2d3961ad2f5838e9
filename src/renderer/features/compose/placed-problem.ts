import { ORPCError } from '@orpc/client';
import { findJsonError, placeOf, type TextPlace } from '../../editor/json-text.ts';
import { toProblem, type Issue } from '../../base/problem.ts';

/** A problem with what is being composed, and the text that it is in. */
export type PlacedProblem =
  /** The data is not JSON; the place is in the data. */
  | { readonly where: 'data'; readonly message: string; readonly place: TextPlace }
  /** The template is wrong; the place is in the template. */
  | { readonly where: 'template'; readonly message: string; readonly place: TextPlace }
  /** What the template renders is not JSON; the place is in `rendered`. */
  | { readonly where: 'rendered'; readonly message: string; readonly place: TextPlace; readonly rendered: string }
  /** The text of the exact body gives no bytes. */
  | { readonly where: 'body'; readonly message: string }
  /** There are no bytes of the files, or not yet. */
  | { readonly where: 'files'; readonly message: string }
  /** The lines of the headers cannot be read. */
  | { readonly where: 'headers'; readonly message: string }
  /** A field of the target or event is wrong, or the engine cannot answer. */
  | { readonly where: 'request'; readonly message: string; readonly issues: readonly Issue[] };

/** What keeps the data from being JSON, or null. */
export function dataProblem(text: string): PlacedProblem | null {
  const error = findJsonError(text);
  return error === null ? null : { where: 'data', message: error.message, place: placeOf(text, error.offset) };
}

interface TemplateRefusal {
  readonly source: 'template' | 'json';
  readonly line: number;
  readonly column: number;
  readonly rendered: string | null;
}

function isTemplateRefusal(data: unknown): data is TemplateRefusal {
  return (
    typeof data === 'object' &&
    data !== null &&
    'source' in data &&
    (data.source === 'template' || data.source === 'json') &&
    'line' in data &&
    typeof data.line === 'number' &&
    'column' in data &&
    typeof data.column === 'number' &&
    'rendered' in data
  );
}

/** Finds the place of whatever a preview or a sending was refused for. */
export function placeProblem(error: unknown): PlacedProblem {
  const problem = toProblem(error);
  const data: unknown = error instanceof ORPCError ? error.data : null;
  if (problem.code !== 'TEMPLATE_INVALID' || !isTemplateRefusal(data))
    return { where: 'request', message: problem.message, issues: problem.issues };
  const place = { line: data.line, column: data.column };
  if (data.source === 'template' || data.rendered === null) return { where: 'template', message: problem.message, place };
  return { where: 'rendered', message: problem.message, place, rendered: data.rendered };
}
