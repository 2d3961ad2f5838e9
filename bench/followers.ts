import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { counted } from './support/counted.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { startHost, type BenchHost } from './support/host.ts';
import { eventData } from './support/payload.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

const followers = 100;
const outstanding = 32;
const bodyBytes = 1000;

type Kind = 'alone' | 'sse' | 'webSocket';
const kinds: readonly Kind[] = ['alone', 'sse', 'webSocket'];

/** How many messages a host accepts while many follow its changes and never read, against how many it accepts alone. */
export async function benchFollowers(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 5;
  const messages = sizes.messages ?? 4000;
  const folder = createTempFolder();
  const host = await startHost(folder.path);
  const agent = new Agent({ keepAlive: true, maxSockets: outstanding });
  const rates: Record<Kind, number[]> = { alone: [], sse: [], webSocket: [] };
  try {
    await accept(host, agent, messages);
    for (let round = 0; round < rounds; round += 1)
      for (const kind of kinds) {
        const stop = await follow(host, kind);
        const startedMs = performance.now();
        await accept(host, agent, messages);
        rates[kind].push((messages * 1000) / (performance.now() - startedMs));
        stop();
      }
  } finally {
    agent.destroy();
    await host.stop();
    folder.remove();
  }
  return findingsOf(rates, { rounds, messages, followers, outstanding, bodyBytes });
}

/** Messages that nobody listens to, so that accepting them is all there is to do. */
async function accept(host: BenchHost, agent: Agent, messages: number): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < messages) {
      next += 1;
      await post(host, agent, JSON.stringify({ type: 'none.listens', data: eventData(next, bodyBytes) }));
    }
  };
  await Promise.all(Array.from({ length: outstanding }, one));
}

async function post({ url, token }: BenchHost, agent: Agent, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request(`${url}/api/messages`, { method: 'POST', agent, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { readonly statusCode: number }];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 202) throw new Error(`A message was answered ${response.statusCode}.`);
}

/** Opens followers that get their first change and read no further; returns how to close them. */
async function follow(host: BenchHost, kind: Kind): Promise<() => void> {
  if (kind === 'alone') return () => undefined;
  const open = kind === 'sse' ? followByRest : followBySocket;
  const ends = await Promise.all(Array.from({ length: followers }, () => open(host)));
  return () => {
    for (const end of ends) end();
  };
}

async function followByRest({ url, token }: BenchHost): Promise<() => void> {
  const { port, host } = new URL(url);
  const socket: Socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET /api/changes HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  return () => socket.destroy();
}

async function followBySocket({ url, token }: BenchHost): Promise<() => void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  socket.send(JSON.stringify({ i: '1', p: { u: '/system/changes', b: {} } }));
  await once(socket, 'message');
  socket.pause();
  return () => socket.terminate();
}

function findingsOf(rates: Readonly<Record<Kind, readonly number[]>>, sizes: Readonly<Record<string, number>>): Findings {
  const figure = (name: string, values: readonly number[]): Figure => ({ name, unit: 'per second', ...summarise(values) });
  const ratio = (name: string, values: readonly number[]): Ratio => ({ name, of: 'alone', ...summarise(divide(values, rates.alone)) });
  const names = { alone: 'alone', sse: `${followers} by server-sent events`, webSocket: `${followers} by WebSocket` };
  const figures = kinds.map((kind) => figure(names[kind], rates[kind]));
  const ratios = (['sse', 'webSocket'] as const).map((kind) => ratio(names[kind], rates[kind]));
  return {
    method: [
      `A headless host in a process of its own accepts ${sizes['messages']} messages of ${bodyBytes} bytes that nobody listens to, ${outstanding} at a time over REST, each synced to the disk before its answer.`,
      `Alone, and while ${followers} connections follow its changes that have read the first one and read no further.`,
      `${counted(sizes['rounds'], 'round')} of each in turns, after one to warm up. Ratios are taken round by round.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
