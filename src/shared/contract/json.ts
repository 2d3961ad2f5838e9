import { z } from 'zod';

/** Any JSON value. */
export type Json = z.infer<ReturnType<typeof z.json>>;

/**
 * A JSON value that stays text. One of many values would take long to make, to check and to write again, and what the engine
 * does with data is mostly to pass it on.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Its value, for whoever writes it as part of other JSON. */
  toJSON(): Json {
    return JSON.parse(this.text) as Json;
  }
}

/** Any JSON value, taken as it is: a schema for each value in it would take seconds for a large one, and make a copy. */
export const json = z.custom<Json>(isJson, 'Give a JSON value.');

/** Any JSON value that is given, which a door may hand on as text. */
export const givenJson = z.custom<Json | JsonText>((value) => value instanceof JsonText || isJson(value), 'Give a JSON value.');

/** Any JSON value that is told. A {@link JsonText} writes itself as its value, so that it counts as one. */
export const toldJson = z.custom<Json>((value) => value instanceof JsonText || isJson(value), 'Give a JSON value.');

/** Text of data from which on no value is made of it to tell it. */
const toldAsTextCharacters = 65_536;

/** The value of a JSON text, to be told. */
export function toldJsonOf(text: string): Json {
  // It is JSON by the time that anybody reads it who is not in this process.
  return text.length < toldAsTextCharacters ? (JSON.parse(text) as Json) : (new JsonText(text) as unknown as Json);
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
