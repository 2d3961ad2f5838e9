import { readHeaderJson } from '../header-text.ts';
import { decodeDeclaredBody } from '../text/declared-body.ts';
import { missingBody } from './body-gap.ts';
import { noRequest, type BodyGap, type JsonRecord, type PastedProblem, type PastedRequest } from './pasted.ts';
import { formEncoded } from './printed/rebuilt-body.ts';
import { isRecord } from './request-record.ts';
import { binaryText, bytesOfBinary, utf8Bytes, utf8TextOrNull } from '../text/text-codec.ts';

/** The entries of a HAR file, or null when the value is none. */
export function harEntries(value: unknown): readonly JsonRecord[] | null {
  const { entries } = logOf(value);
  return Array.isArray(entries) ? entries.filter(isRecord) : null;
}

/** What a HAR file says beside its entries; nothing for anything else. */
export function logOf(value: unknown): JsonRecord {
  const log = isRecord(value) ? value['log'] : undefined;
  return isRecord(log) ? log : {};
}

/** Whether a value is one entry: its request has headers as a list of names and values, beside what only HAR has. */
export function isHarEntry(value: unknown): value is JsonRecord {
  const request = isRecord(value) ? value['request'] : undefined;
  if (!isRecord(value) || !isRecord(request) || !Array.isArray(request['headers'])) return false;
  return 'startedDateTime' in value || 'postData' in request || 'headersSize' in request || 'queryString' in request;
}

/** The request of one entry. Pseudo-headers of HTTP/2 are left out, since method and URL tell the same. */
export function readHarEntry(entry: JsonRecord): PastedRequest {
  const request = isRecord(entry['request']) ? entry['request'] : {};
  const list = (Array.isArray(request['headers']) ? request['headers'] : []) as readonly unknown[];
  const isPseudo = (item: unknown) => isRecord(item) && typeof item['name'] === 'string' && item['name'].startsWith(':');
  const own = list.filter((item) => !isPseudo(item));
  const { headers, problems } = readHeaderJson(own);
  const text = (name: string) => (typeof request[name] === 'string' ? request[name] : null);
  const body = readPostData(request);
  return {
    ...noRequest,
    method: text('method'),
    url: text('url'),
    headers,
    body: body.bytes,
    problems: [...problems.map(({ message }) => ({ message })), ...body.problems],
    notes: [...(own.length < list.length ? ['Pseudo-headers of HTTP/2 were left out; method and URL say the same.'] : []), ...body.notes],
    ...(body.bodyGap === undefined ? {} : { bodyGap: body.bodyGap }),
  };
}

interface PostData {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly problems: readonly PastedProblem[];
  readonly notes: readonly string[];
  readonly bodyGap?: BodyGap | undefined;
}

function readPostData(request: JsonRecord): PostData {
  const data = request['postData'];
  const size = request['bodySize'];
  const announced = typeof size === 'number' && size > 0 ? size : null;
  if (!isRecord(data)) {
    const problems = announced === null ? [] : [{ message: `The entry says that the body had ${announced} bytes, but does not hold it.` }];
    return { bytes: null, problems, notes: [], bodyGap: announced === null ? undefined : missingBody('is not in the entry', announced) };
  }
  const text = data['text'];
  if (typeof text !== 'string' || (text === '' && Array.isArray(data['params']) && data['params'].length > 0))
    return fromParams(data, announced);
  if (data['encoding'] === 'base64') {
    const decoded = decodeDeclaredBody(text, 'base64');
    if (!decoded.ok)
      return {
        bytes: null,
        problems: [{ message: `The body of the entry is declared as base64, but is not: ${decoded.message}` }],
        notes: [],
        bodyGap: missingBody('is declared as base64 in the entry, but is not', announced),
      };
    return {
      bytes: decoded.bytes,
      problems: [],
      notes: [...decoded.notes, ...sizeNotes(decoded.bytes, announced)],
      bodyGap: sizeGap(decoded.bytes, announced),
    };
  }
  return fromText(text, announced, textOf(data['mimeType']));
}

/** The body of a form of which the entry holds only the fields. */
function fromParams({ params, mimeType }: JsonRecord, announced: number | null): PostData {
  const fields = (Array.isArray(params) ? params : []).filter(isRecord);
  const isForm = typeof mimeType !== 'string' || /^(?:$|application\/x-www-form-urlencoded)/i.test(mimeType);
  if (!isForm || fields.some((field) => 'fileName' in field))
    return {
      bytes: null,
      problems: [{ message: 'The entry holds the fields of the form but not its text, so the exact bytes of the body are not known.' }],
      notes: [],
      bodyGap: missingBody('is in the entry only as the fields of a form', announced),
    };
  const pairs = fields.map((field) => [textOf(field['name']), textOf(field['value'])] as const);
  // Some browsers take the fields out of the form as they stand there, others decode them first.
  const encoded = pairs.map((pair) => pair.map((part) => formEncoded(binaryText(utf8Bytes(part)))).join('=')).join('&');
  const asGiven = pairs.map((pair) => pair.join('=')).join('&');
  const isEncoded =
    announced === null ? /%[0-9a-f]{2}/i.test(asGiven) && !/%(?![0-9a-f]{2})|[^!-~]/i.test(asGiven) : asGiven.length === announced;
  const bytes = utf8Bytes(isEncoded ? asGiven : encoded);
  return {
    bytes,
    problems: [],
    notes: [
      `The entry holds the fields of the form but not its text, so the bytes of the body were put together from them${isEncoded ? ', as they are there' : ' and encoded'}; they may differ from those that were sent.`,
      ...sizeNotes(bytes, announced),
    ],
    bodyGap: sizeGap(bytes, announced) ?? { kind: 'rebuilt', why: 'was put together from the fields of the form' },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Text of a body; some tools write one character for each byte, which shows in the size. */
function fromText(text: string, announced: number | null, type: string): PostData {
  const bytes = utf8Bytes(text);
  const single = announced === text.length && bytes.length !== announced && !/[^\0-\xff]/.test(text) ? bytesOfBinary(text) : null;
  // Some tools count characters and not bytes: text of a form or JSON is UTF-8.
  if (single !== null && (utf8TextOrNull(single) !== null || !/json|urlencoded|text\//i.test(type)))
    return {
      bytes: single,
      problems: [],
      notes: ['The size of the body in the entry shows that each of its characters stands for one byte, so it was read that way.'],
    };
  const broken = text.isWellFormed()
    ? []
    : ['The body has half of a character (a lone surrogate), which has no bytes; U+FFFD replaces it.'];
  return { bytes, problems: [], notes: [...broken, ...sizeNotes(bytes, announced)], bodyGap: sizeGap(bytes, announced) };
}

function sizeGap(bytes: Uint8Array, announced: number | null): BodyGap | undefined {
  if (announced === null || announced === bytes.length) return undefined;
  return missingBody(`has ${bytes.length} bytes in the entry, while its bodySize says ${announced}`);
}

function sizeNotes(bytes: Uint8Array, announced: number | null): readonly string[] {
  return announced === null || announced === bytes.length
    ? []
    : [`The entry says that the body had ${announced} bytes, but it holds ${bytes.length}.`];
}
