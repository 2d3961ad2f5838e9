import type { RefusalReason } from '#shared/contract/refused-requests.ts';

/** Something on a connection that no honest sender does, and how it stands in the list afterwards. */
export interface HostileRequest {
  readonly name: string;
  /** What is written, as Latin-1; the path is its own. */
  readonly bytes: (path: string) => string;
  /** How the sender breaks off then; by default it waits. */
  readonly leaves?: 'ends' | 'resets';
  /** An entry among the refused requests for each of these, ... */
  readonly refused?: readonly RefusalReason[];
  /** ... and a capture for each of these, oldest first. */
  readonly captured?: readonly Captured[];
}

export interface Captured {
  readonly method?: string;
  readonly body?: string;
  /** Of a body that did not come whole or went over the limit. */
  readonly isBodyTruncated?: boolean;
  readonly status?: number;
}

/** Bodies over this are cut. */
export const bodyLimitBytes = 65_536;
/** Requests sent ahead on one connection. */
export const pipelined = 150;

const head = (line: string, ...rest: readonly string[]) => [line, 'Host: x', ...rest, '', ''].join('\r\n');
const post =
  (...rest: readonly string[]) =>
  (path: string) =>
    head(`POST ${path} HTTP/1.1`, ...rest);
const chunked = (body: string) => (path: string) => `${post('Transfer-Encoding: chunked')(path)}${body}`;
const cut = (body: string): Captured => ({ body, isBodyTruncated: true, status: 400 });

const slow: readonly HostileRequest[] = [
  { name: 'a connection on which nothing comes', bytes: () => '', refused: ['nothing-sent'] },
  { name: 'a head that does not end', bytes: (path) => `POST ${path} HTTP/1.1\r\nX-Slow: `, refused: ['head-too-slow'] },
  {
    name: 'a body that stops coming',
    bytes: (path) => `${post('Content-Length: 100')(path)}half`,
    captured: [{ body: 'half', isBodyTruncated: true, status: 408 }],
  },
  { name: 'a head that breaks off', bytes: (path) => `POST ${path} HTTP/1.1\r\nHost:`, leaves: 'ends', refused: ['cut-head'] },
  { name: 'a reset within the head', bytes: (path) => `POST ${path} HTTP/1.1\r\nHo`, leaves: 'resets', refused: ['cut-head'] },
  {
    name: 'a body that breaks off',
    bytes: (path) => `${post('Content-Length: 100')(path)}half`,
    leaves: 'ends',
    captured: [cut('half')],
  },
];

const large: readonly HostileRequest[] = [
  { name: 'a header of 1 MiB', bytes: (path) => post(`X-Big: ${'v'.repeat(1_048_576)}`)(path), refused: ['head-too-large'] },
  { name: 'a path of 300 kB', bytes: (path) => head(`GET ${path}/${'p'.repeat(300_000)} HTTP/1.1`), refused: ['head-too-large'] },
  {
    name: 'forty thousand headers',
    bytes: (path) => post(...Array.from({ length: 40_000 }, (_, index) => `X-${index}: v`))(path),
    refused: ['head-too-large'],
  },
  {
    name: 'ten thousand headers within the limit',
    bytes: (path) => post(...Array.from({ length: 10_000 }, (_, index) => `X-${index}: v`), 'Content-Length: 0')(path),
    captured: [{ body: '', status: 200 }],
  },
  {
    name: 'a body that says that it is over the limit',
    bytes: (path) => `${post('Content-Length: 99999999999')(path)}${'b'.repeat(bodyLimitBytes + 1)}`,
    captured: [{ body: 'b'.repeat(bodyLimitBytes), isBodyTruncated: true, status: 413 }],
  },
  {
    name: 'an endless body',
    bytes: chunked(`10000\r\n${'e'.repeat(65_536)}\r\n`.repeat(3)),
    captured: [{ body: 'e'.repeat(bodyLimitBytes), isBodyTruncated: true, status: 413 }],
  },
  {
    name: 'a crowd of requests sent ahead',
    bytes: (path) => head(`GET ${path} HTTP/1.1`).repeat(pipelined),
    captured: Array.from({ length: pipelined }, () => ({ method: 'GET', status: 200 })),
  },
];

