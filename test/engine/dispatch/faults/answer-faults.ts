import {
  closeIdle,
  endlessBody,
  garbage,
  halfBody,
  raw,
  rawOnConnect,
  rawWithoutEnd,
  respond,
  respondEarly,
  slowDrip,
  type Step,
} from '../../../support/scripted-receiver.ts';
import type { Fault } from './fault.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;

/** Answers whose headers cannot be read as HTTP/1.1. */
function broken(name: string, bytes: string, detail: string): Fault {
  return {
    name,
    script: [raw(bytes, 'keep')],
    code: 'protocol',
    reason: 'HTTPParserError',
    sentence: `{target} answered with something that is not HTTP/1.1 (${detail}): check what the receiver writes, and that this port belongs to an HTTP server.`,
    reached: 'answering',
  };
}

/** Answers whose headers contradict each other about the body. */
function contradicting(name: string, headers: string): Fault {
  return {
    name,
    script: [raw(`${ok}${headers}\r\nhello`, 'keep')],
    code: 'protocol',
    reason: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    sentence:
      '{target} answered with headers that do not agree on how long its body is: let the receiver send one content-length, or transfer-encoding: chunked alone.',
    reached: 'answering',
  };
}

/** Answers 200 whose chunks cannot be read. */
function brokenChunks(name: string, chunks: string, bodyBytes: number, detail: string): Fault {
  return {
    name,
    script: [raw(chunked + chunks, 'keep')],
    code: 'protocol',
    status: 200,
    reason: 'HTTPParserError',
    sentence: `{target} answered 200, but what followed is not HTTP/1.1 (${detail}): look at how the receiver, or a proxy between, marks where its body ends.`,
    reached: 'answering',
    bodyBytes,
  };
}

/** Answers that end before their body does. */
function tooShort(name: string, step: Step, reason: string): Fault {
  return {
    name,
    script: [step],
    code: 'incomplete',
    status: 200,
    reason,
    sentence:
      '{target} answered 200 but closed the connection before the body was complete: check its content-length, and look for a crash in its log.',
    reached: 'answering',
    bodyBytes: 5,
  };
}

/** Answers that are odd and count all the same. */
function taken(name: string, step: Step, answered: string, bodyBytes: number, isKept: boolean): Fault {
  return {
    name,
    script: [step],
    code: 'ok',
    status: Number(answered.slice(0, 3)),
    sentence: `{target} answered ${answered}.`,
    reached: 'answered',
    bodyBytes,
    isKept,
  };
}

const overflow: Pick<Fault, 'code' | 'reason' | 'sentence' | 'reached'> = {
  code: 'protocol',
  reason: 'UND_ERR_HEADERS_OVERFLOW',
  sentence: '{target} answered with more than 64 KiB of headers: let the receiver send fewer.',
  reached: 'answering',
};

const unasked: Pick<Fault, 'code' | 'reason' | 'sentence' | 'reached'> = {
  code: 'protocol',
  reason: 'UND_ERR_SOCKET',
  sentence:
    '{target} answered with 100 Continue or a change of protocol that was not asked for: let the receiver answer with a final status.',
  reached: 'answering',
};

