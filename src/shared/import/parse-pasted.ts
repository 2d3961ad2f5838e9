import { isJsonText } from '../json/is-json-text.ts';
import { accessLogFormat } from './access-log.ts';
import { bodyNotes } from './body-notes.ts';
import { isCgiName, readCgiVariables } from './cgi-names.ts';
import { withBodyNotes } from './choices.ts';
import { readCurl } from './curl.ts';
import { curlOutputFormat } from './curl-output.ts';
import { cutNotes } from './cut-body.ts';
import { decodeDeclaredBody, type BodyEncoding } from '../text/declared-body.ts';
import { readFetch } from './fetch-call.ts';
import type { PasteFormat, ReadInner } from './format.ts';
import { pasteFormats } from './formats.ts';
import { doubtHeaders } from './header-doubts.ts';
import { readHttpFileOrRefuse } from './http-file.ts';
import { readHttpie } from './httpie.ts';
import { readJson } from './json-paste.ts';
import { pasteLimitBytes, unwrapLimit } from './limits.ts';
import { firstVisible, toPasteSource, type PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type Confidence, type Pasted, type PastedKind, type PasteInput } from './pasted.ts';
import { readPowershell } from './powershell.ts';
import { proseFormat } from './around/prose.ts';
import { printedFormat } from './printed/printed.ts';
import { readPython } from './python-code.ts';
import { readRequestLines } from './request-lines.ts';
import { signatureIn, type SeenSignature } from './signature-sign.ts';
import { binaryText, utf8TextOrNull } from '../text/text-codec.ts';
import { readWget } from './wget.ts';

/**
 * Recognises and reads what people have of a request: raw, as curl, as HAR or other JSON, as headers with or without a
 * body, or a body alone. `kind` has it read as that, whatever it looks like. Takes linear time, never throws, and refuses
 * what is over its limits in a sentence.
 */
export function parsePasted(input: PasteInput, kind: PastedKind | null = null): Pasted {
  const size = input.bytes?.length ?? input.text?.length ?? 0;
  if (size === 0) return { ...noRequest, kind: 'nothing', confidence: 'certain' };
  if (size > pasteLimitBytes)
    return refusedPaste(
      'nothing',
      `The paste is larger than ${pasteLimitBytes / 1_048_576} MiB, which is too large. Paste only the headers and give the body as a file.`,
    );
  const source = toPasteSource(input);
  return withDoubts(readSource(source, kind));
}

function readSource(source: PasteSource, kind: PastedKind | null): Pasted {
  if (kind === null) return recognise(source);
  // What stands around a request, such as fences, is no part of what it was declared to be.
  const recognised = kind === 'body' ? null : recognise(source);
  return recognised?.kind === kind ? recognised : readAs(source, kind);
}

/** The reading with another of its requests in place of the one that was taken. */
export function chooseRequest(pasted: Pasted, index: number): Pasted {
  const choice = pasted.choices?.[index];
  if (choice === undefined || pasted.choices === undefined) return pasted;
  const { label: _label, isSigned: _isSigned, ...request } = choice;
  const { kind, confidence, choices } = pasted;
  return withDoubts({ kind, confidence, ...withBodyNotes(request, kind), choices, chosen: index });
}

/** The reading with its body decoded from base64 or hex, as whoever pasted it declares it to be. */
export function withDeclaredBody(pasted: Pasted, encoding: BodyEncoding): Pasted {
  if (encoding === 'text' || pasted.body === null) return pasted;
  const decoded = decodeDeclaredBody(binaryText(pasted.body), encoding);
  if (!decoded.ok)
    return {
      ...pasted,
      body: null,
      problems: [...pasted.problems, { message: `The body is declared as ${encoding}, but is not: ${decoded.message}` }],
    };
  return { ...pasted, body: decoded.bytes, notes: [...decoded.notes, ...bodyNotes(decoded.bytes, pasted.headers, true)] };
}

/** A reading with what can be put right in its headers, and with what in headers and body cannot be as it was sent. */
function withDoubts(read: Pasted): Pasted {
  const doubted = doubtHeaders(read.headers);
  const cuts = read.body === null ? [] : cutNotes(read.body);
  // A body alone is taken as it is, whatever is to be said of it.
  const isBody = read.kind === 'body';
  return {
    ...read,
    headers: doubted.headers,
    problems: [...read.problems, ...doubted.problems, ...(isBody ? [] : cuts.map((message) => ({ message })))],
    notes: [...read.notes, ...doubted.notes, ...(isBody ? cuts : [])],
  };
}

