import { fromChoices, withBodyNotes } from './choices.ts';
import { harEntries, isHarEntry, logOf, readHarEntry } from './har.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit, headerLimit, jsonDepthLimit, jsonNodeLimit, jsonValueLimit } from './limits.ts';
import type { PasteFormat } from './format.ts';
import { afterMark, firstVisible, type PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type JsonRecord, type Pasted, type PastedKind, type PastedRequest } from './pasted.ts';
import { postmanItems, readPostman } from './postman.ts';
import { isRecord, keptNotes, readRequestRecord, requestRecordOf, type FoundRecord } from './request-record.ts';
import { readHeaderJson } from '../header-text.ts';
import { parseJsonWithRepeats } from '../json-repeats.ts';
import { utf8TextOrNull } from '../text/text-codec.ts';

/** A value that JSON text holds, or a sentence why it is not read. */
type JsonReading = { readonly value: unknown } | { readonly problem: string; readonly isTooLarge: boolean };

/**
 * Reads JSON: a HAR file or entry, a request as other tools and ours write it, or headers. Null when it is none of them, so
 * that it is a body, and `not_json` when it is no JSON at all; if `kind` asks for it, the result is a problem instead.
 */
export function readJson(source: PasteSource, kind: PastedKind | null): Pasted | 'not_json' | null {
  const reading = parseJson(source);
  if ('problem' in reading)
    return kind === null && !reading.isTooLarge ? 'not_json' : refusedPaste(kind ?? 'request_json', reading.problem);
  const { value } = reading;
  const read = kind === null ? recognise(value, source) : readAs(value, kind, source);
  if (read === null) return kind === null ? null : refusedPaste(kind, `This JSON is not of the chosen kind: ${missingIn(kind)}.`);
  return { ...read, notes: [...source.notes, ...read.notes] };
}

