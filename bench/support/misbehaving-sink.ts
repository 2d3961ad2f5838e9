import { createServer, type Socket } from 'node:net';

/** Addresses of receivers that never finish, by how they misbehave. */
export interface MisbehavingState {
  readonly ports: Readonly<Record<Misbehaviour, number>>;
}

export const misbehaviours = ['silent', 'dripping', 'endless', 'hinting'] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

const dripMs = 50;

/** What each does with a connection on which a request came. None of them ever ends its answer. */
const answers: Readonly<Record<Misbehaviour, (socket: Socket) => void>> = {
  silent: () => undefined,
  dripping: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
    repeat(socket, 'x');
  },
  endless: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    repeat(socket, `1000\r\n${'x'.repeat(4096)}\r\n`);
  },
  hinting: (socket) => repeat(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'),
};

function repeat(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), dripMs);
  socket.on('close', () => clearInterval(timer));
}

async function listen(misbehaviour: Misbehaviour): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answers[misbehaviour](socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

if (process.send !== undefined) {
  const [silent, dripping, endless, hinting] = await Promise.all(misbehaviours.map(listen));
  const state: MisbehavingState = { ports: { silent: silent ?? 0, dripping: dripping ?? 0, endless: endless ?? 0, hinting: hinting ?? 0 } };
  process.send(state);
  process.on('message', () => process.send?.(state));
  process.on('disconnect', () => process.exit());
}
