import { hexText } from '#shared/text/bytes.ts';
import { Buffer } from 'node:buffer';
import type { RefusalReason } from '#shared/contract/refused-requests.ts';

/** What is known of a request that the HTTP parser refused. */
export interface RefusedHead {
  /** The beginning of the request. */
  readonly first: Uint8Array;
  readonly receivedBytes: number;
  /** Error code and message of Node's parser. */
  readonly code: string;
  readonly parserSays: string;
  /** Where in the request the parser stopped, counted from 0; null when it does not say. */
  readonly faultAt: number | null;
  /** Whether another request came before it on the connection. */
  readonly isFollowing: boolean;
  readonly limits: HeadLimits;
}

/** The listener's limits. */
export interface HeadLimits {
  readonly headBytes: number;
  readonly headMs: number;
  /** Unfinished heads of all connections together. */
  readonly openHeadsBytes: number;
  readonly connections: number;
}

/** The code of a head that is refused because all open heads together are too large. */
export const headsNoRoomCode = 'HOOKYARD_HEADS_NO_ROOM';

/** Why a request is refused: a code, and a sentence that says what was seen. Of the request it quotes names of plain letters at most. */
export interface Diagnosis {
  readonly reason: RefusalReason;
  readonly seen: string;
}

/** Finds what is wrong with a request from its bytes and the parser's error. */
export function diagnose(head: RefusedHead): Diagnosis {
  return beforeHttp(head) ?? (byCode[head.code] ?? unknown)(head) ?? unknown(head);
}

type Judge = (head: RefusedHead) => Diagnosis | null;

const proxyV2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1').subarray(4);

/** What the first bytes alone show. */
function beforeHttp({ first, code }: RefusedHead): Diagnosis | null {
  const text = latin1(first);
  if (first[0] === 0x16 && first[1] === 3)
    return { reason: 'tls', seen: 'The connection begins with a TLS handshake (bytes 16 03), and this port speaks plain HTTP.' };
  if (text.startsWith('PRI * HTTP/2'))
    return { reason: 'http2', seen: 'The connection begins with the preface of HTTP/2, and this port speaks HTTP/1.1.' };
  // Its first four bytes are empty lines, which are not part of a request.
  if (code === 'HPE_INVALID_METHOD' && (text.startsWith('PROXY ') || text.startsWith(latin1(proxyV2))))
    return {
      reason: 'proxy-protocol',
      seen: 'The connection begins with a PROXY protocol header, and this port expects the request at once.',
    };
  return null;
}

const byCode: Readonly<Record<string, Judge | undefined>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ({ receivedBytes, limits }) =>
    receivedBytes === 0
      ? { reason: 'nothing-sent', seen: `The connection was open for ${limits.headMs / 1000} seconds and nothing came.` }
      : {
          reason: 'head-too-slow',
          seen: `${bytesText(receivedBytes)} came, and the headers did not end within ${limits.headMs / 1000} seconds.`,
        },
  [headsNoRoomCode]: ({ receivedBytes, limits }) => ({
    reason: 'heads-no-room',
    seen: `${bytesText(receivedBytes)} of headers came and did not end, and the open headers of all connections were over ${limits.openHeadsBytes} bytes.`,
  }),
  HPE_HEADER_OVERFLOW: ({ limits }) => ({
    reason: 'head-too-large',
    seen: `The path and the headers are over ${limits.headBytes} bytes together.`,
  }),
  HPE_INVALID_EOF_STATE: cutHead,
  ECONNRESET: cutHead,
  HPE_INVALID_METHOD: methodFault,
  HPE_INVALID_URL: targetFault,
  HPE_INVALID_CONSTANT: spaceInTarget,
  HPE_INVALID_VERSION: (head) => lineEndFault(head) ?? spaceInTarget(head),
  HPE_CR_EXPECTED: lineEndFault,
  HPE_LF_EXPECTED: lineEndFault,
  HPE_STRICT: lineEndFault,
  HPE_INVALID_TRANSFER_ENCODING: lengthFault,
  HPE_INVALID_CONTENT_LENGTH: lengthFault,
  HPE_UNEXPECTED_CONTENT_LENGTH: lengthFault,
  HPE_UNEXPECTED_SPACE: () => ({
    reason: 'folded-header',
    seen: 'The line after the request line begins with a space or tab, as if it went on with the line before.',
  }),
  HPE_INVALID_HEADER_TOKEN: headerFault,
  HPE_CLOSED_CONNECTION: ({ receivedBytes }) => ({
    reason: 'extra-bytes',
    seen: `${bytesText(receivedBytes)} came after a request that says "Connection: close" and was whole.`,
  }),
};

