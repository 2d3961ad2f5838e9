import type { HeaderField } from '../contract/common.ts';
import { readHeaderJson } from '../header-text.ts';
import { ownRepeats, repeatsWithin } from '../json-repeats.ts';
import { bodyEncodings, decodeDeclaredBody, type BodyEncoding } from '../text/declared-body.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, type BodyGap, type Confidence, type JsonRecord, type PastedProblem, type PastedRequest } from './pasted.ts';
import { toPasteSource } from './paste-source.ts';
import { readPrintedValue } from './printed/parse-value.ts';
import { rebuiltBody } from './printed/rebuilt-body.ts';
import { addressOf, readRequestLines } from './request-lines.ts';
import { binaryText, utf8Bytes } from '../text/text-codec.ts';

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that holds a request, and the one around it, which may hold what the inner one lacks. */
export interface FoundRecord {
  readonly record: JsonRecord;
  readonly extras: JsonRecord;
  readonly confidence: Confidence;
}

/** Most fields of an object that may be a request. */
const fieldLimit = 200;

const headerKeys = ['headers', 'rawheaders', 'requestheaders', 'request_headers', 'header', 'multivalueheaders'];
const base64Keys = ['bodybase64', 'body_base64', 'bodyb64', 'rawbodybase64'];
const bodyKeys = [...base64Keys, 'rawbody', 'raw_body', 'body', 'requestbody', 'request_body', 'payload', 'content', 'data', 'text'];
const methodKeys = ['method', 'httpmethod', 'http_method', 'verb'];
const urlKeys = ['url', 'uri', 'href', 'requesturl', 'target', 'rawpath', 'path'];

/** Fields that are nothing but a request, and fields in which logs and tools keep one among other things. */
const requestKeys = ['request', 'event', 'req', 'httprequest', 'http_request'];
const envelopeKeys = [
  'data',
  'detail',
  'message',
  'payload',
  'http',
  'context',
  'fields',
  'attributes',
  'extra',
  'record',
  'webhook',
  'delivery',
  'log',
];

/** How deep a request may stand in such fields. */
const envelopeDepth = 4;

/**
 * Finds the request in an object: in itself, or in a field in which logs and tools keep it, such as `request`, `req` and
 * `data`. Null when it has none.
 */
export function requestRecordOf(value: unknown): FoundRecord | null {
  return isRecord(value) ? (findRecord(value, {}, 0, { left: lookLimit }) ?? flatRecordOf(value)) : null;
}

/** Most objects that are looked into. */
const lookLimit = 100;

