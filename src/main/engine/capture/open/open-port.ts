import { createServer, type Socket } from 'node:net';
import type { Clock } from '../../base/ports.ts';
import type { RefusedRecorder } from '../refused/recorder.ts';
import type { Diagnosis } from '../refused/diagnosis.ts';
import { noteOnBareSocket, refuseOnBareSocket, refuseStranger, strangerDiagnosis } from '../refused/refuse.ts';
import type { AllowList } from './allow-list.ts';

export interface OpenPortDeps {
  readonly clock: Clock;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** Asked with each connection, since the list changes. */
  readonly isAllowed: AllowList;
  readonly room: OtherRoom;
  /** Takes a connection of a sender that is allowed. */
  readonly serve: (socket: Socket) => void;
  /** Whether senders of plain HTTP are expected, so that a refused one can be answered. */
  readonly isPlain: boolean;
}

/** The connections of other machines, at all of these ports together. */
export interface OtherRoom {
  readonly limit: number;
  /** Sockets that are served. */
  readonly served: Set<Socket>;
  /** Sockets that are being told that they are refused. */
  readonly refused: Set<Socket>;
}

/** A port at an address beyond loopback. */
export interface OpenPort {
  /** Ends the connections of senders that are no longer allowed. */
  readonly recheck: () => void;
  readonly close: () => Promise<void>;
}

/** How many refused senders get an answer at once; further ones are cut off without. */
const refusedAtOnce = 64;

const nothing = new Uint8Array();

function tooMany(limit: number): Diagnosis {
  return {
    reason: 'too-many-connections',
    seen: `${limit} connections of other machines were open, as many as are taken of them together.`,
  };
}

/** Listens at an address and hands on the connections of senders that are allowed, before anything of them is read. Rejects with Node's error. */
export async function openPort(deps: OpenPortDeps, address: string, port: number): Promise<OpenPort> {
  const { room } = deps;
  const own = new Set<Socket>();
  const keepIn = (set: Set<Socket>, socket: Socket) => {
    set.add(socket);
    own.add(socket);
    socket.once('close', () => {
      set.delete(socket);
      own.delete(socket);
    });
  };
  const refuse = (socket: Socket, diagnosis: Diagnosis, answer: () => void) => {
    if (deps.isPlain && room.refused.size < refusedAtOnce) {
      keepIn(room.refused, socket);
      return answer();
    }
    noteOnBareSocket(deps.refused, socket, { diagnosis, status: null, first: nothing });
    return void socket.destroy();
  };
  // As Node's server for HTTP makes its sockets.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (!deps.isAllowed(socket.remoteAddress ?? '')) return refuse(socket, strangerDiagnosis, () => refuseStranger(deps, socket));
    if (room.served.size >= room.limit) {
      const diagnosis = tooMany(room.limit);
      return refuse(socket, diagnosis, () => refuseOnBareSocket(deps, socket, diagnosis, nothing));
    }
    keepIn(room.served, socket);
    return deps.serve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // Such as too many open files; those that are open go on.
  server.on('error', () => undefined);
  return {
    recheck: () => {
      for (const socket of own) if (!deps.isAllowed(socket.remoteAddress ?? '')) socket.destroy();
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of own) socket.destroy();
      await closed;
    },
  };
}