/** Requests that two readers could take for other requests (RFC 9112, section 11.2). */
const smuggling: readonly HostileRequest[] = [
  {
    name: 'a length before chunked',
    bytes: (path) => `${post('Content-Length: 4', 'Transfer-Encoding: chunked')(path)}0\r\n\r\nGET ${path}/smuggled HTTP/1.1\r\n\r\n`,
    refused: ['length-and-chunked'],
  },
  {
    name: 'a length behind chunked',
    bytes: (path) => `${post('Transfer-Encoding: chunked', 'Content-Length: 4')(path)}0\r\n\r\nGET ${path}/smuggled HTTP/1.1\r\n\r\n`,
    refused: ['length-and-chunked'],
  },
  {
    name: 'two lengths that differ',
    bytes: (path) => `${post('Content-Length: 1', 'Content-Length: 9')(path)}a`,
    refused: ['two-lengths'],
  },
  { name: 'a list of lengths', bytes: (path) => `${post('Content-Length: 1, 9')(path)}a`, refused: ['content-length'] },
  { name: 'a length with a sign', bytes: (path) => `${post('Content-Length: +1')(path)}a`, refused: ['content-length'] },
  { name: 'a length below zero', bytes: (path) => `${post('Content-Length: -1')(path)}a`, refused: ['content-length'] },
  {
    name: 'a length that no number holds',
    bytes: (path) => `${post('Content-Length: 99999999999999999999999')(path)}a`,
    refused: ['content-length'],
  },
  { name: 'chunked that is not the last coding', bytes: post('Transfer-Encoding: chunked, gzip'), refused: ['transfer-encoding'] },
  { name: 'an unknown coding', bytes: post('Transfer-Encoding: xchunked'), captured: [cut('')] },
  { name: 'a space before the colon of a length', bytes: post('Content-Length : 1'), refused: ['header-name'] },
  { name: 'a folded length', bytes: post('Content-Length:', ' 1'), refused: ['folded-header'] },
  { name: 'lines that end with LF alone', bytes: (path) => `POST ${path} HTTP/1.1\nHost: x\n\n`, refused: ['lf-only'] },
  { name: 'a CR within a value', bytes: post('X-A: a\rTransfer-Encoding: chunked'), refused: ['cr-only'] },
  { name: 'a NUL within a value', bytes: post('X-A: a\0b'), refused: ['header-value'] },
  {
    name: 'a request in the body of another',
    bytes: (path) => {
      const inner = head(`DELETE ${path} HTTP/1.1`);
      return `${head(`GET ${path} HTTP/1.1`, `Content-Length: ${inner.length}`)}${inner}`;
    },
    captured: [{ method: 'GET', status: 200 }],
  },
  {
    name: 'bytes behind the end of a body',
    bytes: (path) => `${post('Content-Length: 2')(path)}ok"}\r\n`,
    captured: [{ body: 'ok', status: 200 }],
    refused: ['extra-bytes'],
  },
];

const chunks: readonly HostileRequest[] = [
  { name: 'a chunk whose size is no number', bytes: chunked('4\r\ngood\r\nzz\r\n'), captured: [cut('good')] },
  { name: 'a chunk larger than any number', bytes: chunked('4\r\ngood\r\nfffffffffffffffffff\r\nx'), captured: [cut('good')] },
  { name: 'a chunk that is longer than it says', bytes: chunked('4\r\ngoodbad\r\n0\r\n\r\n'), captured: [cut('good')] },
  { name: 'an extension of a chunk without end', bytes: chunked(`4\r\ngood\r\n1;${'x'.repeat(100_000)}`), captured: [cut('good')] },
];

const paths: readonly HostileRequest[] = [
  { name: 'a way up in the path', bytes: (path) => head(`GET /..${path} HTTP/1.1`), refused: ['dot-path'] },
  { name: 'an encoded way up in the path', bytes: (path) => head(`GET /%2e%2E${path} HTTP/1.1`), refused: ['dot-path'] },
  { name: 'a space in the path', bytes: (path) => head(`GET ${path} x HTTP/1.1`), refused: ['path-space'] },
  { name: 'a control character in the path', bytes: (path) => head(`GET ${path}\x01 HTTP/1.1`), refused: ['path-control'] },
  { name: 'a byte beyond ASCII in the path', bytes: (path) => head(`GET ${path}\xe9 HTTP/1.1`), refused: ['path-not-ascii'] },
  { name: 'a path with backslashes', bytes: (path) => head(`GET ${path.replaceAll('/', '\\')} HTTP/1.1`), refused: ['path-form'] },
  {
    name: 'an encoded NUL and a way up behind the bin',
    bytes: (path) => head(`GET ${path}/%00/../../etc HTTP/1.1`),
    captured: [{ method: 'GET', status: 200 }],
  },
  {
    name: 'the URL of another host',
    bytes: (path) => head(`GET http://169.254.169.254${path} HTTP/1.1`),
    captured: [{ method: 'GET', status: 200 }],
  },
];

const protocols: readonly HostileRequest[] = [
  {
    name: 'an upgrade to WebSocket',
    bytes: (path) =>
      head(`GET ${path} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='),
    captured: [{ method: 'GET', status: 200 }],
  },
  {
    name: 'an upgrade to HTTP/2',
    bytes: (path) =>
      head(`GET ${path} HTTP/1.1`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'),
    captured: [{ method: 'GET', status: 200 }],
  },
  { name: 'a tunnel through a proxy', bytes: () => head('CONNECT 169.254.169.254:80 HTTP/1.1'), refused: ['proxy'] },
  { name: 'the preface of HTTP/2', bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', refused: ['http2'] },
  { name: 'a TLS handshake', bytes: () => `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'\x07'.repeat(40)}`, refused: ['tls'] },
  {
    name: 'the header of a proxy',
    bytes: (path) => `PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n${head(`GET ${path} HTTP/1.1`)}`,
    refused: ['proxy-protocol'],
  },
  { name: 'a method that nobody knows', bytes: (path) => head(`JUMP ${path} HTTP/1.1`), refused: ['method'] },
  { name: 'a version that nobody speaks', bytes: (path) => head(`GET ${path} HTTP/9.9`), refused: ['version'] },
  { name: 'random bytes', bytes: () => '\xff\xfe\0\x11\x22\x99', refused: ['not-http'] },
];

/** What strangers are known to try, and more. */
export const hostileTraffic: readonly HostileRequest[] = [...slow, ...large, ...smuggling, ...chunks, ...paths, ...protocols];
