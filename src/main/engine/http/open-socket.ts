import { connect as connectTcp, isIP, Socket, type LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { ConnectionFacts } from '#shared/contract/deliveries.ts';
import { authorizationCodeOf, certificateFactsOf, connectionFactsOf } from './socket-facts.ts';
import { errorCodeOf } from './error-facts.ts';
import { BeyondLoopbackError, isLocalhost, isLoopbackAddress, lookupWithinLoopback } from './loopback.ts';
import { tunnelTarget, type ProxyRoute } from './proxy-route.ts';
import { openTunnel, ProxyError, proxyConnectionError } from './proxy-tunnel.ts';
import type { TlsCredentials } from './sender.types.ts';
import type { CertificateFacts } from './tls-reasons.ts';

/** The progress of opening a connection; times are of the monotonic clock, null until they happen. */
export interface Opening {
  /** That of the connection to the proxy until TLS with the receiver begins inside of it. */
  socket: Socket;
  readonly startedAtMs: number;
  readonly needsLookup: boolean;
  readonly isTls: boolean;
  /** The proxy in between; null for none. Until it has connected, what goes wrong says nothing about the receiver. */
  readonly proxy: { readonly name: string; hasConnected: boolean } | null;
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

/** The way that a connection takes. */
export interface Way {
  /** Null for straight to the target. */
  readonly proxy: ProxyRoute | null;
  /** Whether it may go to loopback addresses only; then there is no proxy, which would choose the address itself. */
  readonly isWithinLoopback: boolean;
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
 * Opens a TCP or TLS connection for HTTP/1.1, straight or through a proxy, and calls back once, with null or with the error.
 * The caller may destroy the socket at any time.
 */
export function openSocket(
  origin: URL,
  tls: TlsChoice,
  { proxy: route, isWithinLoopback }: Way,
  done: (error: Error | null) => void,
): Opening {
  const isTls = origin.protocol === 'https:';
  const { host, port } = tunnelTarget(origin);
  if (isWithinLoopback && isIP(host) !== 0 && !isLoopbackAddress(host)) {
    // Addresses are not looked up, so nothing else would stop this one.
    const refused = newOpening(new Socket().destroy(new BeyondLoopbackError(host)), host, isTls, null);
    follow(refused, tls.isVerified, once(refused, done));
    return refused;
  }
  if (route !== null) {
    const opening = newOpening(connectToProxy(route), route.host, isTls, route.name);
    followThroughProxy(opening, origin, tls, route, once(opening, done));
    return opening;
  }
  const where = whereOf(host, port, isWithinLoopback);
  const opening = newOpening(isTls ? connectTls({ ...where, ...tlsOptionsOf(host, tls) }) : connectTcp(where), host, isTls, null);
  follow(opening, tls.isVerified, once(opening, done));
  return opening;
}

function newOpening(socket: Socket, lookedUp: string, isTls: boolean, proxy: string | null): Opening {
  return {
    socket,
    startedAtMs: performance.now(),
    needsLookup: isIP(lookedUp) === 0,
    isTls,
    proxy: proxy === null ? null : { name: proxy, hasConnected: false },
    resolvedAtMs: null,
    connectedAtMs: null,
    securedAtMs: null,
    facts: null,
    certificate: null,
    isClosedByReceiver: false,
    firstError: null,
  };
}

function whereOf(host: string, port: number, isWithinLoopback = false) {
  const lookup = isLocalhost(host) ? lookupLoopback : isWithinLoopback ? lookupWithinLoopback : undefined;
  return { host, port, autoSelectFamily: true, ...(lookup === undefined ? {} : { lookup }) };
}

function tlsOptionsOf(host: string, { credentials }: Pick<TlsChoice, 'credentials'>) {
  return {
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
    ...(credentials === null ? {} : { secureContext: credentials.context }),
    // The check is made below instead, so that a refused certificate can be shown. Nothing is written before that.
    rejectUnauthorized: false,
  };
}

/** A proxy over TLS has to be trusted: it is told where everything goes, and with which password. */
function connectToProxy({ kind, host, port }: ProxyRoute): Socket {
  const where = whereOf(host, port);
  return kind === 'https' ? connectTls({ ...where, ...(isIP(host) === 0 ? { servername: host } : {}) }) : connectTcp(where);
}

function once(opening: Opening, done: (error: Error | null) => void): (error: Error | null) => void {
  let isDone = false;
  return (error) => {
    if (isDone) return;
    isDone = true;
    if (error !== null) opening.socket.destroy();
    done(error);
  };
}

/** Follows a connection to a proxy, has it connect to the target, and speaks TLS with the target inside of that. */
function followThroughProxy(opening: Opening, origin: URL, tls: TlsChoice, route: ProxyRoute, finish: (error: Error | null) => void): void {
  const { socket, proxy } = opening;
  const target = tunnelTarget(origin);
  socket.setNoDelay(true);
  socket.on('lookup', () => (opening.resolvedAtMs ??= performance.now()));
  socket.on('error', (error) => {
    const own =
      proxy?.hasConnected === true
        ? error
        : proxyConnectionError(errorCodeOf(error), socket instanceof TLSSocket && socket.remotePort !== undefined, target.name);
    opening.firstError ??= own;
    finish(own);
  });
  const onTunnel = () => {
    if (proxy !== null) proxy.hasConnected = true;
    opening.connectedAtMs = performance.now();
    if (opening.isTls) return secure(opening, target.host, tls, finish);
    opening.facts = factsOf(socket, route.name);
    socket.once('end', () => (opening.isClosedByReceiver = true));
    finish(null);
  };
  const onRefused = (error: unknown) => {
    const own = error instanceof ProxyError ? error : proxyConnectionError(null, false, target.name);
    opening.firstError ??= own;
    finish(own);
  };
  socket.once(
    socket instanceof TLSSocket ? 'secureConnect' : 'connect',
    () => void openTunnel(socket, route, target).then(onTunnel, onRefused),
  );
}

/** Speaks TLS with the receiver over a connection that a proxy opened. */
function secure(opening: Opening, host: string, tls: TlsChoice, finish: (error: Error | null) => void): void {
  const outer = opening.socket;
  const socket = connectTls({ socket: outer, ...tlsOptionsOf(host, tls) });
  opening.socket = socket;
  socket.once('close', () => outer.destroy());
  follow(opening, tls.isVerified, finish);
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

function follow(opening: Opening, verifyTls: boolean, finish: (error: Error | null) => void): void {
  const { socket, proxy } = opening;
  // Nagle's algorithm would delay the body after the headers.
  socket.setNoDelay(true);
  // Several addresses make several lookup events; the first one ends the wait.
  socket.on('lookup', () => (opening.resolvedAtMs ??= performance.now()));
  socket.once('connect', () => {
    opening.connectedAtMs ??= performance.now();
    if (opening.isTls) return;
    opening.facts = factsOf(socket, null);
    finish(null);
  });
  socket.once('secureConnect', () => {
    opening.securedAtMs = performance.now();
    finish(socket instanceof TLSSocket ? judgePeer(opening, socket, verifyTls, proxy?.name ?? null) : null);
  });
  socket.once('end', () => (opening.isClosedByReceiver = true));
  // Stays for the life of the socket: later errors belong to the request on it, and an unhandled one would crash the process.
  socket.on('error', (error) => {
    opening.firstError ??= error;
    finish(error);
  });
}

function factsOf(socket: Socket, proxy: string | null): OpeningFacts {
  const facts = { ...connectionFactsOf(socket), ...(proxy === null ? {} : { proxy }) };
  return { first: { ...facts, isReused: false }, reused: { ...facts, isReused: true }, localPort: socket.localPort ?? null };
}

function judgePeer(opening: Opening, socket: TLSSocket, verifyTls: boolean, proxy: string | null): Error | null {
  opening.facts = factsOf(socket, proxy);
  opening.certificate = certificateFactsOf(socket);
  return verifyTls && !socket.authorized ? new UntrustedPeerError(authorizationCodeOf(socket) ?? 'CERT_UNTRUSTED') : null;
}
