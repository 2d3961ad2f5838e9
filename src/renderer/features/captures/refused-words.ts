import type { RefusalReason, RefusedSummary } from '#shared/contract/refused-requests.ts';

/** Reasons in the few words that fit in a row; the detail has a sentence for each. */
const reasonWords: Readonly<Record<RefusalReason, string>> = {
  'no-bin': 'no bin',
  'no-path': 'no path',
  'dot-path': 'dots in the path',
  proxy: 'meant for a proxy',
  'no-room': 'no room',
  'heads-no-room': 'no room for headers',
  'too-many-connections': 'too many connections',
  'over-capture-limit': 'too large',
  'path-space': 'space in the path',
  'path-not-ascii': 'path is not ASCII',
  'path-control': 'control character in path',
  'path-form': 'no slash before the path',
  method: 'unknown method',
  version: 'no HTTP version',
  'lf-only': 'lines end in bare LF',
  'cr-only': 'CR without LF',
  'folded-header': 'folded header',
  'header-name': 'invalid header name',
  'header-value': 'invalid header value',
  'length-and-chunked': 'length and chunked',
  'two-lengths': 'two lengths',
  'content-length': 'invalid length',
  'transfer-encoding': 'invalid Transfer-Encoding',
  'head-too-large': 'headers too large',
  'head-too-slow': 'headers too slow',
  'not-allowed': 'not on the allow-list',
  'nothing-sent': 'nothing came',
  'cut-head': 'headers cut off',
  http2: 'HTTP/2',
  tls: 'TLS',
  'not-tls': 'plain HTTP on the TLS port',
  'tls-handshake': 'TLS handshake failed',
  'tls-fault': 'TLS fault',
  'proxy-protocol': 'PROXY protocol',
  'extra-bytes': 'extra bytes',
  'not-http': 'not HTTP',
};

/** What distinguishes the rows: the reason, and the request line if there is one. */
export function refusedRowText({ reason, firstLine, more }: Pick<RefusedSummary, 'reason' | 'firstLine' | 'more'>): {
  readonly reason: string;
  readonly line: string | null;
} {
  const words = `${reasonWords[reason]}${more === 0 ? '' : `, and ${more.toLocaleString('en-US')} more`}`;
  return { reason: words, line: firstLine === null || firstLine === '' ? null : firstLine.replace(/ HTTP\/\d\.\d$/, '') };
}
