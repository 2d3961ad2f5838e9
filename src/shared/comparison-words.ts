import type { BodyComparison, HeaderChange, JsonChange } from './contract/comparing.ts';
import type { ComparedPhase, ConnectionFact } from './contract/comparisons.ts';

/** What the phases of an attempt and of a capture are called. */
export const phaseWords = {
  queued: 'Queued',
  dns: 'DNS lookup',
  connect: 'Connect',
  tls: 'TLS handshake',
  wait: 'Waiting for the answer',
  download: 'Reading the answer',
  receive: 'Receiving',
  respond: 'Answering',
} as const satisfies Readonly<Record<ComparedPhase, string>>;

/** What the facts of a connection are called. */
export const connectionWords = {
  'remote address': 'Remote address',
  'sender address': 'Sender',
  proxy: 'Proxy',
  reuse: 'Connection reuse',
  'http version': 'HTTP version',
  url: 'URL',
  tls: 'TLS',
  cipher: 'Cipher',
  alpn: 'ALPN',
  'server name': 'Server name',
  certificate: 'Certificate',
  issuer: 'Issuer',
  validity: 'Validity',
  fingerprint: 'Certificate SHA-256',
  trust: 'Trust',
} as const satisfies Readonly<Record<ConnectionFact, string>>;

type ChangeKind = HeaderChange['kind'] | JsonChange['kind'];

const transitWords = {
  added: 'added',
  removed: 'removed',
  rewritten: 'rewritten',
  changed: 'changed',
  renamed: 'other letters',
  joined: 'other lines',
  unknown: 'not known',
  untold: 'not told',
} as const satisfies Record<ChangeKind, string>;

const pairWords: Readonly<Record<ChangeKind, string>> = {
  ...transitWords,
  added: 'only in the second',
  removed: 'only in the first',
  rewritten: 'other value',
  changed: 'other value',
};

/** How a header or a value differs: of one request, what was done to it on its way; of two, which of them has it. */
export function changeWord(kind: ChangeKind, isSameRequest: boolean): string {
  return (isSameRequest ? transitWords : pairWords)[kind];
}

/**
 * Whether a change of a header says more than that the request went over another connection, or that a name is in other letters, which
 * HTTP/2 always is. Content-Length only follows the body.
 */
export function isTellingHeader({ isHopByHop, kind, name }: Pick<HeaderChange, 'isHopByHop' | 'kind' | 'name'>): boolean {
  return !isHopByHop && !['unknown', 'untold', 'renamed'].includes(kind) && name.toLowerCase() !== 'content-length';
}

/**
 * Where the bytes of two bodies begin to differ, as what stands before a colon. Bytes know nothing of what is left out, so the first ones may
 * well be of that.
 */
export function firstDifferenceText({
  offset,
  result,
  leftOutCount,
}: Pick<BodyComparison, 'result' | 'leftOutCount'> & { readonly offset: number }): string {
  const at = `First difference at byte ${offset.toLocaleString('en-US')}`;
  if (leftOutCount === 0) return at;
  return result === 'same' ? `${at}, which is left out` : `${at}, counting what is left out`;
}
