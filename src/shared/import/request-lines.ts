import { headerValue } from '../text/headers.ts';
import type { HeaderField } from '../contract/common.ts';
import { parseHeaderText } from '../header-text.ts';
import { bodyNotes } from './body-notes.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { cleanHead } from './invisible.ts';
import { headLimitBytes } from './limits.ts';
import { afterMark, bytesFrom, firstVisible, headText, lineAt, type PasteSource } from './paste-source.ts';
import { binaryText } from '../text/text-codec.ts';
import { noRequest, refusedPaste, type Confidence, type Pasted, type PastedKind } from './pasted.ts';

/** Where the parts of a request lie in a paste, as byte offsets. */
interface Cut {
  readonly headStart: number;
  readonly headEnd: number;
  /** Null when no empty line ends the head. */
  readonly bodyStart: number | null;
  /** Whether the line that ends the head holds spaces. */
  readonly isLooseEnd: boolean;
}

/** Reads lines of headers, with a request line before them or not, and the body behind the first empty line. */
export function readRequestLines(
  source: PasteSource,
  kind: Extract<PastedKind, 'raw_request' | 'headers' | 'headers_and_body'>,
  confidence: Confidence,
): Pasted {
  const cut = cutAtEmptyLine(source);
  if (cut.headEnd - cut.headStart > headLimitBytes)
    return refusedPaste(kind, `The headers are larger than ${headLimitBytes} bytes; put an empty line between them and the body.`);
  const given = headText(source, cut.headStart, cut.headEnd);
  const { text, notes: cleaned } = cleanHead(given, !source.isText, (offset) => placeIn(source, cut.headStart, given, offset));
  const { lines, notes: straightened } = straightenLines(text);
  const rewritten = [...cleaned, ...straightened];
  const read = parseHeaderText(lines);
  const { headers, problems } = withinHeaderLimit(
    read.headers,
    read.problems.map(({ line, message }) => ({
      line: source.lineInPaste((line ?? 1) + lineAt(source.binary, cut.headStart) - 1),
      message,
    })),
  );
  const address = addressOf(read.target, headers, /^:authority:[ \t]*(\S+)/m.exec(lines)?.[1] ?? null);
  const { body, notes: left } = withoutAnswer(bodyOf(source, cut, kind), headers);
  return {
    ...noRequest,
    kind: kind === 'raw_request' || body === null ? (kind === 'headers_and_body' ? 'headers' : kind) : 'headers_and_body',
    confidence,
    method: read.method,
    url: address.url,
    headers,
    body,
    problems,
    notes: [
      ...headNotes(source, cut, headers),
      ...rewritten,
      ...address.notes,
      ...left,
      ...(body === null ? [] : bodyNotes(body, headers)),
    ],
  };
}

/** Finds the head and what stands behind its first empty line; empty lines before the head do not count. */
function cutAtEmptyLine(source: PasteSource): Cut {
  const { binary } = source;
  const headStart = firstVisible(source);
  const breaks = /\r\n|\n|\r/g;
  let lineStart = headStart;
  breaks.lastIndex = headStart;
  for (let end = breaks.exec(binary); end !== null; end = breaks.exec(binary)) {
    const isEmpty = end.index - lineStart < 1000 && binary.slice(lineStart, end.index).trim() === '';
    if (isEmpty && lineStart > headStart)
      return { headStart, headEnd: lineStart, bodyStart: breaks.lastIndex, isLooseEnd: end.index > lineStart };
    lineStart = breaks.lastIndex;
    if (lineStart - headStart > headLimitBytes) break;
  }
  return { headStart, headEnd: binary.length, bodyStart: null, isLooseEnd: false };
}

/** A request line with an empty line behind its headers has a body, if one of 0 bytes; headers alone have none. */
function bodyOf(source: PasteSource, { bodyStart }: Cut, kind: PastedKind): Uint8Array<ArrayBuffer> | null {
  if (bodyStart === null) return null;
  return bodyStart < source.bytes.length || kind === 'raw_request' ? bytesFrom(source, bodyStart) : null;
}

/** A body without the answer that was copied along with its request. */
function withoutAnswer(body: Uint8Array<ArrayBuffer> | null, headers: readonly HeaderField[]) {
  const announced = Number(headerValue(headers, 'Content-Length') ?? Number.NaN);
  const found = body === null || body.length <= announced ? null : answerHead.exec(binaryText(body));
  if (body === null || found === null) return { body, notes: [] };
  const start = found.index + (found[0].length - found[0].trimStart().length);
  const notes = [`The answer behind the request (${found[0].trim()}) was left out.`];
  return { body: body.slice(0, announced <= start ? announced : found.index), notes };
}

/** The first line of an answer, with the empty lines before it and a header behind it. */
const answerHead = /(?:^|\r?\n)(?:\r?\n)?HTTP\/\d(?:\.\d)? \d{3}\b[^\r\n]{0,100}(?=\r?\n[A-Za-z][\w-]{0,60}:)/;

