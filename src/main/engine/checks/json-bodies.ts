import { Buffer } from 'node:buffer';
import { prettyExact } from '#shared/json/exact.ts';

type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The text of a body that is a JSON object; null for any other body. */
export function objectText(body: Uint8Array): string | null {
  const text = jsonText(body);
  return text?.trimStart().startsWith('{') === true ? text : null;
}

/** The text of a body that is a JSON object or list; null for any other body. */
export function jsonText(body: Uint8Array): string | null {
  const text = Buffer.from(body).toString('utf8');
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'object' && value !== null ? text : null;
  } catch {
    return null;
  }
}

/** Fields that say what an event is: without them it is no event of the provider. */
const identifying =
  /^(id|uuid|object|type|event|event_?type|event_?name|topic|action|name|kind|version|api_?version|specversion|source|subject|timestamp|created|created_?at|date|time|livemode|token|signature)$/i;

/** A place in JSON. */
export type JsonPath = readonly (string | number)[];

/** The places of values without fields of their own, but for those that say what the event is; in their order, at most `limit`. */
export function leavesOf(text: string, limit: number): readonly JsonPath[] {
  const found: JsonPath[] = [];
  const walk = (value: JsonValue, path: JsonPath) => {
    if (found.length >= limit) return;
    if (typeof value !== 'object' || value === null) {
      if (typeof path.at(-1) === 'string' && !identifying.test(String(path.at(-1)))) found.push(path);
      return;
    }
    for (const [name, inner] of Object.entries(value)) walk(inner, [...path, Array.isArray(value) ? Number(name) : name]);
  };
  walk(JSON.parse(text) as JsonValue, []);
  return found;
}

/** How a place is written for people, such as `data.items[0].price`. */
export function pathText(path: JsonPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
}

/** The text with another value at a place, or without the field where it is undefined. */
export function withValueAt(text: string, path: JsonPath, value: JsonValue | undefined): string {
  const change = (within: JsonValue, [step, ...rest]: JsonPath): JsonValue => {
    if (typeof within !== 'object' || within === null || step === undefined) return within;
    if (Array.isArray(within)) return within.map((item: JsonValue, index) => (index === step ? changed(item, rest) : item));
    return Object.fromEntries(
      Object.entries(within).flatMap(([name, inner]) => {
        if (name !== step) return [[name, inner]];
        const next = changed(inner as JsonValue, rest);
        return next === undefined ? [] : [[name, next]];
      }),
    ) as JsonValue;
  };
  const changed = (inner: JsonValue, rest: JsonPath) => (rest.length === 0 ? (value as JsonValue) : change(inner, rest));
  return JSON.stringify(change(JSON.parse(text) as JsonValue, path));
}

/** The text with the fields of every object in the opposite order. */
export function withFieldsReversed(text: string): string {
  const reversed = (value: JsonValue): JsonValue => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(reversed);
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, inner]) => [name, reversed(inner as JsonValue)]),
    );
  };
  return JSON.stringify(reversed(JSON.parse(text) as JsonValue));
}

/** The text with every letter of its strings as a `\u` escape, names included. */
export function withLettersEscaped(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
    string.replace(/\\.|[A-Za-z]/g, (piece) => (piece.length > 1 ? piece : `\\u${piece.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  );
}

/** The text on one line with a space behind each comma and colon. */
export function withSpaces(text: string): string {
  // No string of JSON has a line break in it, so each of them is of the layout.
  return prettyExact(text)
    .replace(/([[{])\n\s*/g, '$1')
    .replace(/\n\s*([\]}])/g, '$1')
    .replace(/,\n\s*/g, ', ');
}
