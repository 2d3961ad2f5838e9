import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the sink returns to any question: where it listens and what has come in whole so far. */
export interface SinkState {
  readonly port: number;
  readonly requests: number;
  readonly bodyBytes: number;
}

// A receiver that does as little as one can: it reads the body and answers 200 with nothing.
let requests = 0;
let bodyBytes = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.on('data', (chunk: Buffer) => (bodyBytes += chunk.byteLength));
  request.on('end', () => {
    requests += 1;
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const state = (): SinkState => ({ port: (server.address() as AddressInfo).port, requests, bodyBytes });
  process.send?.(state());
  process.on('message', () => process.send?.(state()));
});
process.on('disconnect', () => process.exit());
