import { createServer } from 'node:http';

// A channel as smee.io has them, after probot/smee.io lib/server.js (read 2026-11-29): a POST of JSON is parsed, told to each client as
// JSON again, and kept nowhere. On node:http alone, which is less work than the Express of the original.
const clients = new Set();
const server = createServer(async (request, response) => {
  if (request.method !== 'POST') return follow(response);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const query = Object.fromEntries(new URL(request.url, 'http://smee').searchParams);
  const event = JSON.stringify({ ...request.headers, body: JSON.parse(Buffer.concat(chunks)), query, timestamp: Date.now() });
  for (const client of clients) client.tell(`data: ${event}`);
  return response.end();
});
server.keepAliveTimeout = 60_000;

function follow(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', Connection: 'keep-alive' });
  let count = 0;
  const client = {
    tell: (text) => {
      response.write(`id: ${count}\n${text}\n\n`);
      count += 1;
    },
  };
  clients.add(client);
  response.on('close', () => clients.delete(client));
  client.tell('event: ready\ndata: {}');
}

server.listen(0, '127.0.0.1', () => process.send('ready'));
process.on('message', () => process.send({ url: `http://127.0.0.1:${server.address().port}/channel` }));
process.on('disconnect', () => process.exit());
