import type { HeaderField } from '../contract/common.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';
import { missingBody } from './body-gap.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { noRequest, type PastedProblem, type PastedRequest } from './pasted.ts';
import { codeEntry, isNothing, scriptText } from './printed/script-value.ts';
import { cutsIn, type PrintedEntry, type PrintedValue } from './printed/value.ts';

/** Most headers made by code that are named. */
const namedLimit = 5;

/** The request that a call of `fetch` makes with a URL and options; `unread` are options that could not be read. */
export function fetchRequest(url: PrintedValue, options: PrintedValue | 'unread' | null): PastedRequest {
  const entries = options !== null && options !== 'unread' && options.kind === 'object' ? options.entries : [];
  const isUnread = options !== null && (options === 'unread' || options.kind === 'cut' || entries.some(([name]) => name === codeEntry));
  const option = (name: string) => {
    const value = entries.find(([key]) => key === name)?.[1] ?? null;
    return value !== null && value.kind === 'literal' && value.text === 'undefined' ? null : value;
  };
  const method = option('method');
  const headers = headersOf(option('headers'));
  const body = bodyOf(option('body'));
  const problems: PastedProblem[] = [
    ...(hasCode(url) ? [madeByCode('The URL')] : []),
    ...(isUnread ? [{ message: 'The options of fetch could not be read: paste them with values instead of names of variables.' }] : []),
    ...(method !== null && hasCode(method) ? [madeByCode('The method')] : []),
    ...headers.problems,
    ...body.problems,
  ];
  const isWithoutMethod = method === null && !isUnread;
  return {
    ...noRequest,
    // Options that are not known may hold another.
    method: isUnread ? null : method === null ? (body.isSent ? 'POST' : 'GET') : hasCode(method) ? null : methodText(method),
    url: readableText(scriptText(url) ?? (url.kind === 'cut' ? url.text : '')),
    body: body.bytes,
    ...withinHeaderLimit(headers.fields, problems),
    notes: [
      ...body.notes,
      ...(isWithoutMethod && body.isSent ? ['The call has a body and no method, which fetch refuses; it was read as POST.'] : []),
    ],
    ...(isUnread || body.gap !== null ? { bodyGap: missingBody(body.gap ?? codeGap) } : {}),
    ...(isUnread || headers.isLacking ? { lacksHeaders: true } : {}),
  };
}

function hasCode(value: PrintedValue): boolean {
  return cutsIn(value).length > 0;
}

function madeByCode(what: string): PastedProblem {
  return { message: `${what} is made by code, and the paste does not contain the result; write it as it was sent.` };
}

/** As fetch writes methods: the usual ones in capitals, others as they are. */
function methodText(value: PrintedValue): string {
  const text = readableText(scriptText(value) ?? '');
  return /^(?:delete|get|head|options|post|put)$/i.test(text) ? text.toUpperCase() : text;
}

interface ReadHeaders {
  readonly fields: readonly HeaderField[];
  readonly problems: readonly PastedProblem[];
  /** Whether the request had others, or others of their values. */
  readonly isLacking: boolean;
}

function headersOf(given: PrintedValue | null): ReadHeaders {
  if (given === null || isNothing(given)) return { fields: [], problems: [], isLacking: false };
  const pairs = given.kind === 'object' ? given.entries : given.kind === 'list' ? given.items.map(pairOf) : [codePair];
  const fields: HeaderField[] = [];
  const code: string[] = [];
  for (const [name, value] of pairs) {
    const text = scriptText(value);
    if (text !== null && name !== codeEntry) fields.push([readableText(name), readableText(text)]);
    if (hasCode(value)) code.push(name === codeEntry ? 'A header' : `The value of the header ${readableText(name)}`);
  }
  const problems = [...new Set(code)].slice(0, namedLimit).map(madeByCode);
  return { fields, problems, isLacking: code.length > 0 };
}

const codePair: PrintedEntry = [codeEntry, { kind: 'cut', text: codeEntry }];

function pairOf(item: PrintedValue): PrintedEntry {
  const [name, value] = item.kind === 'list' ? item.items : [];
  return name?.kind === 'string' && name.hasCode !== true && value !== undefined ? [name.binary, value] : codePair;
}

interface ReadBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Whether the request has one. */
  readonly isSent: boolean;
  /** Why its bytes are not taken, as a clause that follows `The body`. */
  readonly gap: string | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
}

const codeGap = 'is made by code, and the text does not hold the result';

function bodyOf(value: PrintedValue | null): ReadBody {
  const sent: ReadBody = { bytes: null, isSent: true, gap: null, problems: [], notes: [] };
  if (value === null || isNothing(value)) return { ...sent, isSent: false };
  // An object is the same text, whatever code makes of its entries.
  const text = value.kind !== 'object' && hasCode(value) ? null : scriptText(value);
  if (text === null) {
    const message = 'The body is made by code, and the paste does not contain the result; add its bytes as the body.';
    return { ...sent, gap: codeGap, problems: [{ message }] };
  }
  if (value.kind === 'object' || value.kind === 'list') {
    const what = `is ${value.kind === 'list' ? 'a list' : 'an object'} without JSON.stringify`;
    const problems = [
      { message: `The body ${what}, which fetch sends as ${shown(text)}; add the bytes that were meant if they are others.` },
    ];
    // Nobody means to send the name of a class.
    return text.includes('[object Object]') ? { ...sent, gap: what, problems } : { ...sent, bytes: bytesOfBinary(text), problems };
  }
  const isJson = value.kind === 'string' && value.isJson === true;
  return { ...sent, bytes: bytesOfBinary(text), notes: isJson ? ['The body was written as JSON.stringify does.'] : [] };
}

function shown(text: string): string {
  const readable = readableText(text);
  return readable.length > 60 ? `"${readable.slice(0, 60)}…"` : `"${readable}"`;
}