/** JSON of a HAR file, a collection, a request or headers. */
export const jsonFormat: PasteFormat = {
  recognises: (source) => /^[{[]/.test(source.binary.slice(firstVisible(source), firstVisible(source) + 1)),
  read: (source) => {
    const read = readJson(source, null);
    return read === 'not_json' ? null : read;
  },
};

function missingIn(kind: PastedKind): string {
  switch (kind) {
    case 'har':
      return 'a HAR file has log.entries, and an entry has a request';
    case 'postman':
      return 'a collection of Postman has items, and an item has a request with its headers';
    case 'headers_json':
      return 'headers are an object whose values are text, or a list of pairs';
    default:
      return 'a request has headers, and a body or a method beside them';
  }
}

function parseJson(source: PasteSource): JsonReading {
  const trouble = sizeTrouble(source.binary);
  if (trouble !== null) return { problem: trouble, isTooLarge: true };
  const text = utf8TextOrNull(source.bytes.subarray(afterMark(source)));
  if (text === null) return { problem: 'The text is not UTF-8, as JSON must be.', isTooLarge: false };
  try {
    return { value: parseJsonWithRepeats(text) };
  } catch (error) {
    return {
      problem: `The text is not JSON (${error instanceof Error ? error.message : 'unknown'}). Paste the whole of it.`,
      isTooLarge: false,
    };
  }
}

/** Counts objects, lists and values before they are made, since a small text can ask for more memory than there is. */
function sizeTrouble(binary: string): string | null {
  let depth = 0;
  let nodes = 0;
  let commas = 0;
  let isInString = false;
  for (let at = 0; at < binary.length; at += 1) {
    const code = binary.charCodeAt(at);
    if (isInString) {
      if (code === backslash) at += 1;
      else if (code === quote) isInString = false;
    } else if (code === quote) isInString = true;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      nodes += 1;
      if (depth > jsonDepthLimit)
        return `The JSON is nested more than ${jsonDepthLimit} levels deep, too deep to be read as a request; if it is a body, give it as the body.`;
      if (nodes > jsonNodeLimit)
        return `The JSON holds more than ${jsonNodeLimit} objects and lists, which is too many to read as a request; if it is a body, give it as the body.`;
    } else if (code === comma) {
      commas += 1;
      if (commas >= jsonValueLimit)
        return `The JSON holds more than ${jsonValueLimit} values, which is too many to read as a request; if it is a body, give it as the body.`;
    } else if (code === closeBracket || code === closeBrace) depth -= 1;
  }
  return null;
}

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

function recognise(value: unknown, source: PasteSource): Pasted | null {
  const read = (kind: PastedKind) => readAs(value, kind, source);
  return read('har') ?? read('postman') ?? read('request_json') ?? read('headers_json');
}

function readAs(value: unknown, kind: PastedKind, source: PasteSource): Pasted | null {
  switch (kind) {
    case 'har': {
      const entries = harEntries(value);
      const read = (entry: JsonRecord) => withRecords(readHarEntry(entry), [entry, logOf(value)], source);
      if (entries !== null) return fromChoices('har', 'certain', entries.slice(0, choiceLimit).map(read), entries.length);
      return isHarEntry(value) ? { kind, confidence: 'certain', ...withBodyNotes(read(value), kind) } : null;
    }
    case 'postman': {
      const items = postmanItems(value);
      if (items !== null) return fromChoices(kind, 'certain', items.requests, items.count);
      const one = readPostman(value);
      return one === null ? null : { kind, confidence: 'certain', ...withBodyNotes(one, kind) };
    }
    case 'headers_json':
      return readHeaders(value);
    default:
      return readRequests(value, source);
  }
}

/** A request, or several in a list; a list counts when every item is a request. */
function readRequests(value: unknown, source: PasteSource): Pasted | null {
  const read = ({ record, extras }: FoundRecord) => withRecords(readRequestRecord(record, extras), [record, extras], source);
  const one = requestRecordOf(value);
  if (one !== null) return { kind: 'request_json', ...withBodyNotes(read(one), 'request_json'), confidence: one.confidence };
  const list = listOf(value);
  const records = (list ?? [])
    .slice(0, choiceLimit)
    .map(requestRecordOf)
    .filter((record) => record !== null);
  if (list === null || records.length === 0 || records.length < Math.min(list.length, choiceLimit)) return null;
  return fromChoices('request_json', 'certain', records.map(read), list.length);
}

/** A request with the objects that it stands in, where they were asked for. */
export function withRecords(request: PastedRequest, records: readonly JsonRecord[], { keepsRecords }: PasteSource): PastedRequest {
  return keepsRecords ? { ...request, records } : request;
}

/** The list of requests in an export: a list itself, or the attempts of a delivery, or `items` of a page. */
function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return null;
  const inner = value['attempts'] ?? value['items'] ?? value['requests'] ?? value['data'];
  // An attempt of ours that is under way has no request yet.
  return Array.isArray(inner) ? inner.filter((item) => !isRecord(item) || item['request'] !== null) : null;
}

const wellKnown = /^(?:accept|authorization|cookie|date|digest|host|referer|signature|via)$/i;

/** Headers alone: every key must be able to be one, and one at least must look like it, so that a payload is not taken for headers. */
function readHeaders(value: unknown): Pasted | null {
  const names = headerNames(value);
  if (
    names === null ||
    names.length > headerLimit * 2 ||
    !names.some((name) => wellKnown.test(name) || /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+$/.test(name))
  )
    return null;
  const { headers, problems } = readHeaderJson(value);
  if (headers.length === 0 || problems.length > headers.length) return null;
  const isSure = problems.length === 0 && names.filter((name) => name.includes('-') || wellKnown.test(name)).length * 2 >= names.length;
  return {
    ...noRequest,
    kind: 'headers_json',
    confidence: isSure ? 'certain' : 'likely',
    ...withinHeaderLimit(
      headers,
      problems.map(({ message }) => ({ message })),
    ),
    notes: keptNotes(value),
  };
}

function headerNames(value: unknown): readonly string[] | null {
  const names = Array.isArray(value)
    ? value.map((item: unknown) =>
        Array.isArray(item) && item.length === 2 ? (item[0] as unknown) : isRecord(item) ? (item['name'] ?? item['key']) : undefined,
      )
    : isRecord(value)
      ? Object.keys(value)
      : [];
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : null;
}
