import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that speaks as smee.io does. */
export interface SmeeServer {
  readonly channel: string;
  readonly close: () => void;
  /** Settles when no client is connected. */
  readonly left: () => Promise<void>;
  /** The Last-Event-ID header of each connection so far. */
  readonly lastIds: readonly (string | undefined)[];
  /** Ends every connection, as a restart of the server does. */
  readonly drop: () => void;
  /** Leaves out the next event, so that its id is missing. */
  readonly skip: () => void;
  /** Answers new connections with this status from now on; null connects again. */
  readonly refuse: (status: number | null) => void;
}

/**
 * Independent of our own code, after probot/smee.io lib/server.js (read 2026-11-29): a POST of JSON is parsed and told to each client as
 * `JSON.stringify({...headers, body, query, timestamp})`; each connection counts its events from 0, the first being `ready`; nothing is kept.
 */
export async function startSmeeServer(): Promise<SmeeServer> {
  const clients = new Set<{ readonly response: ServerResponse; count: number }>();
  const lastIds: (string | undefined)[] = [];
  const waiting: (() => void)[] = [];
  let refusal: number | null = null;

  const tell = (client: { readonly response: ServerResponse; count: number }, text: string) => {
    client.response.write(`id: ${client.count}\n${text}\n\n`);
    client.count += 1;
  };
  const connect = (request: IncomingMessage, response: ServerResponse) => {
    lastIds.push(request.headers['last-event-id'] as string | undefined);
    if (refusal !== null) return response.writeHead(refusal).end();
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      Connection: 'keep-alive',
      'x-no-compression': 1,
    });
    const client = { response, count: 0 };
    clients.add(client);
    response.on('close', () => {
      clients.delete(client);
      for (const wake of waiting.splice(0)) wake();
    });
    tell(client, 'event: ready\ndata: {}');
    return undefined;
  };
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const query = Object.fromEntries(new URL(request.url ?? '', 'http://smee').searchParams);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const event = JSON.stringify({ ...request.headers, body, query, timestamp: Date.now() });
    for (const client of clients) tell(client, `data: ${event}`);
    response.writeHead(200).end();
  };
  const server = createServer((request, response) => {
    if (request.method === 'POST') void take(request, response);
    else connect(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    channel: `http://127.0.0.1:${(server.address() as AddressInfo).port}/AbCdEf123456`,
    left: async () => {
      while (clients.size > 0) await new Promise<void>((resolve) => void waiting.push(resolve));
    },
    lastIds,
    drop: () => {
      for (const { response } of clients) response.destroy();
    },
    skip: () => {
      for (const client of clients) client.count += 1;
    },
    refuse: (status) => {
      refusal = status;
    },
  };
}
