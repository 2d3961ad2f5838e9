import { Buffer } from 'node:buffer';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server, type TLSSocket } from 'node:tls';
import type { TlsFault } from '#shared/contract/tls-fault.ts';
import type { Clock } from '../../base/ports.ts';
import type { FaultRoom } from '../wire/fault-room.ts';
import { readClientHello } from './client-hello.ts';
import { readLocalName } from './host-name.ts';
import type { ServerCertificates } from './server-certificates.ts';

/** A connection whose handshake is done. */
export interface SecureConnection {
  readonly socket: TLSSocket;
  /** The TLS fault of the host name that it was opened with, or null. */
  readonly fault: TlsFault | null;
  /** Whether it came in at an address beyond loopback. */
  readonly isOther: boolean;
  /** Ends it with a reset of the connection below TLS. */
  readonly reset: () => void;
}

/** A handshake that failed. */
export interface FailedHandshake {
  readonly remoteAddress: string;
  /** The name that the sender asked for, or null. */
  readonly serverName: string | null;
  readonly fault: TlsFault | null;
  /** Node's code, such as `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`. */
  readonly code: string;
}

export interface TlsListenerDeps {
  readonly clock: Clock;
  readonly certificates: ServerCertificates;
  /** Whether a bin has this slug: only its names have faults. */
  readonly hasBin: (slug: string) => boolean;
  /** Room for connections that are held, of this machine and of others. */
  readonly faults: FaultRoom;
  readonly othersFaults: FaultRoom;
  readonly onSecure: (connection: SecureConnection) => void;
  readonly onFailed: (failed: FailedHandshake) => void;
  /** Takes a connection that does not begin as TLS does; its first bytes are still to be read from it. */
  readonly onPlain: (socket: Socket) => void;
}

export interface TlsListener {
  readonly port: number;
  /** Takes a connection that came in at an address beyond loopback. */
  readonly acceptOther: (socket: Socket) => void;
  readonly stop: () => Promise<void>;
}

/** As many as the plain port takes. */
const connectionLimit = 2048;
/** A handshake takes a few round trips, or its sender hangs. */
const handshakeMs = 30_000;
/** How long `handshake-hang` holds a connection. */
const hangMs = 600_000;

/** What is known of a connection before its handshake. */
interface Beginning {
  readonly socket: Socket;
  /** Whether its handshake is done or known to have failed. */
  isOver: boolean;
  readonly serverName: string | null;
  readonly fault: TlsFault | null;
  readonly isOther: boolean;
}

