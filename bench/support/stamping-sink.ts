import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the sink listens, how many requests came elsewhere than to `/timed`, and, when taken, when each message first came there, in epoch milliseconds. */
export interface StampState {
  readonly port: number;
  readonly others: number;
  readonly arrivals: readonly (readonly [id: string, atMs: number])[];
}

// A receiver that answers 200 with an empty body and records when each message came to `/timed`; other requests are not recorded.
const arrivals = new Map<string, number>();
let others = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const atMs = performance.timeOrigin + performance.now();
  const id = String(request.headers['webhook-id']);
  if (request.url !== '/timed') others += 1;
  else if (!arrivals.has(id)) arrivals.set(id, atMs);
  request.resume();
  request.on('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const answer = (isTaken: boolean) => {
    process.send?.({ port, others, arrivals: isTaken ? [...arrivals] : [] } satisfies StampState);
    if (isTaken) arrivals.clear();
  };
  answer(false);
  process.on('message', (question) => answer(question === 'take'));
});
process.on('disconnect', () => process.exit());
