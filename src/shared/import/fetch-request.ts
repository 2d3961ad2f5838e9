import { bytesOfBinary, readableText } from '../text/text-codec.ts';
import { hasHeader, isHeaderName } from '../text/headers.ts';
import { missingBody } from './body-gap.ts';
import { fetchHeaders, type ReadHeaders } from './fetch-headers.ts';
import { madeByCode, refused } from './fetch-words.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { noRequest, type PastedProblem, type PastedRequest } from './pasted.ts';
import { sentText } from './printed/script-halves.ts';
import { isNothing, scriptText } from './printed/script-text.ts';
import { codeEntry } from './printed/script-value.ts';
import { hasCuts, type PrintedValue } from './printed/value.ts';

/** What a call of `fetch` sends. */
export interface FetchRequest {
  readonly request: PastedRequest;
  /** Whether fetch refuses the call, so that nothing was sent as it stands. */
  readonly isRefused: boolean;
}

/** The request that a call of `fetch` makes with a URL and options; `unread` are options that could not be read. */
export function fetchRequest(url: PrintedValue, options: PrintedValue | 'unread' | null): FetchRequest {
  const entries = options !== null && options !== 'unread' && options.kind === 'object' ? options.entries : [];
  const isUnread = options !== null && (options === 'unread' || hasUnknown(options));
  const option = (name: string) => {
    const value = entries.find(([key]) => key === name)?.[1] ?? null;
    return value !== null && value.kind === 'literal' && value.text === 'undefined' ? null : value;
  };
  const given = option('method');
  const headers = fetchHeaders(option('headers'));
  const body = bodyOf(option('body'));
  const problems: PastedProblem[] = [
    ...(hasCuts(url) ? [madeByCode('The URL')] : []),
    ...(isUnread ? [{ message: 'The options of fetch could not be read: paste them with values instead of names of variables.' }] : []),
    ...(given !== null && hasCuts(given) ? [madeByCode('The method')] : []),
    ...headers.problems,
    ...body.problems,
  ];
  const address = urlText(url);
  const method = given === null || hasCuts(given) ? null : methodText(given);
  const refusals = [
    ...(options !== null && options !== 'unread' && isNoObject(options) ? [refused('What stands for the options is no object')] : []),
    ...urlRefusals(address),
    ...(method === null ? [] : methodRefusals(method, body.isSent)),
    ...headers.notes,
    ...(given === null && !isUnread && body.isSent ? ['The call has a body and no method, which fetch refuses; it was read as POST.'] : []),
  ];
  const isKnown = !isUnread && (options === null || !isNoObject(options));
  const request: PastedRequest = {
    ...noRequest,
    // Options that are not known may hold another.
    method: !isKnown ? null : given === null ? (body.isSent ? 'POST' : 'GET') : method,
    url: address,
    body: body.bytes,
    ...withinHeaderLimit(headers.fields, problems),
    notes: [...body.notes, ...refusals, ...typeNotes(body, headers, isUnread)],
    ...(isUnread || body.gap !== null ? { bodyGap: missingBody(body.gap ?? codeGap) } : {}),
    ...(isUnread || headers.isLacking ? { lacksHeaders: true } : {}),
  };
  return { request, isRefused: refusals.length > 0 };
}

/** Whether options are made by code, all or some of them. */
function hasUnknown(options: PrintedValue): boolean {
  return options.kind === 'object' ? options.entries.some(([name]) => name === codeEntry) : options.kind !== 'list' && hasCuts(options);
}

function isNoObject(options: PrintedValue): boolean {
  return options.kind !== 'object' && options.kind !== 'list' && options.kind !== 'cut' && !isNothing(options);
}

/** A URL without the space that fetch takes away around and in it; code that makes one stays as it is. */
function urlText(url: PrintedValue): string {
  const text = readableText(sentText(scriptText(url) ?? (url.kind === 'cut' ? url.text : '')));
  return hasCuts(url) ? text : text.replace(/^[\0- ]+|[\0- ]+$|[\t\n\r]+/g, '');
}

function urlRefusals(url: string): readonly string[] {
  const [, scheme = 'http'] = /^([A-Za-z][A-Za-z\d+.-]*):/.exec(url) ?? [];
  // Those of data and blob URLs are read without a request.
  if (!/^(?:https?|data|blob|about)$/i.test(scheme)) return [refused(`The URL begins with ${scheme}:`)];
  return /^https?:\/{0,9}[^/?#\\]{0,2000}@/i.test(url) ? [refused('The URL has a user name or password in it')] : [];
}

function methodRefusals(method: string, hasBody: boolean): readonly string[] {
  const shownMethod = method.slice(0, 60);
  if (!isHeaderName(method) || /^(?:connect|trace|track)$/i.test(method)) return [refused(`The method is ${shownMethod}`)];
  return hasBody && /^(?:GET|HEAD)$/.test(method) ? [refused(`The call has a body and the method ${shownMethod}`)] : [];
}

/** What fetch adds to a body that is a text. */
function typeNotes(body: ReadBody, headers: ReadHeaders, isUnread: boolean): readonly string[] {
  if (!body.isText || isUnread || headers.isLacking || hasHeader(headers.fields, 'content-type')) return [];
  return ['The call names no Content-Type, so fetch would add text/plain;charset=UTF-8.'];
}

/** As fetch writes methods: the usual ones in capitals, others as they are. */
function methodText(value: PrintedValue): string {
  const text = readableText(sentText(scriptText(value) ?? ''));
  return /^(?:delete|get|head|options|post|put)$/i.test(text) ? text.toUpperCase() : text;
}

interface ReadBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Whether the request has one. */
  readonly isSent: boolean;
  /** Whether it is a text, as fetch takes all but a few kinds of objects. */
  readonly isText: boolean;
  /** Why its bytes are not taken, as a clause that follows `The body`. */
  readonly gap: string | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
}

const codeGap = 'is made by code, and the text does not hold the result';

function bodyOf(value: PrintedValue | null): ReadBody {
  const sent: ReadBody = { bytes: null, isSent: true, isText: false, gap: null, problems: [], notes: [] };
  if (value === null || isNothing(value)) return { ...sent, isSent: false };
  // An object is the same text, whatever code makes of its entries.
  const text = value.kind !== 'object' && hasCuts(value) ? null : scriptText(value);
  if (text === null) {
    const isText = value.kind === 'string' || value.kind === 'list';
    const message = 'The body is made by code, and the paste does not contain the result; add its bytes as the body.';
    return { ...sent, isText, gap: codeGap, problems: [{ message }] };
  }
  if (value.kind === 'object' || value.kind === 'list') {
    const what = `is ${value.kind === 'list' ? 'a list' : 'an object'} without JSON.stringify`;
    const problems = [
      { message: `The body ${what}, which fetch sends as ${shown(text)}; add the bytes that were meant if they are others.` },
    ];
    // Nobody means to send the name of a class.
    const isName = /\[object (?:Object|Headers)\]/.test(text);
    return isName ? { ...sent, gap: what, problems } : { ...sent, isText: true, bytes: bytesOfBinary(sentText(text)), problems };
  }
  const isJson = value.kind === 'string' && value.isJson === true;
  return {
    ...sent,
    isText: true,
    bytes: bytesOfBinary(sentText(text)),
    notes: isJson ? ['The body was written as JSON.stringify does.'] : [],
  };
}

function shown(text: string): string {
  const readable = readableText(text);
  return readable.length > 60 ? `"${readable.slice(0, 60)}…"` : `"${readable}"`;
}