/** Listens with TLS on 127.0.0.1, chooses certificates and faults by the server name, and hands on what is secure. Rejects with Node's error. */
export async function startTlsListener(deps: TlsListenerDeps, port: number): Promise<TlsListener> {
  const open = new Set<Socket>();
  const modern = createHandshakes(deps, false);
  const old = createHandshakes(deps, true);

  const begin = (socket: Socket, serverName: string | null, isOther: boolean) => {
    const fault = faultOf(deps, serverName);
    if (fault === 'handshake-cut') return void socket.resetAndDestroy();
    if (fault === 'handshake-hang') return hang(deps.clock, isOther ? deps.othersFaults : deps.faults, socket);
    return (fault === 'old-tls' ? old : modern)({ socket, isOver: false, serverName, fault, isOther });
  };
  const take = (socket: Socket, isOther: boolean) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    whenBegun(deps.clock, socket, (serverName) => begin(socket, serverName, isOther), deps.onPlain);
  };
  const tcp = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => take(socket, false));
  tcp.maxConnections = connectionLimit;
  await listening(tcp, port);
  // Such as too many open files; those that are open go on.
  tcp.on('error', () => undefined);
  return {
    port: (tcp.address() as AddressInfo).port,
    acceptOther: (socket) => take(socket, true),
    stop: async () => {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function listening(server: ReturnType<typeof createTcpServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The fault that a name asks for; only the name of a bin may ask for one. */
function faultOf({ hasBin }: Pick<TlsListenerDeps, 'hasBin'>, serverName: string | null): TlsFault | null {
  const name = serverName === null ? null : readLocalName(serverName);
  return name !== null && hasBin(name.slug) ? name.fault : null;
}

/** Makes handshakes in a server that never listens by itself. */
function createHandshakes(deps: TlsListenerDeps, isOld: boolean): (beginning: Beginning) => void {
  const { certificates } = deps;
  const beginnings = new Map<string, Beginning>();
  let unnamed = certificates.unnamed();
  const oldest = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const versions = isOld ? oldest : {};
  const server: Server = createTlsServer({
    ...versions,
    ...unnamed,
    allowHalfOpen: true,
    handshakeTimeout: handshakeMs,
    ALPNProtocols: isOld ? ['http/1.1'] : ['h2', 'http/1.1'],
    // Neither OpenSSL nor Node takes a certificate for *.localhost, so each name gets its own; any other name gets that of localhost.
    SNICallback: (name, done) => {
      const isLocal = readLocalName(name) !== null;
      done(null, isLocal ? certificates.contextFor(name.toLowerCase(), faultOf(deps, name)) : undefined);
    },
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const beginning = beginnings.get(peerOf(socket));
    if (beginning === undefined) return void socket.destroy();
    beginning.isOver = true;
    const { fault, isOther } = beginning;
    return deps.onSecure({ socket, fault, isOther, reset: () => void beginning.socket.resetAndDestroy() });
  });
  const failed = (beginning: Beginning, code: string) => {
    if (beginning.isOver) return;
    beginning.isOver = true;
    const { socket, serverName, fault } = beginning;
    deps.onFailed({ remoteAddress: socket.remoteAddress ?? '', serverName, fault, code });
  };
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    const beginning = beginnings.get(peerOf(socket));
    // One whose connection is gone is told by its end.
    if (beginning === undefined) return;
    failed(beginning, error.code ?? '');
    // Node leaves the connection to us then.
    if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') beginning.socket.destroy();
  });
  return (beginning) => {
    const { socket } = beginning;
    const next = certificates.unnamed();
    if (next !== unnamed) server.setSecureContext({ ...versions, ...next });
    unnamed = next;
    const peer = peerOf(socket);
    beginnings.set(peer, beginning);
    socket.once('close', () => {
      beginnings.delete(peer);
      failed(beginning, 'ECONNRESET');
    });
    server.emit('connection', socket);
  };
}

/** Tells connections apart, which have the port in common. */
function peerOf({ localAddress, remoteAddress, remotePort }: Socket): string {
  return `${localAddress} ${remoteAddress} ${remotePort}`;
}

/** Holds a connection that gets no answer to its first message. */
function hang(clock: Clock, faults: FaultRoom, socket: Socket): void {
  const release = faults.hold(() => socket.destroy());
  const cancel = clock.at(clock.now() + hangMs, () => socket.destroy());
  socket.once('close', () => {
    cancel();
    release();
  });
  socket.once('end', () => socket.destroy());
  socket.resume();
}

/** Reads the first message of a connection and puts it back. */
function whenBegun(clock: Clock, socket: Socket, onHello: (serverName: string | null) => void, onPlain: (socket: Socket) => void): void {
  const chunks: Uint8Array[] = [];
  const cancel = clock.at(clock.now() + handshakeMs, () => socket.destroy());
  const done = () => {
    cancel();
    socket.off('readable', look);
    socket.off('end', gone);
    socket.off('close', gone);
  };
  const gone = () => {
    done();
    socket.destroy();
  };
  const look = () => {
    for (let chunk = socket.read() as Uint8Array | null; chunk !== null; chunk = socket.read() as Uint8Array | null) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const first = readClientHello(bytes);
    if (bytes.length === 0 || first.kind === 'more') return;
    done();
    socket.unshift(bytes);
    if (first.kind === 'not-tls') onPlain(socket);
    else onHello(first.serverName);
  };
  socket.on('readable', look);
  socket.once('end', gone);
  socket.once('close', gone);
}
