import { bodyNotes } from './body-notes.ts';
import { isCurl, readCurl } from './curl.ts';
import { decodeDeclaredBody, type BodyEncoding } from './declared-body.ts';
import { readJson, withBodyNotes } from './json-paste.ts';
import { pasteLimitBytes } from './limits.ts';
import { firstVisible, toPasteSource, type PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type Confidence, type Pasted, type PastedKind, type PasteInput } from './pasted.ts';
import { isOtherLayout, readRequestLines } from './request-lines.ts';
import { binaryText, readableText } from './text-codec.ts';

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
      `The paste is larger than ${pasteLimitBytes / 1_048_576} MiB, which is not read. Paste the headers alone and give the body as a file.`,
    );
  const source = toPasteSource(input);
  return kind === null ? recognise(source) : readAs(source, kind);
}

/** The reading with another of its requests in place of the first. */
export function chooseRequest(pasted: Pasted, index: number): Pasted {
  const choice = pasted.choices?.[index];
  if (choice === undefined || pasted.choices === undefined) return pasted;
  const { label: _label, ...request } = choice;
  const { kind, confidence, choices } = pasted;
  return { kind, confidence, ...withBodyNotes(request), choices };
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
  return { ...pasted, body: decoded.bytes, notes: [...decoded.notes, ...bodyNotes(decoded.bytes, pasted.headers)] };
}

const methods = '(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)';
const fullRequestLine = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}[ \t]+\S+[ \t]+HTTP\/\d(?:\.\d)?\s*$/;
const shortRequestLine = new RegExp(`^${methods}[ \\t]+(?:https?://|/)\\S*\\s*$`);

function recognise(source: PasteSource): Pasted {
  const { binary } = source;
  const start = firstVisible(source);
  if (start >= binary.length) return readBody(source, 'likely');
  if (binary[start] === '{' || binary[start] === '[') {
    const read = readJson(source, null);
    if (read === 'not_json')
      return readBody(source, 'likely', ['The text begins like JSON but is not JSON; it was taken for a body as it stands.']);
    return read ?? readBody(source, 'likely');
  }
  if (isCurl(binary)) return readCurl(source);
  const code = foreignCode(binary.slice(start, start + 300));
  if (code !== null) return { ...readBody(source, 'possible'), problems: [{ message: code }] };
  const first = lineFrom(binary, start);
  if (fullRequestLine.test(first)) return readRequestLines(source, 'raw_request', 'certain');
  if (shortRequestLine.test(first)) return readRequestLines(source, 'raw_request', 'likely');
  const confidence = headerConfidence(source, start);
  return confidence === null ? readBody(source, 'likely') : readRequestLines(source, 'headers_and_body', confidence);
}

function readAs(source: PasteSource, kind: PastedKind): Pasted {
  switch (kind) {
    case 'raw_request':
    case 'headers':
    case 'headers_and_body':
      return readRequestLines(source, kind, 'certain');
    case 'curl':
      return readCurl(source);
    case 'har':
    case 'request_json':
    case 'headers_json': {
      const read = readJson(source, kind);
      return read === null || read === 'not_json' ? refusedPaste(kind, 'The text is not JSON.') : read;
    }
    case 'body':
      return readBody(source, 'certain');
    case 'nothing':
      return { ...noRequest, kind, confidence: 'certain' };
  }
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

/** The line from a place on, as far as a request line may reach. */
function lineFrom(binary: string, start: number): string {
  return /^[^\r\n]*/.exec(binary.slice(start, start + 20_000))?.[0] ?? '';
}

/** Commands and code that are not read, with what to copy instead. */
function foreignCode(text: string): string | null {
  if (/^(?:\$session\s*=|Invoke-(?:WebRequest|RestMethod)\b)/i.test(text))
    return 'This is a PowerShell command, which is not read; copy the request as cURL instead.';
  if (/^(?:await\s+)?fetch\(/.test(text)) return 'This is JavaScript, which is not read; copy the request as cURL instead.';
  return null;
}

const headerLine = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*:/;

/** How sure it is that a text begins with headers, judged by its lines up to the first empty one; null when it does not. */
function headerConfidence({ binary }: PasteSource, start: number): Confidence | null {
  const sample = binary.slice(start, start + 65_536);
  if (/^HTTP\/\d/.test(sample)) return 'possible';
  const head = /^[^\r\n]*(?:(?:\r\n|\n|\r)[^\r\n]+)*/.exec(sample)?.[0] ?? '';
  if (isOtherLayout(readableText(head))) return 'likely';
  const lines = head.split(/\r\n|\n|\r/).filter((line) => !/^[ \t]/.test(line));
  const named = lines.filter((line) => headerLine.test(line));
  if (named.length === 0 || !headerLine.test(lines[0] ?? '') || named.length * 2 < lines.length) return null;
  const isTypical = named.some((line) =>
    /^(?::\w+|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+|host|accept|date|cookie|authorization|signature)[ \t]*:/i.test(line),
  );
  if (!isTypical) return lines.length === named.length && /^[A-Za-z0-9-]+: /.test(head) ? 'possible' : null;
  return named.length === lines.length ? 'certain' : 'likely';
}