function findRecord(value: JsonRecord, around: JsonRecord, depth: number, looks: { left: number }): FoundRecord | null {
  looks.left -= 1;
  if (looks.left < 0 || isPayload(value)) return null;
  const extras = depth === 0 ? value : { ...around, ...value };
  for (const name of requestKeys) {
    const inner = fieldOf(value, [name]);
    if (isRecord(inner) && (holdsHeaders(inner) || holdsWhole(inner))) return { record: inner, extras, confidence: 'certain' };
  }
  if (holdsHeaders(value)) {
    const hasMore = [...bodyKeys, ...methodKeys, ...urlKeys].some((key) => fieldOf(value, [key]) !== undefined);
    // A payload may well have headers somewhere in it; a request has more than that.
    if (depth > 0 && !hasMore) return null;
    return { record: value, extras: around, confidence: hasMore ? 'certain' : 'likely' };
  }
  if (depth >= envelopeDepth) return null;
  for (const name of [...envelopeKeys, ...requestKeys]) {
    const inner = fieldOf(value, [name]);
    const found = isRecord(inner) ? findRecord(inner, extras, depth + 1, looks) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Headers and `body` side by side in one object, as smee.io keeps an event. */
function flatRecordOf(value: JsonRecord): FoundRecord | null {
  if (isPayload(value)) return null;
  const { body, query, timestamp, ...rest } = value;
  const entries = Object.entries(rest);
  if (typeof body !== 'string' && !isRecord(body)) return null;
  const isHeader = ([name, one]: readonly [string, unknown]) =>
    typeof one === 'string' && /^(?:host|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)$/i.test(name);
  const headers = entries.filter(isHeader);
  if (headers.length < 2 || headers.length * 2 < entries.length) return null;
  return { record: { headers: Object.fromEntries(headers), body }, extras: {}, confidence: 'likely' };
}

function holdsHeaders(record: JsonRecord): boolean {
  const headers = fieldOf(record, headerKeys);
  return (isRecord(headers) || Array.isArray(headers)) && readHeaders(headers).headers.length > 0;
}

/** Whether an object has more fields than any request; looking through a million of them for each name would take long. */
function isPayload(record: JsonRecord): boolean {
  return Object.keys(record).length > fieldLimit;
}

/** The first of some fields that is there, whatever the case of its name. */
function fieldOf(record: JsonRecord, names: readonly string[]): unknown {
  if (isPayload(record)) return undefined;
  const keys = Object.keys(record);
  for (const name of names) {
    const key = keys.find((candidate) => candidate.toLowerCase() === name && record[candidate] !== null);
    if (key !== undefined) return record[key];
  }
  return undefined;
}

/** Headers as an object, pairs, names and values, or names and values in turn as Node gives them. */
export function readHeaders(value: unknown) {
  const isInTurn = Array.isArray(value) && value.length > 0 && value.length % 2 === 0 && value.every((item) => typeof item === 'string');
  if (!isInTurn) return readHeaderJson(value);
  return readHeaderJson((value as readonly string[]).flatMap((name, at, all) => (at % 2 === 0 ? [[name, all[at + 1]]] : [])));
}

/** The request that an object holds. */
export function readRequestRecord(record: JsonRecord, extras: JsonRecord): PastedRequest {
  const whole = typeof record['raw'] === 'string' ? wholeRequest(record['raw']) : null;
  if (whole !== null) {
    const { method, url, headers, body, problems, notes, bodyGap } = readRequestLines(
      toPasteSource({ bytes: whole }),
      'raw_request',
      'certain',
    );
    return {
      method,
      url,
      headers,
      body,
      problems,
      notes: ['The whole request was read from its base64 (raw).', ...notes],
      ...(bodyGap === undefined ? {} : { bodyGap }),
    };
  }
  const given = fieldOf(record, headerKeys);
  const { headers, problems } = readHeaders(given);
  const method = fieldOf(record, methodKeys);
  const address = readUrl(record, headers);
  const body = readBody(record, extras, headers);
  const isCut = record['isBodyTruncated'] === true;
  return {
    ...noRequest,
    method: typeof method === 'string' ? method : null,
    url: address.url,
    body: body.bytes,
    ...withinHeaderLimit(headers, [
      ...problems.map(({ message }) => ({ message })),
      ...body.problems,
      ...(isCut ? [{ message: 'The body was cut off when it was captured, so no signature over it can match.' }] : []),
    ]),
    notes: [...keptNotes(given), ...lostNotes([...ownRepeats(record), ...ownRepeats(extras)]), ...address.notes, ...body.notes],
    ...(body.bodyGap === undefined ? {} : { bodyGap: body.bodyGap }),
  };
}

function holdsWhole({ raw }: JsonRecord): boolean {
  return typeof raw === 'string' && wholeRequest(raw) !== null;
}

/** The bytes of a whole request that stands in base64, as ngrok keeps it; null for anything else. */
function wholeRequest(text: string): Uint8Array<ArrayBuffer> | null {
  const whole = decodeDeclaredBody(text, 'base64');
  if (!whole.ok) return null;
  const beginning = binaryText(whole.bytes.subarray(0, 4000));
  return /^[A-Z]{1,20} \S+ HTTP\/\d(?:\.\d)?\r?\n/.test(beginning) ? whole.bytes : null;
}

/** A note on headers that are in the JSON more than once, all of which were kept; none if there are none. */
export function keptNotes(headers: unknown): readonly string[] {
  const names = typeof headers === 'object' && headers !== null ? ownRepeats(headers) : [];
  return names.map((name) => `The JSON has the header ${JSON.stringify(name)} more than once; every value was kept, in order.`);
}

function lostNotes(names: readonly string[]): readonly string[] {
  return names.map((name) => `The JSON has ${JSON.stringify(name)} more than once in one object; the last one was used.`);
}

function readUrl(record: JsonRecord, headers: readonly HeaderField[]): { readonly url: string | null; readonly notes: readonly string[] } {
  const value = fieldOf(record, urlKeys);
  const text = typeof value === 'string' ? value : isRecord(value) && typeof value['raw'] === 'string' ? value['raw'] : null;
  const query = record['rawQueryString'];
  const full = text !== null && typeof query === 'string' && query !== '' && !text.includes('?') ? `${text}?${query}` : text;
  return addressOf(full, headers, null);
}

interface ReadBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
  readonly bodyGap?: BodyGap | undefined;
}

const noBody: ReadBody = { bytes: null, problems: [], notes: [] };

function readBody(record: JsonRecord, extras: JsonRecord, headers: readonly HeaderField[]): ReadBody {
  const inBase64 = fieldOf(record, base64Keys) ?? fieldOf(extras, base64Keys);
  if (typeof inBase64 === 'string') return decoded(inBase64, 'base64');
  const value = fieldOf(record, bodyKeys) ?? fieldOf(extras, ['rawbody', 'raw_body', 'body', 'requestbody', 'request_body']);
  return value === undefined ? noBody : bodyOfValue(value, declaredEncoding(record, extras), headers);
}

/** The body encoding that an object declares. */
function declaredEncoding(record: JsonRecord, extras: JsonRecord): BodyEncoding {
  if (record['isBase64Encoded'] === true || extras['isBase64Encoded'] === true) return 'base64';
  const named = fieldOf(record, ['bodyencoding', 'body_encoding', 'encoding']) ?? fieldOf(extras, ['bodyencoding', 'body_encoding']);
  return bodyEncodings.find((encoding) => encoding === named) ?? 'text';
}

function bodyOfValue(value: unknown, encoding: BodyEncoding, headers: readonly HeaderField[]): ReadBody {
  if (typeof value === 'string') return decoded(value, encoding);
  if (isRecord(value) && typeof value['raw'] === 'string' && value['mode'] === 'raw') return decoded(value['raw'], encoding);
  // As our own case files hold bytes.
  if (isRecord(value) && typeof value['base64'] === 'string' && typeof value['bytes'] === 'number') return bytesOfCase(value);
  if (isRecord(value) && value['type'] === 'Buffer' && Array.isArray(value['data'])) return bytesOfList(value['data']);
  const printed = readPrintedValue(binaryText(utf8Bytes(JSON.stringify(value))), 0);
  if (printed === null) return { ...noBody, bytes: utf8Bytes(JSON.stringify(value)) };
  const body = rebuiltBody(printed.value, headers, 'JSON');
  return { ...body, notes: [...body.notes, ...lostNotes(repeatsWithin(value))] };
}

function bytesOfCase({ base64, maskedBytes }: JsonRecord): ReadBody {
  const body = decoded(String(base64), 'base64');
  if (typeof maskedBytes !== 'number' || maskedBytes <= 0) return body;
  const message = `The case file has ${maskedBytes} bytes of the body overwritten, since they were a secret.`;
  return { ...body, problems: [...body.problems, { message }], bodyGap: missingBody('has a secret that is overwritten in the case file') };
}

function bytesOfList(list: readonly unknown[]): ReadBody {
  const isByte = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
  if (list.every(isByte)) return { ...noBody, bytes: Uint8Array.from(list) };
  return {
    ...noBody,
    problems: [{ message: 'The body is a list of bytes, but not every number in it is between 0 and 255.' }],
    bodyGap: missingBody('is not given as bytes'),
  };
}

function decoded(text: string, encoding: BodyEncoding): ReadBody {
  const result = decodeDeclaredBody(text, encoding);
  if (!result.ok)
    return {
      ...noBody,
      problems: [{ message: `The body is declared as ${encoding}, but is not: ${result.message}` }],
      bodyGap: missingBody(`is declared as ${encoding}, but is not`),
    };
  const broken = encoding === 'text' && !text.isWellFormed();
  return {
    bytes: result.bytes,
    problems: [],
    notes: [
      ...result.notes,
      ...(broken ? ['The body has half of a character (a lone surrogate), which has no bytes; U+FFFD replaces it.'] : []),
    ],
  };
}
