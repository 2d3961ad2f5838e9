import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { createNeedle, lookInBody, lookInTexts, type BodyLook, type Needle } from './needle.ts';

/** Bodies up to this size are read as text together with the rows that refer to them; larger ones are read one by one. */
export const inlineBytes = 16_384;

/** A body that a row of the log refers to. */
export interface StoredBody {
  readonly size: number;
  /** The bytes read as UTF-8, when they were read with the row. */
  readonly text: string | null;
  readonly hash: () => Uint8Array;
}

/** Looks for one text in bodies, and remembers the results for slow ones, because many rows may refer to the same body. */
export interface BodyLooks {
  readonly needle: Needle;
  /** `headersJson` is the list of headers that the body came with, or null when they are not known. */
  readonly look: (body: StoredBody, headersJson: string | null, read: (hash: Uint8Array) => Uint8Array) => BodyLook | Promise<BodyLook>;
}

const remembered = 5000;

/** Creates the looks for a text. */
function createBodyLooks(text: string): BodyLooks {
  const needle = createNeedle(text);
  const known = new Map<string, BodyLook>();
  return {
    needle,
    look: (body, headersJson, read) => {
      const isPlain = headersJson === null || !saysCoding(headersJson);
      if (isPlain && body.text !== null && isWhole(body.text)) return lookInTexts(needle, [body.text], body.text.length === body.size);
      const headers = isPlain ? [] : codingHeaders(headersJson);
      const hash = body.hash();
      const key = `${Buffer.from(hash).toString('base64')} ${JSON.stringify(headers)}`;
      return known.get(key) ?? lookInBody(needle, read(hash), headers).then((look) => keep(known, key, look));
    },
  };
}

/** Whether bytes that were read as UTF-8 really were. Zero bytes may mean UTF-16; compressed data has bytes that are not UTF-8. */
export function isWhole(text: string): boolean {
  return !text.includes('\ufffd') && !text.includes('\0');
}

/** Most lists of headers have nothing that matters here; this finds out without parsing them. */
export function saysCoding(headersJson: string): boolean {
  return /content-encoding|charset=(?!"?utf-?8)/i.test(headersJson);
}

/** The headers of a list that say how to read the body. */
export function codingHeaders(headersJson: string): readonly HeaderField[] {
  return (JSON.parse(headersJson) as HeaderField[]).filter(([name]) => /^content-(?:type|encoding)$/i.test(name));
}

/** What a thread remembers of its searches. */
export interface SearchMemory {
  /** The looks for a text; those for the texts that were searched for last are kept. */
  readonly looksFor: (text: string) => BodyLooks;
  /** What came of something that costs time and always gives the same, by a key; some thousands of them are kept. */
  readonly kept: Map<string, string>;
}

/** Notes what came of something among some thousands of others, and returns it. */
export function keep<Value>(known: Map<string, Value>, key: string, value: Value): Value {
  if (known.size >= remembered) known.clear();
  known.set(key, value);
  return value;
}

const textsRemembered = 8;

/** Makes an empty memory. */
export function createSearchMemory(): SearchMemory {
  const texts = new Map<string, BodyLooks>();
  return {
    looksFor: (text) => {
      const looks = texts.get(text) ?? createBodyLooks(text);
      // Most recently used last.
      texts.delete(text);
      texts.set(text, looks);
      const [oldest] = texts.keys();
      if (texts.size > textsRemembered && oldest !== undefined) texts.delete(oldest);
      return looks;
    },
    kept: new Map(),
  };
}
