import { task } from './background.ts';
import { base64 } from '#shared/contract/common.ts';
import { exactAs, exactJson, isJson, JsonText, type Json } from '#shared/contract/json.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { inputDepthLimit, tooDeepSentence } from '../base/input-depth.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { BytesAsText } from '../base/deferred-text.ts';

/** A JSON text of more bytes is large: one of this size is read, checked and written again within some 20 ms. */
export const largeJsonBytes = 131_072;

/** Values that a call may have beside its data. */
export const valueLimit = 100_000;

/** Names that one object of a call may have beside its data: each is checked by itself. */
export const nameLimit = 10_000;

/** Texts of this length and more are passed on as they are. */
const liftedCharacters = 65_536;

type Path = readonly string[];

/** Where calls carry data, as a value or as text in its place, and where bodies; what is large there is taken out of the rest. */
const dataPaths: readonly (readonly [value: Path, text: Path])[] = [
  [['data'], ['dataText']],
  [
    ['event', 'data'],
    ['event', 'dataText'],
  ],
  [['sample'], ['sampleText']],
  [
    ['samples', '*', 'data'],
    ['samples', '*', 'dataText'],
  ],
];

/** The paths with the places of a list in them for `*`, of which a hostile input could have very many. */
function dataPathsIn(input: unknown): typeof dataPaths {
  return dataPaths.flatMap(([value, text]) => {
    const [list, mark] = value;
    if (mark !== '*' || list === undefined) return [[value, text] as const];
    const places = Object.keys(listAt(ownValue(input, list))).slice(0, listedPlaces);
    const placed = (path: Path, place: string) => path.map((step) => (step === '*' ? place : step));
    return places.map((place) => [placed(value, place), placed(text, place)] as const);
  });
}

const listedPlaces = 100;

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
const bodyPaths: readonly Path[] = [
  ['bodyBase64'],
  ['event', 'bodyBase64'],
  ['request', 'bodyBase64'],
  ['textBase64'],
  ['before', 'textBase64'],
  ['after', 'textBase64'],
  ['side', 'textBase64'],
  ['other', 'textBase64'],
];

/**
 * An input that was read. Its data is taken out of the rest, with its place, where it is large or a value would not say all of it;
 * large bodies are as well.
 */
export interface ReadInput {
  readonly kind: 'read';
  readonly rest: unknown;
  readonly texts: readonly LiftedText[];
  readonly bodies: readonly { readonly path: Path; readonly bytes: Uint8Array }[];
}

interface LiftedText {
  readonly path: Path;
  readonly text: string;
  readonly repeats: readonly string[];
}

/** An input that cannot be taken: a sentence that says why. */
export interface UnreadInput {
  readonly kind: 'not JSON' | 'too many values';
  readonly message: string;
}

/** A call in a frame that cannot be taken. */
export interface UnreadFrame extends UnreadInput {
  /** Which call of its connection it is; null when the frame does not say. */
  readonly call: string | null;
}