function headNotes(source: PasteSource, cut: Cut, headers: readonly HeaderField[]): readonly string[] {
  const mark = afterMark(source);
  const foreign = headers.find(([, value]) => /[^\0-\x7f]/.test(value));
  return [
    ...source.notes,
    ...(mark > 0 ? ['A byte order mark before the headers was left out.'] : []),
    ...(cut.headStart > mark ? ['Empty space before the first line was left out.'] : []),
    ...(cut.isLooseEnd ? ['The line that ends the headers has spaces; it was read as the empty line.'] : []),
    ...(foreign === undefined
      ? []
      : [`The value of ${foreign[0]} holds characters outside ASCII, whose bytes on the wire cannot be known from a paste.`]),
  ];
}

/** Headers that a browser or a web page lays out in another way, as `Name: value` lines. */
function straightenLines(text: string): { readonly lines: string; readonly notes: readonly string[] } {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1)?.trim() === '') lines.pop();
  const isName = (line: string | undefined) => /^:?[\w-]+:\s*$/.test(line ?? '');
  if (lines.length >= 4 && lines.length % 2 === 0 && lines.every((line, at) => at % 2 === 1 || isName(line)) && !lines.every(isName))
    return {
      lines: lines.flatMap((line, at) => (at % 2 === 0 ? [`${line.trimEnd()} ${lines[at + 1] ?? ''}`] : [])).join('\n'),
      notes: ['Names and values are on separate lines, as browsers copy headers; they were joined.'],
    };
  if (lines.length >= 4 && lines.length % 2 === 0 && lines.every((line, at) => (at % 2 === 0 ? /^[\w-]+[ \t]*$/ : /^[ \t]+\S/).test(line)))
    return {
      lines: lines.flatMap((line, at) => (at % 2 === 0 ? [`${line.trim()}: ${(lines[at + 1] ?? '').trim()}`] : [])).join('\n'),
      notes: ['Names and values are on separate lines, as Firefox copies headers; they were joined.'],
    };
  if (
    lines.length >= 2 &&
    lines.every((line) => /^[A-Z][A-Z0-9_]{1,100}=/.test(line)) &&
    lines.some((line) => /^(?:REDIRECT_)?HTTP_/.test(line))
  )
    return { lines: lines.map((line) => line.replace('=', ': ')).join('\n'), notes: ['Read as variables of the server, one per line.'] };
  if (lines.length >= 2 && lines.every((line) => /^[\w-]+\t/.test(line)))
    return {
      lines: lines.map((line) => line.replace('\t', ': ')).join('\n'),
      notes: ['Names and values are separated by tabs, as in a table; the tabs were read as colons.'],
    };
  return foldWrapped(lines);
}

const nameLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):/;
const runLine = /^[\w+/=,.;%-]+={0,2}[ \t]*$/;

/** Headers whose value was wrapped to the next line without a blank before it, as programs for mail do; a blank makes it one value. */
function foldWrapped(lines: readonly string[]): { readonly lines: string; readonly notes: readonly string[] } {
  const names: string[] = [];
  const folded = lines.map((line, at) => {
    const name = nameLine.exec(lines[at - 1] ?? '')?.[1];
    const isEmpty = name !== undefined && (lines[at - 1] ?? '').trim() === `${name}:`;
    const isValue = isEmpty
      ? name.includes('-') && line !== '' && !nameLine.test(line)
      : runLine.test(line) && /signature|hmac|authorization/i.test(name ?? '');
    if (name === undefined || !isValue || /^[ \t]/.test(line)) return line;
    names.push(name);
    return ` ${line}`;
  });
  const shown = names.slice(0, 5).join(', ');
  return {
    lines: folded.join('\n'),
    notes: names.length === 0 ? [] : [`The value of ${shown} continues on the next line, as in wrapped mail; the lines were joined.`],
  };
}

/** The place in the paste of an offset in the head, for people. */
function placeIn(source: PasteSource, headStart: number, head: string, offset: number): string {
  const before = head.slice(0, offset);
  const line = before.split(/\r\n|\n|\r/).length;
  const column = offset - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
  return `line ${source.lineInPaste(line + lineAt(source.binary, headStart) - 1)}, column ${column}`;
}

/** Whether lines are headers in one of the layouts that {@link readRequestLines} puts straight. */
export function isOtherLayout(text: string): boolean {
  return straightenLines(text).notes.length > 0;
}

/** The URL that a request line comes to, with what had to be assumed. */
export function addressOf(
  target: string | null,
  headers: readonly HeaderField[],
  authority: string | null,
): { readonly url: string | null; readonly notes: readonly string[] } {
  if (target === null || /^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return { url: target, notes: [] };
  const host = headerValue(headers, 'Host') ?? authority;
  if (host === null || !target.startsWith('/'))
    return { url: target, notes: target.startsWith('/') ? ['There is no Host header, so only the path of the URL is known.'] : [] };
  const forwarded = /^\s*(https?)\s*(?:,|$)/i.exec(headerValue(headers, 'X-Forwarded-Proto') ?? '')?.[1]?.toLowerCase();
  if (forwarded !== undefined)
    return { url: `${forwarded}://${host}${target}`, notes: [`${forwarded}:// was taken from X-Forwarded-Proto.`] };
  const isLocal = /^(localhost|127\.|\[::1\]|[^/]+\.localhost(?::|$))/i.test(host);
  const scheme = isLocal ? 'http' : 'https';
  return {
    url: `${scheme}://${host}${target}`,
    notes: [`The request does not say whether the URL begins with http or https; ${scheme}:// was assumed.`],
  };
}