/** What goes wrong with the answer, and what looks as if it would. */
export const answerFaults: readonly Fault[] = [
  {
    name: 'a server of another kind',
    script: [garbage()],
    code: 'protocol',
    reason: 'HTTPParserError',
    sentence:
      /^\{target\} answered with something that is not HTTP\/1\.1 \(.+\): check what the receiver writes, and that this port belongs to an HTTP server\.$/,
    reached: 'answering',
  },
  broken('an answer of HTTP/0.9, which is a page and nothing else', '<html>hello</html>\n', 'Expected HTTP/, RTSP/ or ICE/'),
  broken('the first frame of HTTP/2', '\x00\x00\x12\x04\x00\x00\x00\x00\x00', 'Expected HTTP/, RTSP/ or ICE/'),
  broken('a status of two digits', 'HTTP/1.1 20 Short\r\n\r\n', 'Invalid status code'),
  broken('a status of four digits', 'HTTP/1.1 2000 Long\r\n\r\n', 'Invalid response status'),
  broken('no status', 'HTTP/1.1\r\n\r\n', 'Expected space after version'),
  broken('lines that end without a carriage return', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n', 'Missing expected CR after response line'),
  broken('a header line without a colon', `${ok}no colon here\r\n\r\n`, 'Invalid header token'),
  broken('a header name with a space', `${ok}x : y\r\n\r\n`, 'Invalid header token'),
  broken('a NUL in a header', `${ok}x: a\0b\r\n\r\n`, 'Invalid header value char'),
  broken('a header that goes on in the next line', `${ok}x: a\r\n b\r\n\r\n`, 'Unexpected whitespace after header value'),
  broken('a length below zero', `${ok}content-length: -5\r\n\r\n`, 'Invalid character in Content-Length'),
  contradicting('a length that is there twice', 'content-length: 5\r\ncontent-length: 6\r\n'),
  contradicting('a length beside chunks', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'),
  contradicting('a length beyond all numbers', 'content-length: 99999999999999999999999\r\n'),
  ...[0, 99].map((status): Fault => ({
    name: `the status ${String(status).padStart(3, '0')}`,
    script: [raw(`HTTP/1.1 ${String(status).padStart(3, '0')} Odd\r\ncontent-length: 0\r\n\r\n`, 'keep')],
    code: 'protocol',
    reason: 'STATUS',
    sentence: `{target} answered with the status ${String(status).padStart(3, '0')}, which HTTP does not have: let the receiver answer with one from 200 to 599.`,
    reached: 'answering',
  })),
  {
    name: 'a TLS alert in answer to plain HTTP',
    script: [rawOnConnect(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]))],
    code: 'protocol',
    reason: 'HTTPParserError',
    sentence: '{target} answered plain HTTP with TLS: use https:// in the URL.',
    reached: 'answering',
  },
  { name: 'a header beyond the limit', script: [raw(`${ok}x: ${'y'.repeat(70_000)}\r\n\r\n`, 'keep')], ...overflow },
  { name: 'a header without end', script: [rawWithoutEnd(`${ok}x: `, 'y')], ...overflow },
  { name: 'more headers than the limit', script: [raw(`${ok}${'a: b\r\n'.repeat(40_000)}\r\n`, 'keep')], ...overflow },
  {
    name: 'trailers without end',
    script: [rawWithoutEnd(`${chunked}5\r\nhello\r\n0\r\n`, 'x: y\r\n')],
    ...overflow,
    status: 200,
    bodyBytes: 5,
  },
  { name: '100 Continue that was not asked for', script: [raw(`HTTP/1.1 100 Continue\r\n\r\n${ok}\r\n`, 'keep')], ...unasked },
  {
    name: 'a change of protocol',
    script: [raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n', 'keep')],
    ...unasked,
  },
  {
    name: 'early hints and then an end',
    script: [raw('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
    code: 'reset',
    reason: 'UND_ERR_SOCKET',
    sentence:
      "{target} closed the connection without answering: look for a crash in the receiver's log, or a proxy between that cuts it off.",
    reached: 'sent',
  },
  {
    name: 'early hints and then silence',
    script: [raw('HTTP/1.1 103 Early Hints\r\n\r\n', 'keep')],
    options: { timeoutMs: 100 },
    code: 'timeout',
    phase: 'response',
    sentence: /^\{target\} took the request but did not answer within 100 ms: /,
    reached: 'sent',
  },
  {
    name: 'a reason phrase without end',
    script: [rawWithoutEnd('HTTP/1.1 200 ', 'y')],
    options: { timeoutMs: 500 },
    code: 'timeout',
    phase: 'response',
    sentence: /^\{target\} took the request but did not answer within 500 ms: /,
    reached: 'answering',
  },
  {
    name: 'headers without their end',
    script: [raw(`${ok}content-type: te`)],
    code: 'incomplete',
    reason: 'UND_ERR_SOCKET',
    sentence: "{target} closed the connection in the middle of its answer's headers: look for a crash in the receiver's log.",
    reached: 'answering',
  },
  tooShort('a body shorter than its length', halfBody(), 'UND_ERR_SOCKET'),
  tooShort(
    'a body shorter than its length on a connection that was to close',
    raw(`${ok}connection: close\r\ncontent-length: 10\r\n\r\n01234`),
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  ),
  tooShort('chunks without their end', raw(`${chunked}5\r\nhello\r\n`), 'UND_ERR_SOCKET'),
  tooShort('a chunk without its end', raw(`${chunked}9\r\nhello`), 'UND_ERR_SOCKET'),
  tooShort(
    'chunks without their end on a connection that was to close',
    raw(`${ok}connection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`),
    'HTTPParserError',
  ),
  brokenChunks('a chunk size that is no number', 'zz\r\nhello\r\n0\r\n\r\n', 0, 'Invalid character in chunk size'),
  brokenChunks('a chunk size beyond all numbers', `${'F'.repeat(18)}\r\nhello\r\n`, 0, 'Chunk size overflow'),
  brokenChunks('a chunk longer than its size', '3\r\nhello\r\n0\r\n\r\n', 3, 'Expected LF after chunk data'),
  brokenChunks('a trailer that is not one', '5\r\nhello\r\n0\r\nno colon\r\n\r\n', 5, 'Invalid header token'),
  {
    name: 'a body that drips',
    script: [slowDrip(5)],
    options: { timeoutMs: 500 },
    code: 'timeout',
    phase: 'body',
    status: 200,
    sentence: '{target} began to answer but did not finish the body within 500 ms: let the receiver end its answer, or raise the timeout.',
    reached: 'answering',
    bodyBytes: null,
  },
  {
    name: 'a body without end',
    script: [endlessBody()],
    options: { timeoutMs: 60_000 },
    code: 'incomplete',
    status: 200,
    sentence:
      '{target} answered 200, but its body went on past 64 MiB, where Hookyard stops reading: let the receiver answer with a short body.',
    reached: 'answering',
    bodyBytes: null,
  },
  {
    name: 'a server error',
    script: [respond({ status: 500, reason: 'Internal Server Error', body: 'oops' })],
    code: 'http_status',
    status: 500,
    sentence:
      "{target} answered 500 Internal Server Error, which the success rule 2xx does not count as delivered: the receiver's own log says why.",
    reached: 'answered',
    bodyBytes: 4,
    isKept: true,
  },
  {
    name: 'the status 999',
    script: [respond({ status: 999, reason: 'Odd' })],
    code: 'http_status',
    status: 999,
    sentence:
      '{target} answered 999 Odd, which the success rule 2xx does not count as delivered: HTTP has no such status, so correct the receiver.',
    reached: 'answered',
    bodyBytes: 0,
    isKept: true,
  },
  {
    name: 'an early answer that leaves the body unread',
    script: [respondEarly({ status: 413, reason: 'Too Large' })],
    request: { body: Buffer.alloc(32 * 1_048_576) },
    code: 'http_status',
    status: 413,
    sentence:
      "{target} answered 413 Too Large, which the success rule 2xx does not count as delivered: the body is over the receiver's limit.",
    reached: 'answered',
    bodyBytes: 0,
  },
  {
    name: 'a redirect that is not to be followed',
    script: [respond({ status: 302, reason: 'Found', headers: [['LOCATION', '/other']] })],
    code: 'redirect',
    status: 302,
    sentence:
      '{target} answered 302 Found and redirected to /other, which this endpoint does not follow: put the final address in its URL, or let it follow redirects.',
    reached: 'answered',
    bodyBytes: 0,
    isKept: true,
  },
  {
    name: 'a redirect in a loop',
    script: [respond({ status: 307, headers: [['location', '/b']] }), respond({ status: 307, headers: [['location', '/hook']] })],
    options: { redirects: { follow: 5 } },
    code: 'redirect',
    status: 307,
    reason: 'REDIRECT_LOOP',
    sentence:
      "{target} answered 307 and redirected back to http://{target}/hook, which this attempt has requested already: look for the loop in the receiver's redirects.",
    reached: 'answered',
    bodyBytes: 0,
    isKept: true,
  },
  taken('more bytes than its length says', raw(`${ok}content-length: 5\r\n\r\nhello world`, 'keep'), '200 OK', 5, false),
  taken('two answers at once', raw(`${ok}content-length: 2\r\n\r\nok`.repeat(2), 'keep'), '200 OK', 2, false),
  taken('a body that ends with the connection', raw(`${ok}\r\nhello`), '200 OK', 5, false),
  taken('HTTP/1.0', raw('HTTP/1.0 200 OK\r\n\r\nhello'), '200 OK', 5, false),
  taken(
    'HTTP/1.0 that keeps the connection',
    raw('HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello', 'keep'),
    '200 OK',
    5,
    true,
  ),
  taken('connection: close', closeIdle({ headers: [['connection', 'close']] }), '200 OK', 0, false),
  taken('a connection that is kept for no time', respond({ headers: [['keep-alive', 'timeout=0']] }), '200 OK', 0, false),
  taken('204 with a body', raw('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello', 'keep'), '204 No Content', 0, false),
  taken(
    '102 Processing before the answer',
    raw(`HTTP/1.1 102 Processing\r\n\r\n${ok}content-length: 0\r\n\r\n`, 'keep'),
    '200 OK',
    0,
    true,
  ),
  taken(
    'a thousand early hints before the answer',
    raw(`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)}${ok}content-length: 0\r\n\r\n`, 'keep'),
    '200 OK',
    0,
    true,
  ),
  taken('twenty thousand headers', raw(`${ok}${'a: b\r\n'.repeat(20_000)}content-length: 0\r\n\r\n`, 'keep'), '200 OK', 0, true),
  taken('chunks with an extension and trailers', raw(`${chunked}5;a=b\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n`, 'keep'), '200 OK', 5, true),
  taken('a body that says it is gzip and is not', respond({ headers: [['content-encoding', 'gzip']], body: 'plain' }), '200 OK', 5, true),
  taken('a reason phrase in UTF-8', respond({ reason: Buffer.from('Grüße ✓').toString('latin1') }), '200 Grüße ✓', 0, true),
  taken('no reason phrase', raw('HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', 'keep'), '200', 0, true),
  taken('empty lines before the answer', raw(`\r\n\r\n${ok}content-length: 0\r\n\r\n`, 'keep'), '200 OK', 0, true),
];