/** How much may still be taken away around a request. */
interface Budget {
  left: number;
}

function recognise(source: PasteSource): Pasted {
  const read = tryFormats(source, { left: unwrapLimit });
  if (read !== null) return read;
  const seen = signatureIn(source);
  if (seen !== null) return unread(source, seen);
  const isBroken = /^[{[]/.test(source.binary.slice(firstVisible(source)).slice(0, 1)) && !isJson(source);
  return readBody(source, 'likely', isBroken ? ['The text begins like JSON but is not JSON; it was read as a body, unchanged.'] : []);
}

/** The first reading that one of the forms gives; null when the text is of none. */
function tryFormats(source: PasteSource, budget: Budget, formats = pasteFormats): Pasted | null {
  if (firstVisible(source) >= source.binary.length) return null;
  for (const format of formats) {
    // What stands behind words is tried from each of its places, so that no text behind one of them has to be searched for others.
    const inside = format === proseFormat ? formats.filter((one) => one !== proseFormat) : formats;
    const inner: ReadInner = (found) => {
      budget.left -= 1;
      const read = budget.left < 0 ? null : tryFormats(found, budget, inside);
      return read === null || (read.headers.length === 0 && read.problems.length === 0) ? null : read;
    };
    const read = format.recognises(source) ? format.read(source, inner) : null;
    if (read !== null) return withHeaderNames(read);
  }
  return null;
}

/** Headers under the names that a server gives its variables, written as headers are. */
function withHeaderNames(read: Pasted): Pasted {
  if (!read.headers.some(([name]) => isCgiName(name))) return read;
  const cgi = readCgiVariables(read.headers);
  return {
    ...read,
    method: read.method ?? cgi.method,
    url: read.url ?? cgi.url,
    headers: cgi.headers,
    notes: [...read.notes, ...cgi.notes],
  };
}

function isJson({ bytes }: PasteSource): boolean {
  return isJsonText(utf8TextOrNull(bytes)?.replace(/^\ufeff/, '') ?? '');
}

/** A request is plainly in the text, but not in a form that is read; nothing is taken from it. */
function unread(source: PasteSource, { name, line }: SeenSignature): Pasted {
  return {
    ...noRequest,
    kind: 'unread',
    confidence: 'likely',
    problems: [
      {
        line: source.lineInPaste(line),
        message: `The paste mentions ${name}, so it holds a signed request, but not in a form that can be read. Write its headers as Name: value, one per line, then an empty line and the body; or say what it is with Read as.`,
      },
    ],
    notes: source.notes,
  };
}

function readAs(source: PasteSource, kind: PastedKind): Pasted {
  switch (kind) {
    case 'raw_request':
    case 'headers':
    case 'headers_and_body':
      return withHeaderNames(readRequestLines(source, kind, 'certain'));
    case 'curl':
      return readCurl(source);
    case 'wget':
      return readWget(source);
    case 'httpie':
      return readHttpie(source);
    case 'powershell':
      return readPowershell(source);
    case 'fetch':
      return readFetch(source);
    case 'python':
      return readPython(source);
    case 'http_file':
      return readHttpFileOrRefuse(source);
    case 'curl_output':
      return readWith(curlOutputFormat, source, kind, 'No line begins with >, as the request does in the output of curl -v.');
    case 'printed':
      return readWith(printedFormat, source, kind, 'It contains no headers that a program printed.');
    case 'log':
      return readWith(accessLogFormat, source, kind, 'It is not a line of an access log with headers in it.');
    case 'har':
    case 'postman':
    case 'request_json':
    case 'headers_json': {
      const read = readJson(source, kind);
      return read === null || read === 'not_json' ? refusedPaste(kind, 'The text is not JSON.') : read;
    }
    case 'body':
      return readBody(source, 'certain');
    case 'unread':
    case 'nothing':
      return { ...noRequest, kind, confidence: 'certain' };
  }
}

function readWith(format: PasteFormat, source: PasteSource, kind: PastedKind, otherwise: string): Pasted {
  const budget = { left: unwrapLimit };
  const read = format.read(source, (found) => tryFormats(found, budget));
  return read === null ? refusedPaste(kind, otherwise) : withHeaderNames(read);
}

function readBody(source: PasteSource, confidence: Confidence, doubts: readonly string[] = []): Pasted {
  return {
    ...noRequest,
    kind: 'body',
    confidence,
    body: source.bytes,
    notes: [...source.notes, ...doubts, ...bodyNotes(source.bytes, [])],
  };
}
