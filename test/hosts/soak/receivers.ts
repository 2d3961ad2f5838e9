import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How often a receiver got a message, and how often it answered that with a success. */
export interface Arrivals {
  arrived: number;
  succeeded: number;
}

/** What a receiver does with a request: `ok` answers at once, the others fail, dawdle or hang up now and then. */
export type Temper = 'ok' | 'flaky' | 'slow' | 'resetting';
export const tempers: readonly Temper[] = ['ok', 'flaky', 'slow', 'resetting'];

/** Where the relay forwards to. */
export const relayTempers: readonly Temper[] = ['flaky', 'resetting'];

export interface Receivers {
  readonly urlOf: (temper: Temper) => string;
  /** A URL that nobody listens at. */
  readonly deadUrl: string;
  /** By message id; what a relay forwarded, which has none, by its path. */
  readonly arrivalsAt: (temper: Temper) => ReadonlyMap<string, Arrivals>;
  readonly close: () => Promise<void>;
}

const flakyShare = 0.3;
const resettingShare = 0.2;
const slowestMs = 150;

/** Receivers of every temper behind one server, which outlives the hosts. */
export async function startReceivers(random: () => number): Promise<Receivers> {
  const arrivals = new Map<Temper, Map<string, Arrivals>>(tempers.map((temper) => [temper, new Map()]));
  const succeed = (response: ServerResponse, seen: Arrivals) =>
    response.end('ok', () => {
      seen.succeeded += 1;
    });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume().once('end', () => {
      const [, first = '', ...rest] = request.url?.split('/') ?? [];
      const temper = first as Temper;
      const seenAll = arrivals.get(temper);
      const id = String(request.headers['webhook-id'] ?? `/${rest.join('/')}`);
      const seen = seenAll?.get(id) ?? { arrived: 0, succeeded: 0 };
      seenAll?.set(id, seen);
      seen.arrived += 1;
      switch (temper) {
        case 'ok':
          return succeed(response, seen);
        case 'slow':
          return setTimeout(() => succeed(response, seen), random() * slowestMs);
        case 'flaky':
          return random() < flakyShare ? response.writeHead(503).end('not now') : succeed(response, seen);
        case 'resetting':
          return random() < resettingShare ? response.socket?.resetAndDestroy() : succeed(response, seen);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urlOf: (temper) => `${origin}/${temper}`,
    deadUrl: await unusedUrl(),
    arrivalsAt: (temper) => arrivals.get(temper) ?? new Map(),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A port that was free a moment ago. */
async function unusedUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/dead`;
}
