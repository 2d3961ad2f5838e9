import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { headerValues } from '#shared/text/headers.ts';
import { matchesPattern } from './text-pattern.ts';

/** A captured request as filters see it. */
export interface MatchedRequest {
  readonly method: string;
  /** The path behind the bin's own, `/` without one. */
  readonly path: string;
  /** The query as received, without its question mark. */
  readonly query: string;
  readonly headers: readonly HeaderField[];
  readonly eventType: string;
  /** Null where nothing was verified. */
  readonly verdict: string | null;
  /** The text at a path of its JSON body; null where there is none. */
  readonly jsonTextAt: (path: string) => string | null;
}

/** Whether a request is what a filter asks for; null asks for nothing. */
export function matches(match: RequestMatch | null, request: MatchedRequest): boolean {
  if (match === null) return true;
  const { methods, path, query = [], headers = [], json = [], eventTypes, verdicts } = match;
  const isAny = (texts: readonly string[], pattern: string) => texts.some((text) => matchesPattern(pattern, text));
  return (
    (methods === undefined || (methods as readonly string[]).includes(request.method)) &&
    (path === undefined || matchesPattern(path, request.path)) &&
    (eventTypes === undefined || matchesEvent(eventTypes, request.eventType)) &&
    (verdicts === undefined || (verdicts as readonly string[]).includes(request.verdict ?? 'none')) &&
    headers.every(({ name, value }) => isAny(headerValues(request.headers, name), value)) &&
    query.every(({ name, value }) => isAny(queryValues(request.query, name), value)) &&
    json.every(({ path: place, value }) => isAny(oneOrNone(request.jsonTextAt(place)), value))
  );
}

/** The paths of a body's JSON that some filters ask for. */
export function jsonPathsOf(filters: readonly (RequestMatch | null)[]): readonly string[] {
  return [...new Set(filters.flatMap((match) => (match?.json ?? []).map(({ path }) => path)))];
}

function queryValues(query: string, name: string): readonly string[] {
  return query === '' ? [] : new URLSearchParams(query).getAll(name);
}

function oneOrNone(text: string | null): readonly string[] {
  return text === null ? [] : [text];
}
