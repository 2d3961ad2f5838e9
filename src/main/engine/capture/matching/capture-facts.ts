import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { eventTypeOf, namedCharacters } from '#shared/recognise/event-name.ts';
import { textAt } from './json-place.ts';
import { matchesPattern } from './text-pattern.ts';

/** What a filter asks of a body: that the text at a path of its JSON has the form of a pattern. */
export interface JsonAsk {
  readonly path: string;
  readonly value: string;
}

/** Whether a body has what is asked of it; false for what is not JSON. */
export type JsonAnswers = (ask: JsonAsk) => boolean;

/** Answers about a body, which is read once. */
export function jsonAnswers(body: Uint8Array): JsonAnswers {
  const json = jsonOf(body);
  return ({ path, value }) => {
    const text = json === undefined ? null : textAt(json, path);
    return text !== null && matchesPattern(value, text);
  };
}

/** The texts at paths of the JSON of a body, as {@link jsonAnswers} compares them; none where there is nothing. */
export function jsonTexts(body: Uint8Array): (path: string) => readonly string[] {
  const json = jsonOf(body);
  return (path) => {
    const text = json === undefined ? null : textAt(json, path);
    return text === null ? [] : [text];
  };
}

/** What a request from elsewhere, such as a captured one, is called in the log. A body that is too long is not read for it. */
export function eventTypeIn(headers: readonly HeaderField[], body: Uint8Array | null): string {
  const isRead = body !== null && body.byteLength <= namedCharacters;
  return eventTypeOf(headers, isRead ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8') : null);
}

/** The JSON of a body; undefined for what is none. */
export function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