function unknown({ parserSays, isFollowing, first, receivedBytes }: RefusedHead): Diagnosis {
  if (isFollowing && requestLine(first) === null)
    return { reason: 'extra-bytes', seen: `${bytesText(receivedBytes)} that are no request came right after the end of another one.` };
  const why = parserSays === '' ? '' : ` (${parserSays})`;
  return { reason: 'not-http', seen: `What came is not a request in HTTP/1.1${why}.` };
}

function cutHead({ receivedBytes }: RefusedHead): Diagnosis {
  return {
    reason: 'cut-head',
    seen: `The connection ended after ${bytesText(receivedBytes)}, before the empty line that ends the headers.`,
  };
}

function methodFault({ first }: RefusedHead): Diagnosis | null {
  const line = requestLine(first);
  if (line === null) return null;
  const name = plainName(line.method);
  if (name === null) return { reason: 'method', seen: 'The method is none that HTTP knows.' };
  const upper = name.toUpperCase();
  return upper !== name
    ? { reason: 'method', seen: `The method is ${name}, and methods are told apart by case: ${upper} is another.` }
    : { reason: 'method', seen: `The method is ${name}, which is not a method of HTTP.` };
}

function targetFault({ first }: RefusedHead): Diagnosis | null {
  const start = targetStart(first);
  if (start === null) return null;
  const end = lineEnd(first, start);
  for (let at = start; at < end; at += 1) {
    const byte = first[at] ?? 0;
    if (byte > 0x7e)
      return { reason: 'path-not-ascii', seen: `The path holds the byte ${hex(byte)} at byte ${at}; HTTP/1.1 allows ASCII only.` };
    // A space ends the path, and the version comes after it.
    if (byte === 0x20) break;
    if (byte < 0x20) return { reason: 'path-control', seen: `The path holds the control character ${hex(byte)} at byte ${at}.` };
  }
  return first[start] === 0x2f ? null : { reason: 'path-form', seen: 'The path does not begin with a slash, and is no whole URL.' };
}

/** The parser takes what follows a space for the version. */
function spaceInTarget({ first }: RefusedHead): Diagnosis | null {
  const start = targetStart(first);
  if (start === null) return null;
  const line = latin1(first.subarray(start, lineEnd(first, start)));
  const target = line.replace(/ +HTTP\/\d(\.\d)?$/i, '');
  const spaceAt = target.indexOf(' ');
  if (spaceAt !== -1 && target !== line)
    return { reason: 'path-space', seen: `The path holds a space at byte ${start + spaceAt}; HTTP/1.1 allows none.` };
  return versionFault();
}

function versionFault(): Diagnosis;
function versionFault(head: RefusedHead): Diagnosis;
function versionFault(): Diagnosis {
  return { reason: 'version', seen: 'The request line does not end in HTTP/1.1 or HTTP/1.0 after the path.' };
}

function lineEndFault({ first, faultAt }: RefusedHead): Diagnosis | null {
  if (faultAt === null) return null;
  // The parser stops at the wrong byte or right behind it.
  for (const at of [faultAt - 1, faultAt]) {
    if (first[at] === 0x0a && first[at - 1] !== 0x0d)
      return { reason: 'lf-only', seen: `Line ${lineNumber(first, at)} of the head ends with LF alone, at byte ${at}.` };
    if (first[at] === 0x0d && first[at + 1] !== 0x0a && at + 1 < first.length)
      return { reason: 'cr-only', seen: `Line ${lineNumber(first, at)} of the head holds a CR without LF behind it, at byte ${at}.` };
  }
  return null;
}

function lengthFault({ parserSays }: RefusedHead): Diagnosis {
  if (parserSays.includes("can't be present"))
    return {
      reason: 'length-and-chunked',
      seen: 'The request has both Content-Length and Transfer-Encoding, which say different things of its end.',
    };
  if (parserSays.includes('Duplicate')) return { reason: 'two-lengths', seen: 'The request has Content-Length more than once.' };
  if (parserSays.includes('Content-Length'))
    return { reason: 'content-length', seen: 'The value of Content-Length is no plain number of bytes.' };
  return { reason: 'transfer-encoding', seen: 'The value of Transfer-Encoding is not "chunked" alone.' };
}

