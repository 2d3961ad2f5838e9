import type { Socket } from 'node:net';
import type { Clock, Log } from '../base/ports.ts';
import type { Exchange } from './exchange.ts';
import { createHttp2Side, type Http2Side } from './http2-side.ts';
import type { RefusedRecorder } from './refused/recorder.ts';
import { refuseOnBareSocket } from './refused/refuse.ts';
import type { AuthorityBook } from './tls/authority.ts';
import { handshakeDiagnosis } from './tls/handshake-failure.ts';
import { readLocalName } from './tls/host-name.ts';
import { createServerCertificates } from './tls/server-certificates.ts';
import { startTlsListener, type SecureConnection, type TlsListener } from './tls/tls-listener.ts';
import type { FaultRoom } from './wire/fault-room.ts';

interface HttpsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly authority: AuthorityBook;
  readonly faults: FaultRoom;
  readonly othersFaults: FaultRoom;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** The id of the bin with a slug, or null. */
  readonly binAt: (slug: string) => string | null;
  readonly exchange: (exchange: Exchange) => Promise<void>;
  /** Takes a secure connection that speaks HTTP/1. */
  readonly acceptHttp1: (secure: SecureConnection) => void;
}

/** The listener's port for HTTPS. */
export interface Https {
  readonly port: number;
  /** Takes a connection of another machine. */
  readonly acceptOther: (socket: Socket) => void;
  readonly stop: () => Promise<void>;
}

/** Connections that speak HTTP/2 at once: of this machine, and of others, so that those cannot use up what it needs. */
const sessionsAtOnce = 256;
const othersSessionsAtOnce = 64;

/** Listens for HTTPS on 127.0.0.1; 0 picks a free port. Rejects with Node's error (EADDRINUSE, EACCES ...). */
export async function startHttps(deps: HttpsDeps, port: number): Promise<Https> {
  const certificates = createServerCertificates(await deps.authority.get(), deps.clock);
  const http2 = createHttp2Side(deps, sessionsAtOnce);
  const http2Others = createHttp2Side(deps, othersSessionsAtOnce);
  const listener: TlsListener = await startTlsListener(
    {
      clock: deps.clock,
      certificates,
      faults: deps.faults,
      othersFaults: deps.othersFaults,
      hasBin: (slug) => deps.binAt(slug) !== null,
      onSecure: (secure) => acceptSecure(deps, secure.isOther ? http2Others : http2, secure),
      onFailed: (failed) => {
        const slug = failed.serverName === null ? null : (readLocalName(failed.serverName)?.slug ?? null);
        deps.refused.note({
          ...handshakeDiagnosis(failed),
          slug,
          binId: slug === null ? null : deps.binAt(slug),
          status: null,
          trail: nothing,
          remoteAddress: failed.remoteAddress,
        });
      },
      onPlain: (socket) => refusePlain(deps, socket),
    },
    port,
  );
  return {
    port: listener.port,
    acceptOther: listener.acceptOther,
    stop: async () => {
      await Promise.all([http2.stop(), http2Others.stop()]);
      await listener.stop();
    },
  };
}

const nothing = { first: () => new Uint8Array(), receivedBytes: () => 0 };

function acceptSecure({ acceptHttp1 }: HttpsDeps, http2: Http2Side, secure: SecureConnection): void {
  if (secure.socket.alpnProtocol === 'h2') http2.accept(secure);
  else acceptHttp1(secure);
}

/** Tells a sender of plain HTTP that it has the wrong port. */
function refusePlain(deps: HttpsDeps, socket: Socket): void {
  const first = (socket.read() as Uint8Array | null) ?? new Uint8Array();
  socket.resume();
  refuseOnBareSocket(
    deps,
    socket,
    { reason: 'not-tls', seen: 'The connection does not begin with a TLS handshake, and this port speaks HTTPS.' },
    first,
  );
}
