import { z } from 'zod';
import { deferrableText } from './deferred-text.ts';
import { compactJson, readExact, repeatedNames } from '../json/exact.ts';

/** Any JSON value. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/** At most this many repeated names are listed. */
const shownRepeats = 5;

/**
 * A JSON value that stays text. One of many values would take long to make, to check and to write again, and what the engine
 * does with data is mostly to pass it on. And a value would not say all of a text that has numbers such as 1.10 or
 * 9007199254740993, a name twice in one object, or names such as 10 before 2.
 */
export class JsonText {
  /** Without space between the tokens. */
  readonly text: string;
  /** The first names that one of its objects has more than once, where they were looked for. */
  readonly repeats: readonly string[];

  constructor(text: string, repeats: readonly string[] = []) {
    this.text = text;
    this.repeats = repeats;
  }

  /** Its value, for writing it as part of other JSON: numbers are written with all their digits. */
  toJSON(): Json {
    return JSON.parse(this.text, asWritten) as Json;
  }
}

/** Part of newer platforms that the types of this room do not have yet. */
interface ExactParsing {
  readonly rawJSON?: (source: string) => unknown;
}

/** Of a number that JavaScript would write otherwise, its source, where the platform can keep it. */
function asWritten(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || source === JSON.stringify(value)) return value;
  return (JSON as ExactParsing).rawJSON?.(source) ?? value;
}

/** The value of a JSON text, or the text itself where the value would not say all of it. Throws a SyntaxError. */
export function exactJson(text: string): Json | JsonText {
  return exactAs(JSON.parse(text) as Json, text);
}

/** A value that was read of a text, or the text itself where the value does not say all of it. */
export function exactAs(value: Json, text: string): Json | JsonText {
  const plain = JSON.stringify(value);
  // A copy of an object with a member of this name has it as its prototype, so that it is gone.
  if (plain.includes('"__proto__":')) return new JsonText(compactJson(text), repeatedNames(readExact(text), shownRepeats));
  if (plain === text) return value;
  const compact = compactJson(text);
  return compact === plain ? value : new JsonText(compact, repeatedNames(readExact(compact), shownRepeats));
}

/** Data for a call: as a value, or as text where the value would not say all of it. */
export type GivenData = { readonly data: Json } | { readonly dataText: string };

/** Data for a call, from the text that somebody wrote. */
export function givenOf(text: string): GivenData {
  const json = exactJson(text);
  return json instanceof JsonText ? { dataText: json.text } : { data: json };
}

/** Any JSON value, taken as it is: a schema for each value in it would take seconds for a large one, and make a copy. */
export const json = z.custom<Json>(isJson, 'Give a JSON value.');

/** Any JSON value that is given, which a door may hand on as text. */
export const givenJson = z.custom<Json | JsonText>((value) => value instanceof JsonText || isJson(value), 'Give a JSON value.');

/**
 * JSON as text in the place of a value, for callers that cannot write the value: one of JavaScript would send 9007199254740993 as
 * 9007199254740992, and 1.10 as 1.1.
 */
export const givenJsonText = z.string().optional();

/**
 * Beside a value that is told, its JSON as text, where JavaScript would not keep all that it says: numbers such as 1.10 or
 * 9007199254740993, a name twice in one object, names such as 10 before 2. Left out where nothing would be lost.
 */
export const answerJsonText = deferrableText.optional();

/** Any JSON value that is told. A {@link JsonText} writes itself as its value, so that it counts as one. */
export const answerJson = z.custom<Json>((value) => value instanceof JsonText || isJson(value), 'Give a JSON value.');

/** Text of data from which on no value is made of it to tell it. */
export const asTextFromCharacters = 65_536;

/** The value of a JSON text without space, to be told. */
export function answerJsonOf(text: string): Json {
  // It is JSON by the time that anybody reads it who is not in this process.
  return (text.length < asTextFromCharacters ? exactJson(text) : new JsonText(text)) as Json;
}

/** The text of a value as {@link answerJsonText} carries it: undefined where the value says all of it. */
export function exactTextOf(value: Json | JsonText): string | undefined {
  return value instanceof JsonText ? value.text : undefined;
}

/** The JSON text of a value that was given. */
export function jsonTextOf(value: unknown): string {
  return value instanceof JsonText ? value.text : JSON.stringify(value);
}

/** Whether a value can be written as JSON without loss: a number such as 1e400, which is read as infinite, cannot. */
export function isJson(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (next === null || typeof next === 'string' || typeof next === 'boolean') continue;
    if (typeof next === 'number' && Number.isFinite(next)) continue;
    if (typeof next !== 'object') return false;
    if (Array.isArray(next)) for (const each of next as readonly unknown[]) left.push(each);
    else if (isPlain(next)) for (const key in next) left.push((next as Readonly<Record<string, unknown>>)[key]);
    else return false;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
