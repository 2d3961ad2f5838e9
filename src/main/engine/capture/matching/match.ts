import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { matchesEvent } from '#shared/event-pattern.ts';
import { remembered } from '../../base/remembered.ts';
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
  /** What its JSON has there instead, none where there is nothing; left out where the body was not read for that. */
  readonly jsonFound?: (ask: JsonAsk) => readonly string[];
}

/** One condition of a filter. */
interface Condition {
  /** The part of the filter that it is. */
  readonly part: RequestMatch;
  readonly holds: (request: MatchedRequest) => boolean;
  /** What a request has there, none where it has nothing; null where that was not read. */
  readonly found: (request: MatchedRequest) => readonly string[] | null;
}

function* conditionsOf({ methods, path, query, headers, json, eventTypes, verdicts }: RequestMatch): Generator<Condition> {
  if (methods !== undefined)
    yield {
      part: { methods },
      holds: ({ method }) => (methods as readonly string[]).includes(method),
      found: ({ method }) => [method],
    };
  if (path !== undefined)
    yield { part: { path }, holds: (request) => matchesPattern(path, request.path), found: (request) => [request.path] };
  if (eventTypes !== undefined)
    yield { part: { eventTypes }, holds: ({ eventType }) => matchesEvent(eventTypes, eventType), found: ({ eventType }) => [eventType] };
  if (verdicts !== undefined)
    yield {
      part: { verdicts },
      holds: ({ verdict }) => (verdicts as readonly string[]).includes(verdict ?? 'none'),
      found: ({ verdict }) => [verdict ?? 'none'],
    };
  for (const field of headers ?? [])
    yield anyOf({ headers: [field] }, field.value, (request) => valuesOf(request.headers).get(field.name.toLowerCase()) ?? []);
  for (const field of query ?? []) yield anyOf({ query: [field] }, field.value, (request) => queryOf(request).getAll(field.name));
  for (const ask of json ?? [])
    yield { part: { json: [ask] }, holds: ({ hasJson }) => hasJson(ask), found: ({ jsonFound }) => jsonFound?.(ask) ?? null };
}

function anyOf(part: RequestMatch, pattern: string, found: (request: MatchedRequest) => readonly string[]): Condition {
  return { part, holds: (request) => found(request).some((text) => matchesPattern(pattern, text)), found };
}

/** Whether a request is what a filter asks for; null asks for nothing. */
export function matches(match: RequestMatch | null, request: MatchedRequest): boolean {
  if (match === null) return true;
  for (const { holds } of conditionsOf(match)) if (!holds(request)) return false;
  return true;
}

/** A condition that a request does not meet. */
export interface Unmet {
  /** The condition by itself. */
  readonly part: RequestMatch;
  /** What the request has there, none where it has nothing; null where that was not read. */
  readonly found: readonly string[] | null;
}

/** The conditions of a filter that a request does not meet; none where it is what the filter asks for. */
export function unmetBy(match: RequestMatch | null, request: MatchedRequest): readonly Unmet[] {
  if (match === null) return [];
  return [...conditionsOf(match)].filter(({ holds }) => !holds(request)).map(({ part, found }) => ({ part, found: found(request) }));
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
