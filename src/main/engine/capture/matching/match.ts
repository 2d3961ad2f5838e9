import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { headerValues } from '#shared/text/headers.ts';
import type { JsonAnswers, JsonAsk } from './capture-facts.ts';
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
  /** What its JSON body has of what filters ask. */
  readonly hasJson: JsonAnswers;
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
    json.every(request.hasJson)
  );
}

/** What some filters ask of the JSON of a body. */
export function jsonAsksOf(filters: readonly (RequestMatch | null)[]): readonly JsonAsk[] {
  return filters.flatMap((match) => match?.json ?? []);
}

function queryValues(query: string, name: string): readonly string[] {
  return query === '' ? [] : new URLSearchParams(query).getAll(name);
}
