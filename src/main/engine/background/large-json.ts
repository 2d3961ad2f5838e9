import { task } from './background.ts';
import { base64 } from '#shared/contract/common.ts';
import { isJson, JsonText } from '#shared/contract/json.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { inputDepthLimit, tooDeepSentence } from '../base/input-depth.ts';
import { ownBytes } from '../base/own-bytes.ts';

/** A JSON text of more bytes is large: one of this size is read, checked and written again within some 20 ms. */
export const largeJsonBytes = 131_072;

/** Values that a call may have beside its data. */
export const valueLimit = 100_000;

/** Text from which on a value is handed on as it is. */
const liftedCharacters = 65_536;

type Path = readonly string[];

/** Where calls carry data, and where bodies; what is large there is taken out of the rest. */
const dataPaths: readonly Path[] = [['data'], ['event', 'data']];
const bodyPaths: readonly Path[] = [['bodyBase64'], ['event', 'bodyBase64'], ['request', 'bodyBase64']];

/** An input that was read. Where it is large, its data and bodies are taken out of the rest, with their places. */
export interface ReadInput {
  readonly kind: 'read';
  readonly rest: unknown;
  readonly texts: readonly { readonly path: Path; readonly text: string }[];
  readonly bodies: readonly { readonly path: Path; readonly bytes: Uint8Array }[];
}

/** An input that cannot be taken: a sentence that says why. */
export interface UnreadInput {
  readonly kind: 'not JSON' | 'too many values';
  readonly message: string;
}

/** Reads the JSON of a call, which takes long where it is large. An empty text counts as null. */
export function readInput(bytes: Uint8Array): ReadInput | UnreadInput {
  const text = decoded(bytes);
  if (text === null) return notJson('The body is not UTF-8 text: send JSON in UTF-8, and other bytes as base64 inside it.');
  if (isJsonDeeper(bytes, inputDepthLimit)) return notJson(tooDeepSentence);
  try {
    const input = text.trim() === '' ? null : (JSON.parse(text) as unknown);
    return bytes.byteLength > largeJsonBytes ? lift(input) : { kind: 'read', rest: input, texts: [], bodies: [] };
  } catch (error) {
    return notJson(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What the procedures take: the rest with what was taken out of it at its places again, large data as {@link JsonText}. */
export function inputOf({ rest, texts, bodies }: ReadInput): unknown {
  for (const { path, text } of texts) put(rest, path, new JsonText(text));
  for (const { path, bytes } of bodies) put(rest, path, bytes);
  return rest;
}

/** An answer with large texts: the rest as plain data, in which each {@link JsonText} is replaced by a mark. */
export interface LargeAnswer {
  readonly value: unknown;
  readonly texts: readonly { readonly mark: string; readonly text: string }[];
}

/** Writes the JSON of an answer as UTF-8. */
export function writeLargeAnswer({ value, texts }: LargeAnswer): Uint8Array {
  const whole = JSON.stringify(value);
  const pieces: string[] = [];
  let from = 0;
  for (const { mark, text } of texts) {
    const quoted = JSON.stringify(mark);
    const place = whole.indexOf(quoted, from);
    pieces.push(whole.slice(from, place), text);
    from = place + quoted.length;
  }
  return ownBytes(Buffer.from([...pieces, whole.slice(from)].join(''), 'utf8'));
}

function notJson(message: string): UnreadInput {
  return { kind: 'not JSON', message };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function lift(input: unknown): ReadInput | UnreadInput {
  const texts: { path: Path; text: string }[] = [];
  const bodies: { path: Path; bytes: Uint8Array }[] = [];
  for (const path of dataPaths) {
    const value = valueAt(input, path);
    // What the contract refuses stays for it to refuse.
    if (value === undefined || isScalar(value) || !isJson(value)) continue;
    const text = JSON.stringify(value);
    if (text.length < liftedCharacters) continue;
    texts.push({ path, text });
    put(input, path, null);
  }
  for (const path of bodyPaths) {
    const value = valueAt(input, path);
    // What is no base64 stays for the contract to refuse.
    if (typeof value !== 'string' || value.length < liftedCharacters || !base64.safeParse(value).success) continue;
    bodies.push({ path, bytes: ownBytes(Buffer.from(value, 'base64')) });
    put(input, path, null);
  }
  if (hasMore(input, valueLimit))
    return {
      kind: 'too many values',
      message: `The request has more than ${valueLimit.toLocaleString('en')} values beside its data: send fewer of them, or several requests.`,
    };
  return { kind: 'read', rest: input, texts, bodies };
}

/** A text that is no list and no object costs nothing to keep as it is, but for one that is long. */
function isScalar(value: unknown): boolean {
  return typeof value === 'string' ? value.length < liftedCharacters : typeof value !== 'object' || value === null;
}

function ownValue(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder) || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Readonly<Record<string, unknown>>)[key];
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce(ownValue, input);
}

/** Puts a value where there was one before. */
function put(input: unknown, path: Path, value: unknown): void {
  const holder = valueAt(input, path.slice(0, -1)) as Record<string, unknown>;
  holder[path.at(-1) ?? ''] = value;
}

function hasMore(input: unknown, limit: number): boolean {
  const left = [input];
  let count = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    count += 1;
    if (count > limit) return true;
    if (typeof next !== 'object' || next === null) continue;
    if (count + left.length + (Array.isArray(next) ? next.length : 0) > limit) return true;
    for (const each of Array.isArray(next) ? (next as readonly unknown[]) : Object.values(next)) left.push(each);
  }
  return false;
}

export const readInputTask = task('readInput', readInput);
export const writeLargeAnswerTask = task('writeLargeAnswer', writeLargeAnswer);
