import { isJsonText } from '#shared/json/is-json-text.ts';
import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { regexEscape } from '#shared/text/escapes.ts';
import { isSameHeader } from '#shared/text/headers.ts';
import type { WireRequest } from '../http/sender.types.ts';
import type { TimePlace } from '../snippets/recipe.ts';
import type { CheckEvent, Subject } from './subject.ts';

/** A header line that holds a signature, and where in it. */
export interface SignatureLine {
  readonly name: string;
  readonly value: string;
  /** Where the digits of the signature begin and end. */
  readonly start: number;
  readonly end: number;
}

/** A genuine request, and the lines of its headers that hold signatures: none where these stand in the body or the URL. */
export interface SignedRequest {
  readonly request: WireRequest;
  readonly lines: readonly SignatureLine[];
}

/** The genuine request of an event. Its signatures are what is other under another secret. */
export function signedRequest(subject: Subject, event: CheckEvent): SignedRequest {
  const request = subject.build(event);
  const { signed } = subject;
  if (signed === null) return { request, lines: [] };
  const forged = subject.build(event, { secrets: [signed.otherSecret] });
  const lines = request.headers.flatMap(([name, value], index) => {
    const other = forged.headers[index];
    if (other === undefined || other[1] === value) return [];
    return [{ name, value, ...digitsAround(value, firstDifference(value, other[1])) }];
  });
  return { request, lines };
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return Math.min(at, one.length - 1);
}

/** The run of digits, in hex or any base64, around a place in a value. */
function digitsAround(value: string, place: number): { readonly start: number; readonly end: number } {
  const isOfDigits = (at: number) => /[A-Za-z0-9+/_-]/.test(value[at] ?? ' ');
  let [start, end] = [place, place];
  while (start > 0 && isOfDigits(start - 1)) start -= 1;
  while (end < value.length && isOfDigits(end)) end += 1;
  while (value[end] === '=') end += 1;
  return { start, end };
}

/** The request with other signatures: the digits of each line, its text before them and behind, or null to leave the line out. */
export function withSignatures(
  { request, lines }: SignedRequest,
  change: (parts: { readonly before: string; readonly digits: string; readonly after: string }) => string | null,
): WireRequest {
  const changed = (name: string, value: string): string | null => {
    const line = lines.find((each) => isSameHeader(each.name, name) && each.value === value);
    if (line === undefined) return value;
    return change({ before: value.slice(0, line.start), digits: value.slice(line.start, line.end), after: value.slice(line.end) });
  };
  const headers = request.headers.flatMap(([name, value]): HeaderField[] => {
    const next = changed(name, value);
    return next === null ? [] : [[name, next]];
  });
  return { ...request, headers };
}

/** The request with one value for a header, in the place of the first of its lines; null leaves it out. */
export function withHeader(request: WireRequest, name: string, value: string | null): WireRequest {
  const at = request.headers.findIndex(([given]) => isSameHeader(given, name));
  const others = request.headers.filter(([given], index) => index === at || !isSameHeader(given, name));
  if (at === -1) return value === null ? request : { ...request, headers: [...request.headers, [name, value]] };
  const headers = others.flatMap((field): HeaderField[] => {
    if (!isSameHeader(field[0], name)) return [field];
    return value === null ? [] : [[field[0], value]];
  });
  return { ...request, headers };
}

/**
 * The request with another text for its time, left as it is signed: `change` gets the text. Null where the time is in no header by itself or
 * among labelled entries, or cannot be found there.
 */
export function withTimeText(
  request: WireRequest,
  time: TimePlace,
  place: { readonly header: string; readonly label: string },
  change: (text: string) => string | null,
): WireRequest | null {
  const line = request.headers.find(([name]) => isSameHeader(name, place.header));
  if (line === undefined) return null;
  if (time.place === 'header') return withHeader(request, line[0], change(line[1]));
  if (time.place !== 'entry') return null;
  const found = new RegExp(`(^|[^0-9A-Za-z])${regexEscape(place.label)}(\\d{9,14})`).exec(line[1]);
  const text = found?.[2];
  if (found === null || text === undefined) return null;
  const start = found.index + found[0].length - text.length;
  const next = change(text);
  // An entry goes with its label and one separator.
  const gone = () => line[1].replace(new RegExp(`${regexEscape(place.label)}\\d{9,14}[,;.\\s]*`), '');
  return withHeader(request, line[0], next === null ? gone() : line[1].slice(0, start) + next + line[1].slice(start + text.length));
}

/** A timestamp as text, moved by some seconds; null for one that cannot be read. */
export function movedTime(text: string, unit: TimePlace['unit'], bySeconds: number): string | null {
  if (unit === 'rfc3339') {
    const atMs = Date.parse(text);
    return Number.isNaN(atMs) ? null : new Date(atMs + bySeconds * 1000).toISOString();
  }
  const at = Number(text);
  return Number.isFinite(at) && text.trim() !== '' ? String(at + bySeconds * (unit === 'ms' ? 1000 : 1)) : null;
}

/** How many places of a body are tried for a byte whose change leaves JSON readable. */
const triedPlaces = 60;

/** The body with one letter or digit other than it was, near its end; JSON stays JSON where that can be had. Null for a body without any. */
export function withOneByteChanged(body: Uint8Array): Uint8Array | null {
  const places: number[] = [];
  for (let at = body.length - 1; at >= 0 && places.length < triedPlaces; at -= 1) if (isAlphanumeric(body[at] ?? 0)) places.push(at);
  const changed = places.map((at) => changedAt(body, at));
  if (!isJson(body)) return changed[0] ?? null;
  return changed.find(isJson) ?? changed[0] ?? null;
}

function changedAt(body: Uint8Array, at: number): Uint8Array {
  const next = Uint8Array.from(body);
  // 1 and x for everything but themselves, which become 2 and y.
  const [first, second] = isDigit(body[at] ?? 0) ? [0x31, 0x32] : [0x78, 0x79];
  next[at] = body[at] === first ? second : first;
  return next;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isJson(bytes: Uint8Array): boolean {
  return isJsonText(Buffer.from(bytes).toString('utf8'));
}
