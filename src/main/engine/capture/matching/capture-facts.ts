import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { eventTypeOf } from '#shared/recognise/event-name.ts';
import { TaskEnded, task, type Background } from '../../background/background.ts';
import { ownBytes } from '../../base/own-bytes.ts';
import { textAt } from './json-place.ts';

/** Bodies up to this size are read at once; JSON of this size is parsed within some milliseconds. */
export const smallBodyBytes = 65_536;

/** A larger body is not read for its JSON. */
export const readBodyBytes = 16_777_216;

/** What filters ask of a body: texts by their path. */
export type JsonTexts = ReadonlyMap<string, string | null>;

/** The texts at some paths of a JSON body; all null for what is not JSON. */
export function jsonTexts(body: Uint8Array, paths: readonly string[]): JsonTexts {
  const json = parsed(body);
  return new Map(paths.map((path) => [path, json === undefined ? null : textAt(json, path)]));
}

/** The same for a large body, in a thread. */
export const jsonTextsTask = task('jsonTexts', ({ body, paths }: { readonly body: Uint8Array; readonly paths: readonly string[] }) => [
  ...jsonTexts(body, paths),
]);

/** The texts of a body of any size, or null for one that is too large or takes too long to read. */
export async function jsonTextsOf(
  background: Pick<Background, 'run'>,
  { body, bytes, read }: { readonly body: Uint8Array | null; readonly bytes: number; readonly read: () => Uint8Array },
  paths: readonly string[],
): Promise<JsonTexts | null> {
  if (paths.length === 0) return new Map();
  if (body !== null) return jsonTexts(body, paths);
  if (bytes > readBodyBytes) return null;
  try {
    return new Map(await background.run('requests', jsonTextsTask, { body: ownBytes(read()), paths }));
  } catch (error) {
    if (error instanceof TaskEnded && error.why !== 'closed') return null;
    throw error;
  }
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