function headerFault({ first, faultAt, parserSays }: RefusedHead): Diagnosis | null {
  const line = faultAt === null || faultAt > first.length ? null : lineAround(first, faultAt);
  const name = line === null ? null : plainName(/^[^:]*/.exec(line.text)?.[0] ?? '');
  // Where nothing stands before the fold, the parser speaks of the value instead.
  if (parserSays.includes('whitespace after header value') || /^[ \t]/.test(line?.text ?? '')) {
    const before = line === null ? null : lineBefore(first, line.start);
    const folded = before === null ? null : plainName(/^[^:]*/.exec(before)?.[0] ?? '');
    return {
      reason: 'folded-header',
      seen: `The value of ${folded ?? 'a header'} goes on in the next line, which begins with a space or tab.`,
    };
  }
  if (parserSays.includes('value')) {
    const byte = faultAt === null ? undefined : first[faultAt];
    const where = byte === undefined ? 'a control character' : `the control character ${hex(byte)} at byte ${faultAt ?? 0}`;
    return { reason: 'header-value', seen: `The value of ${name ?? 'a header'} holds ${where}.` };
  }
  if (line === null) return { reason: 'header-name', seen: 'The name of a header holds a character that HTTP does not allow in names.' };
  if (!line.text.includes(':'))
    return { reason: 'header-name', seen: `Line ${lineNumber(first, line.start)} of the head is no header: it has no colon.` };
  if (line.text.startsWith(':'))
    return { reason: 'header-name', seen: `Line ${lineNumber(first, line.start)} of the head has no name before its colon.` };
  if (/^[^\s:]+[ \t]+:/.test(line.text))
    return {
      reason: 'header-name',
      seen: `There is a space between a header's name and its colon, in line ${lineNumber(first, line.start)} of the head.`,
    };
  const byte = first[faultAt ?? 0] ?? 0;
  const what = byte === 0x20 ? 'a space' : `the byte ${hex(byte)}`;
  return {
    reason: 'header-name',
    seen: `The name of a header holds ${what} at byte ${faultAt ?? 0}, in line ${lineNumber(first, line.start)} of the head.`,
  };
}

/** The slug that an unreadable request seems to ask for, or null. */
export function targetOfBroken(first: Uint8Array): string | null {
  const start = targetStart(first);
  if (start === null) return null;
  const rest = latin1(first.subarray(start, lineEnd(first, start)));
  return /^\S+/.exec(rest)?.[0] ?? null;
}

/** The parts of a first line that looks like a request line. */
function requestLine(first: Uint8Array): { readonly method: string } | null {
  const match = /^([^\s]{1,40}) +[^\s].* HTTP\/\d/.exec(latin1(first.subarray(0, lineEnd(first, 0))));
  return match?.[1] === undefined ? null : { method: match[1] };
}

function targetStart(first: Uint8Array): number | null {
  const match = /^[A-Za-z-]{1,40} +/.exec(latin1(first.subarray(0, 80)));
  return match === null ? null : match[0].length;
}

/** The end of the line with `from`, without its line break. */
function lineEnd(first: Uint8Array, from: number): number {
  const end = first.indexOf(0x0a, from);
  if (end === -1) return first.length;
  return first[end - 1] === 0x0d ? end - 1 : end;
}

function lineAround(first: Uint8Array, at: number): { readonly start: number; readonly text: string } {
  const start = first.subarray(0, at).lastIndexOf(0x0a) + 1;
  return { start, text: latin1(first.subarray(start, lineEnd(first, start))) };
}

function lineBefore(first: Uint8Array, start: number): string | null {
  return start < 2 ? null : lineAround(first, start - 1).text;
}

function lineNumber(first: Uint8Array, at: number): number {
  return first.subarray(0, at).reduce((lines, byte) => lines + Number(byte === 0x0a), 1);
}

/** A name that is safe to quote to anybody: a browser cannot interpret it. */
function plainName(text: string): string | null {
  return /^[A-Za-z0-9_-]{1,63}$/.test(text) ? text : null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function hex(byte: number): string {
  return `0x${hexText([byte]).toUpperCase()}`;
}

function bytesText(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
