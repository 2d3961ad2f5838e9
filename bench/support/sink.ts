import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What the sink answers to any question: where it listens and what has come in whole so far. */
export interface SinkState {
  readonly port: number;
  readonly requests: number;
  readonly bodyBytes: number;
}

// A receiver that costs as little as one can, since it shares the machine with what is measured: it reads each request
// to its end and answers 200 with nothing. It knows only requests that tell their length.
let requests = 0;
let bodyBytes = 0;
let answer = answerNow();
setInterval(() => (answer = answerNow()), 1000).unref();

const server = createServer({ noDelay: true }, (socket) => {
  const read = createReader(socket);
  socket.on('data', read);
  // Senders that stop destroy their connections.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const state = (): SinkState => ({ port: (server.address() as AddressInfo).port, requests, bodyBytes });
  process.send?.(state());
  process.on('message', () => process.send?.(state()));
});
process.on('disconnect', () => process.exit());

function answerNow(): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: 0\r\n\r\n`, 'latin1');
}

/** Follows the requests of one connection, however they are cut into chunks. */
function createReader(socket: Socket): (chunk: Buffer) => void {
  let headBegun: Buffer | null = null;
  let bodyLeft = 0;
  const finish = () => {
    requests += 1;
    socket.write(answer);
  };
  return (chunk) => {
    let rest = headBegun === null ? chunk : Buffer.concat([headBegun, chunk]);
    headBegun = null;
    while (rest.byteLength > 0) {
      if (bodyLeft === 0) {
        const headEnd = rest.indexOf('\r\n\r\n');
        if (headEnd < 0) {
          headBegun = rest;
          return;
        }
        bodyLeft = lengthOf(rest.toString('latin1', 0, headEnd));
        rest = rest.subarray(headEnd + 4);
        if (bodyLeft === 0) finish();
      }
      const taken = Math.min(bodyLeft, rest.byteLength);
      if (taken === 0) continue;
      bodyBytes += taken;
      bodyLeft -= taken;
      rest = rest.subarray(taken);
      if (bodyLeft === 0) finish();
    }
  };
}

function lengthOf(head: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`The sink reads only requests with a Content-Length, and this one has none:\n${head}`);
  return Number(length);
}
