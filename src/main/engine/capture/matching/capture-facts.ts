import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { eventTypeOf } from '#shared/recognise/event-name.ts';
import { TaskEnded, task, type Background } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { textAt } from './json-place.ts';
import { matchesPattern } from './text-pattern.ts';

/** Bodies up to this size are read at once; JSON of this size is parsed within some milliseconds. */
export const smallBodyBytes = 65_536;

/** A larger body is not read for its JSON. */
export const readBodyBytes = 16_777_216;

/** What a filter asks of a body: that the text at a path of its JSON has the form of a pattern. */
export interface JsonAsk {
  readonly path: string;
  readonly value: string;
}

/** Whether a body has what is asked of it; false for all that was not asked when it was read, and for what is not JSON. */
export type JsonAnswers = (ask: JsonAsk) => boolean;

/** Answers about a small body. */
export function jsonAnswers(body: Uint8Array): JsonAnswers {
  const json = parsed(body);
  return ({ path, value }) => {
    const text = json === undefined ? null : textAt(json, path);
    return text !== null && matchesPattern(value, text);
  };
}

/** Answers about a large body, in a thread: a text in it can be as long as the body, so only whether it matches crosses over. */
export const jsonAnswersTask = task(
  'jsonAnswers',
  ({ body, asks }: { readonly body: Uint8Array; readonly asks: readonly JsonAsk[] }): boolean[] => asks.map(jsonAnswers(body)),
);

/** Answers about a body of any size, or null for one that is too large or takes too long to read. */
export async function jsonAnswersOf(
  background: Pick<Background, 'run'>,
  { body, bytes, read }: { readonly body: Uint8Array | null; readonly bytes: number; readonly read: () => Uint8Array },
  asks: readonly JsonAsk[],
): Promise<JsonAnswers | null> {
  if (asks.length === 0) return () => false;
  if (body !== null) return jsonAnswers(body);
  if (bytes > readBodyBytes) return null;
  try {
    const answers = await background.run('requests', jsonAnswersTask, { body: ownBytes(read()), asks });
    const met = new Set(asks.filter((_ask, index) => answers[index] === true).map(keyOf));
    return (ask) => met.has(keyOf(ask));
  } catch (error) {
    if (error instanceof TaskEnded && error.why !== 'closed') return null;
    throw error;
  }
}

function keyOf({ path, value }: JsonAsk): string {
  return JSON.stringify([path, value]);
}

/** What a captured request is called in the log. */
export function eventTypeIn(headers: readonly HeaderField[], body: Uint8Array | null): string {
  return eventTypeOf(headers, body === null ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
