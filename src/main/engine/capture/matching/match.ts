import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { remembered } from '../../base/remembered.ts';
import type { JsonAnswers } from './capture-facts.ts';
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
    headers.every(({ name, value }) => isAny(valuesOf(request.headers).get(name.toLowerCase()) ?? [], value)) &&
    query.every(({ name, value }) => isAny(queryOf(request).getAll(name), value)) &&
    json.every(request.hasJson)
  );
}

/** The values of each header by its name in lower case; every filter that is held against a request asks for some of them. */
const valuesOf = remembered((headers: MatchedRequest['headers']): ReadonlyMap<string, readonly string[]> => {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const known = values.get(name.toLowerCase());
    if (known === undefined) values.set(name.toLowerCase(), [value]);
    else known.push(value);
  }
  return values;
});

const queryOf = remembered(({ query }: MatchedRequest) => new URLSearchParams(query));
