import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { ConnectionFacts } from '#shared/contract/deliveries.ts';
import { authorizationCodeOf, certificateFactsOf, connectionFactsOf } from './socket-facts.ts';
import type { TlsCredentials } from './sender.types.ts';
import type { CertificateFacts } from './tls-reasons.ts';

/** The progress of opening a connection; times are of the monotonic clock, null until they happen. */
export interface Opening {
  readonly socket: Socket;
  readonly startedAtMs: number;
  readonly needsLookup: boolean;
  readonly isTls: boolean;
  resolvedAtMs: number | null;
  connectedAtMs: number | null;
  securedAtMs: number | null;
  /** Set once connected (TLS: once the handshake is done). */
  facts: OpeningFacts | null;
  certificate: CertificateFacts | null;
  /** Whether the receiver closed the connection properly. */
  isClosedByReceiver: boolean;
  /** The first error of the socket. A TLS alert comes before the end of the connection, and undici reports only that end. */
  firstError: Error | null;
}

/** How a connection speaks TLS. */
export interface TlsChoice {
  /** Whether the peer's certificate has to be trusted. */
  readonly isVerified: boolean;
  /** Null for those of the machine, without a certificate of the client. */
  readonly credentials: TlsCredentials | null;
}

/** Facts of an open connection, for the attempt that opened it and for those after it. */
export interface OpeningFacts {
  readonly first: ConnectionFacts;
  readonly reused: ConnectionFacts;
  /** The local TCP port; null when the socket closed at once. */
  readonly localPort: number | null;
}

/** The peer finished the TLS handshake, but its certificate is not trusted; `code` says why. */
class UntrustedPeerError extends Error {
  override readonly name = 'UntrustedPeerError';
  readonly code: string;

  constructor(code: string) {
    super(`The certificate is not trusted: ${code}`);
    this.code = code;
  }
}

/**
 * Opens a TCP or TLS connection for HTTP/1.1 and calls back once, with null or with the error.
 * The caller may destroy the socket at any time.
 */
export function openSocket(origin: URL, { isVerified, credentials }: TlsChoice, done: (error: Error | null) => void): Opening {
  const isTls = origin.protocol === 'https:';
  const host = origin.hostname.replace(/^\[(.*)\]$/, '$1');
  const where = {
    host,
    port: Number(origin.port === '' ? (isTls ? 443 : 80) : origin.port),
    autoSelectFamily: true,
    ...(isLocalhost(host) ? { lookup: lookupLoopback } : {}),
  };
  const socket = isTls
    ? connectTls({
        ...where,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ALPNProtocols: ['http/1.1'],
        ...(credentials === null ? {} : { secureContext: credentials.context }),
        // The check is made below instead, so that a refused certificate can be shown. Nothing is written before that.
        rejectUnauthorized: false,
      })
    : connectTcp(where);
  const opening: Opening = {
    socket,
    startedAtMs: performance.now(),
    needsLookup: isIP(host) === 0,
    isTls,
    resolvedAtMs: null,
    connectedAtMs: null,
    securedAtMs: null,
    facts: null,
    certificate: null,
    isClosedByReceiver: false,
    firstError: null,
  };
  follow(opening, isVerified, done);
  return opening;
}

/** Names that always mean this machine (RFC 6761, section 6.3); many resolvers do not know them. */
function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

const lookupLoopback: LookupFunction = (_host, { all }, callback) => {
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ] as const;
  process.nextTick(() => {
    if (all === true) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  });
};

function follow(opening: Opening, verifyTls: boolean, done: (error: Error | null) => void): void {
  const { socket } = opening;
  let isDone = false;
  const finish = (error: Error | null) => {
    if (isDone) return;
    isDone = true;
    if (error !== null) socket.destroy();
    done(error);
  };
  // Nagle's algorithm would delay the body after the headers.
  socket.setNoDelay(true);
  // Several addresses make several lookup events; the first one ends the wait.
  socket.on('lookup', () => (opening.resolvedAtMs ??= performance.now()));
  socket.once('connect', () => {
    opening.connectedAtMs = performance.now();
    if (opening.isTls) return;
    opening.facts = factsOf(socket);
    finish(null);
  });
  socket.once('secureConnect', () => {
    opening.securedAtMs = performance.now();
    finish(socket instanceof TLSSocket ? judgePeer(opening, socket, verifyTls) : null);
  });
  socket.once('end', () => (opening.isClosedByReceiver = true));
  // Stays for the life of the socket: later errors belong to the request on it, and an unhandled one would crash the process.
  socket.on('error', (error) => {
    opening.firstError ??= error;
    finish(error);
  });
}

function factsOf(socket: Socket): OpeningFacts {
  const facts = connectionFactsOf(socket);
  return { first: { ...facts, isReused: false }, reused: { ...facts, isReused: true }, localPort: socket.localPort ?? null };
}

function judgePeer(opening: Opening, socket: TLSSocket, verifyTls: boolean): Error | null {
  opening.facts = factsOf(socket);
  opening.certificate = certificateFactsOf(socket);
  return verifyTls && !socket.authorized ? new UntrustedPeerError(authorizationCodeOf(socket) ?? 'CERT_UNTRUSTED') : null;
}
