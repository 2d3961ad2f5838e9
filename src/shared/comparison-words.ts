import type { HeaderChange } from './contract/comparing.ts';
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
  reuse: 'Connection',
  'http version': 'HTTP version',
  url: 'URL',
  tls: 'TLS',
  cipher: 'Cipher',
  alpn: 'ALPN',
  'server name': 'Server name',
  certificate: 'Certificate',
  issuer: 'Issued by',
  validity: 'Valid',
  fingerprint: 'SHA-256',
  trust: 'Trusted',
} as const satisfies Readonly<Record<ConnectionFact, string>>;

/** What happened to a header. */
export const headerKindWords = {
  added: 'added',
  removed: 'removed',
  rewritten: 'rewritten',
  renamed: 'other letters',
  joined: 'other lines',
  unknown: 'not known',
  untold: 'not told',
} as const satisfies Record<HeaderChange['kind'], string>;