/** Reads the JSON of a call; this is slow for a large one. An empty text counts as null. */
export function readInput(bytes: Uint8Array): ReadInput | UnreadInput {
  const text = decoded(bytes);
  if (text === null) return notJson('The body is not UTF-8 text: send JSON in UTF-8, and other bytes as base64 inside it.');
  if (isJsonDeeper(bytes, inputDepthLimit)) return notJson(tooDeepSentence);
  try {
    const input = text.trim() === '' ? null : (JSON.parse(text) as unknown);
    if (bytes.byteLength > largeJsonBytes) return lift(input, text);
    return { kind: 'read', rest: input, texts: liftData(input, text, [], Number.POSITIVE_INFINITY), bodies: [] };
  } catch (error) {
    return notJson(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Where the input of a call is in the frame that carries it over a connection. */
const framedInput: Path = ['p', 'b', 'json'];

/** Keeps the data of a small input as the text in its frame, when its parsed value would lose something. */
export function keepExact(input: unknown, frame: string): void {
  // What is nested too deep stays for the procedures to refuse.
  if (isJsonDeeper(Buffer.from(frame, 'utf8'), inputDepthLimit + framedInput.length)) return;
  for (const { path, text, repeats } of liftData(input, frame, framedInput, Number.POSITIVE_INFINITY))
    put(input, path, new JsonText(text, repeats));
}

/** Where a frame lists values that JSON cannot express. */
const framedMeta: Path = ['p', 'b', 'meta'];

/** Reads a frame with a call, as a connection of the window carries it in pieces; large values are taken out of its input. */
export function readFrame(pieces: readonly Uint8Array[]): ReadInput | UnreadFrame {
  const [only = new Uint8Array()] = pieces;
  const bytes = pieces.length > 1 ? Buffer.concat(pieces) : only;
  const text = decoded(bytes);
  if (text === null) return { ...notJson('The frame is not UTF-8 text.'), call: null };
  try {
    const frame = JSON.parse(text) as unknown;
    const id = ownValue(frame, 'i');
    const call = typeof id === 'string' ? id : null;
    if (isJsonDeeper(bytes, inputDepthLimit + framedInput.length)) return { ...notJson(tooDeepSentence), call };
    const meta = valueAt(frame, framedMeta);
    // The list refers to places in the input, which therefore has to stay whole.
    if (Array.isArray(meta) && meta.length > 0) return { kind: 'read', rest: frame, texts: [], bodies: [] };
    const read = lift(frame, text, framedInput);
    return read.kind === 'read' ? read : { ...read, call };
  } catch (error) {
    return { ...notJson(`The frame is not JSON: ${error instanceof Error ? error.message : String(error)}.`), call: null };
  }
}

/** What the procedures take: the rest with what was taken out of it at its places again, data as {@link JsonText}. */
export function inputOf({ rest, texts, bodies }: ReadInput): unknown {
  for (const { path, text, repeats } of texts) put(rest, path, new JsonText(text, repeats));
  for (const { path, bytes } of bodies) put(rest, path, bytes);
  return rest;
}

/** The value for a mark in an answer: JSON as it is, or bytes that are sent as text. */
export type AnswerPart = { readonly mark: string } & (
  | { readonly kind: 'json'; readonly text: string }
  /** What the part with this number says, which stands in the answer once more. */
  | { readonly kind: 'again'; readonly part: number }
  | { readonly kind: BytesAsText['coding']; readonly pieces: readonly Uint8Array[] }
);

/** A large answer: plain data in which each large part is replaced by a mark. Parts are in the order of their places. */
export interface LargeAnswer {
  readonly value: unknown;
  readonly parts: readonly AnswerPart[];
}

/** Writes the JSON of an answer as UTF-8. */
export function writeLargeAnswer({ value, parts }: LargeAnswer): Uint8Array {
  const whole = JSON.stringify(value);
  const written: Uint8Array[] = [];
  const made: Uint8Array[] = [];
  let from = 0;
  for (const part of parts) {
    const quoted = JSON.stringify(part.mark);
    const place = whole.indexOf(quoted, from);
    const json = part.kind === 'again' ? (made[part.part] ?? new Uint8Array()) : partJson(part);
    made.push(json);
    written.push(Buffer.from(whole.slice(from, place), 'utf8'), json);
    from = place + quoted.length;
  }
  return ownBytes(Buffer.concat([...written, Buffer.from(whole.slice(from), 'utf8')]));
}

function partJson(part: Exclude<AnswerPart, { readonly kind: 'again' }>): Uint8Array {
  switch (part.kind) {
    case 'json':
      return Buffer.from(part.text, 'utf8');
    case 'base64':
      // Base64 needs no escapes.
      return Buffer.from(`"${Buffer.concat(part.pieces).toString('base64')}"`, 'latin1');
    case 'utf8':
      return Buffer.from(JSON.stringify(Buffer.concat(part.pieces).toString('utf8')), 'utf8');
  }
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

function lift(input: unknown, text: string, at: Path = []): ReadInput | UnreadInput {
  const texts = liftData(valueAt(input, at), text, at, liftedCharacters).map((lifted) => ({ ...lifted, path: [...at, ...lifted.path] }));
  const bodies: { path: Path; bytes: Uint8Array }[] = [];
  for (const bodyPath of bodyPaths) {
    const path = [...at, ...bodyPath];
    const value = valueAt(input, path);
    // Invalid base64 is left for the contract to refuse.
    if (typeof value !== 'string' || value.length < liftedCharacters || !base64.safeParse(value).success) continue;
    bodies.push({ path, bytes: ownBytes(Buffer.from(value, 'base64')) });
    put(input, path, null);
  }
  const tooMany = tooManyIn(input);
  if (tooMany !== null)
    return {
      kind: 'too many values',
      message: `${tooMany} beside its data: send fewer of them, or several requests.`,
    };
  return { kind: 'read', rest: input, texts, bodies };
}

/**
 * Takes data out of an input that stands at a place of a JSON text: what has so many characters, and what a value does not say all
 * of. Throws a SyntaxError for a long text in the place of data that is no JSON.
 */
function liftData(input: unknown, text: string, at: Path, fromCharacters: number): readonly LiftedText[] {
  const texts: LiftedText[] = [];
  for (const [path, textPath] of dataPathsIn(input)) {
    const value = valueAt(input, path);
    const given = valueAt(input, textPath);
    // A caller that gives both gets a refusal, and a short text is parsed where it is needed.
    if (typeof given === 'string' && given.length >= fromCharacters && value === undefined) {
      texts.push({ path, ...readGivenText(given, textPath) });
      remove(input, textPath);
    } else if (!isPlainScalar(value, fromCharacters)) {
      const json = exactAs(value as Json, sourceAt(text, [...at, ...path]) ?? '');
      const lifted = json instanceof JsonText ? json : new JsonText(JSON.stringify(json));
      // What the contract refuses stays for it to refuse.
      if (lifted !== json && (lifted.text.length < fromCharacters || !isJson(json))) continue;
      texts.push({ path, text: lifted.text, repeats: lifted.repeats });
      put(input, path, null);
    }
  }
  return texts;
}

function readGivenText(text: string, path: Path): Omit<LiftedText, 'path'> {
  if (isJsonDeeper(Buffer.from(text, 'utf8'), inputDepthLimit)) throw new SyntaxError(`${path.join('.')}: ${tooDeepSentence}`);
  try {
    const json = exactJson(text);
    return json instanceof JsonText ? { text: json.text, repeats: json.repeats } : { text: JSON.stringify(json), repeats: [] };
  } catch (error) {
    throw new SyntaxError(`${path.join('.')}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A scalar that costs nothing to keep as it is, and that a value says all of. */
function isPlainScalar(value: unknown, fromCharacters: number): boolean {
  if (typeof value === 'string') return value.length < fromCharacters;
  return typeof value !== 'number' && (typeof value !== 'object' || value === null);
}

function ownValue(holder: unknown, key: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key) || (Array.isArray(holder) && key === 'length'))
    return undefined;
  return (holder as Readonly<Record<string, unknown>>)[key];
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce(ownValue, input);
}

/** Replaces the value at a place. */
function put(input: unknown, path: Path, value: unknown): void {
  const holder = valueAt(input, path.slice(0, -1)) as Record<string, unknown>;
  holder[path.at(-1) ?? ''] = value;
}

function remove(input: unknown, path: Path): void {
  const holder = valueAt(input, path.slice(0, -1)) as Record<string, unknown>;
  delete holder[path.at(-1) ?? ''];
}

/** What an input has too many of, as the beginning of a sentence; null if it has not. */
function tooManyIn(input: unknown): string | null {
  const tooManyValues = `The request has more than ${valueLimit.toLocaleString('en')} values`;
  const left = [input];
  let count = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    count += 1;
    if (typeof next !== 'object' || next === null) continue;
    const within: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (count + left.length + within.length > valueLimit) return tooManyValues;
    if (within.length > nameLimit && !Array.isArray(next))
      return `An object in the request has more than ${nameLimit.toLocaleString('en')} names`;
    for (const each of within) left.push(each);
  }
  return count > valueLimit ? tooManyValues : null;
}

export const readInputTask = task('readInput', readInput);
export const readFrameTask = task('readFrame', readFrame);
export const writeLargeAnswerTask = task('writeLargeAnswer', writeLargeAnswer);
