import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { connections } from '../contestants/contestant.ts';

// Runs in its own process: the least that a relay in Node can do. It answers at once, posts the body on and keeps nothing.
let pool: Pool | null = null;
let path = '/';
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.end();
    void passOn(request.headers, Buffer.concat(chunks));
  });
});

async function passOn(headers: IncomingHttpHeaders, body: Buffer): Promise<void> {
  const answer = await pool?.request({ path, method: 'POST', headers: { 'content-type': headers['content-type'] ?? '' }, body });
  await answer?.body.dump();
}

server.listen(0, '127.0.0.1', () => process.send?.('ready'));
process.on('message', (target: string) => {
  const { origin, pathname } = new URL(target);
  pool = new Pool(origin, { connections, pipelining: 1 });
  path = pathname;
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('disconnect', () => process.exit());
