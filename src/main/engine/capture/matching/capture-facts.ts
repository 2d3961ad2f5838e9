import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { eventTypeOf, namedCharacters } from '#shared/recognise/event-name.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { stepsOf, textAt } from './json-place.ts';
import { matchesPattern } from './text-pattern.ts';
import { isTypedMet, typedFound, typedValue } from './typed-value.ts';

/** What a filter asks of a value in the JSON of a body: `value` of its text, whatever its type, and `is` of the value in its own type. */
export type JsonAsk = NonNullable<RequestMatch['json']>[number];

/** Whether a body has what is asked of it; false for what is not JSON. */
export type JsonAnswers = (ask: JsonAsk) => boolean;

/** Answers about a body, which is read once. */
export function jsonAnswers(body: Uint8Array): JsonAnswers {
  const json = jsonOf(body);
  return ({ path, value, is }) => {
    if (json === undefined) return false;
    const text = value === undefined ? null : textAt(json, path);
    if (value !== undefined && (text === null || !matchesPattern(value, text))) return false;
    const source = is === undefined ? null : sourceIn(body, path);
    return is === undefined || (source !== null && isTypedMet(typedValue(is), source));
  };
}

/** What the JSON of a body has where a filter asks, as {@link jsonAnswers} compares it; none where there is nothing. */
export function jsonFound(body: Uint8Array): (ask: JsonAsk) => readonly string[] {
  const json = jsonOf(body);
  return ({ path, is }) => {
    if (json === undefined) return [];
    const source = is === undefined ? null : sourceIn(body, path);
    const found = is === undefined ? textAt(json, path) : source === null ? null : typedFound(typedValue(is), source);
    return found === null ? [] : [found];
  };
}

/** The value at a path of a body that is JSON, as it is written. */
function sourceIn(body: Uint8Array, path: string): string | null {
  return sourceAt(textOf(body), stepsOf(path).map(String));
}

/** What a request from elsewhere, such as a captured one, is called in the log. A body that is too long is not read for it. */
export function eventTypeIn(headers: readonly HeaderField[], body: Uint8Array | null): string {
  const isRead = body !== null && body.byteLength <= namedCharacters;
  return eventTypeOf(headers, isRead ? textOf(body) : null);
}

/** The JSON of a body; undefined for what is none. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body)) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}
