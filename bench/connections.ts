import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { counted } from './support/counted.ts';
import { startBareServer } from './support/bare-server.ts';
import { startChild, type Child } from './support/child.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { startHost } from './support/host.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { followStream } from './support/stream-followers.ts';
import { createTempFolder } from './support/temp-folder.ts';

const idleConnections = 5000;
const followers = 200;
/** Connections that send; fewer than a benchmark of captures has, so that a host has idle time and an answer's time is its own. */
const senders = 16;
const bodyBytes = 1000;
/** Connections opened at a time, so that none is refused by the system's queue. */
const openedTogether = 100;

type Load = Child<LoadOrder & { readonly [key: string]: string | number }, LoadResult>;

interface Measured {
  readonly bare: readonly LoadResult[];
  readonly alone: readonly LoadResult[];
  readonly besideIdle: readonly LoadResult[];
  readonly besideAll: readonly LoadResult[];
  /** What the host holds in memory more than before. */
  readonly idleBytes: number;
  readonly followersBytes: number;
  /** With both, and after all the followers were told everything. */
  readonly afterLoadBytes: number;
}

/** What idle connections and followers cost a headless host in memory, and those who send to it in time. */
export async function benchConnections(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 5;
  const requests = sizes.messages ?? 1000;
  const folder = createTempFolder();
  const load: Load = await startChild('load.ts');
  const bareServer = await startBareServer();
  const host = await startHost(folder.path);
  const sockets: Socket[] = [];
  let firstBody = 0;
  const drive = async (url: string): Promise<LoadResult> => {
    firstBody += requests;
    const result = await load.ask({ url: `${url}/orders`, connections: senders, requests, bodyBytes, firstBody });
    if (result.failures > 0)
      throw new Error(`${result.failures} requests to ${url} were not answered with 200; the figures would mean nothing.`);
    return result;
  };
  const driveAll = async (url: string) => {
    const results: LoadResult[] = [];
    for (let round = 0; round < rounds; round += 1) results.push(await drive(url));
    return results;
  };
  try {
    const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Bench', slug: 'bench' });
    await drive(bareServer.url);
    await drive(bin.url);
    const [bare, alone] = [await driveAll(bareServer.url), await driveAll(bin.url)];
    const beforeBytes = await host.residentBytes();
    sockets.push(...(await openIdle(Number(new URL(bin.url).port))));
    const withIdleBytes = await host.residentBytes();
    const besideIdle = await driveAll(bin.url);
    assertOpen(sockets);
    const beforeFollowersBytes = await host.residentBytes();
    const following = await followStream(host, bin.id, followers);
    sockets.push(...following);
    const withAllBytes = await host.residentBytes();
    const [besideAll] = await Promise.all([driveAll(bin.url), readAll(following, rounds * requests)]);
    const afterLoadBytes = await host.residentBytes();
    assertOpen(sockets);
    return findingsOf(
      {
        bare,
        alone,
        besideIdle,
        besideAll,
        idleBytes: withIdleBytes - beforeBytes,
        followersBytes: withAllBytes - beforeFollowersBytes,
        afterLoadBytes: afterLoadBytes - beforeBytes,
      },
      { rounds, requests, idleConnections, followers, senders, bodyBytes },
    );
  } finally {
    for (const socket of sockets) socket.destroy();
    await host.stop();
    await bareServer.stop();
    await load.stop();
    folder.remove();
  }
}

/** Connections on which nothing is sent. */
async function openIdle(port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < idleConnections) {
    const opened = Array.from({ length: openedTogether }, () => connect(port, '127.0.0.1').resume());
    await Promise.all(opened.map((socket) => once(socket, 'connect')));
    sockets.push(...opened);
  }
  return sockets;
}

function assertOpen(sockets: readonly Socket[]): void {
  const ended = sockets.filter((socket) => socket.closed || socket.readableEnded).length;
  if (ended > 0) throw new Error(`${ended} of ${sockets.length} connections were ended meanwhile; use fewer --rounds or --messages.`);
}

/** Reads on; settles once each follower has been told this many captures. */
async function readAll(following: readonly Socket[], captures: number): Promise<void> {
  const mark = '\ndata: ';
  await Promise.all(
    following.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          let events = 0;
          let tail = '';
          socket.on('data', (piece: Buffer) => {
            const text = tail + piece.toString('latin1');
            events += text.split(mark).length - 1;
            // What may be the beginning of the next mark.
            tail = text.slice(1 - mark.length);
            if (events >= captures) resolve();
          });
          socket.once('close', () => reject(new Error('A follower was cut off; the figures would mean nothing.')));
          socket.resume();
        }),
    ),
  );
}

function findingsOf(measured: Measured, sizes: Findings['sizes']): Findings {
  const p99s = (results: readonly LoadResult[]) => results.map(({ p99Ms }) => p99Ms);
  const of = (name: string, results: readonly LoadResult[]): readonly Figure[] => [
    { name: `answer ${name}, median`, unit: 'ms', ...summarise(results.map(({ medianMs }) => medianMs)) },
    { name: `answer ${name}, p99`, unit: 'ms', ...summarise(p99s(results)) },
  ];
  const memory = (name: string, bytes: number): Figure => ({ name, unit: 'MiB', ...summarise([bytes / 2 ** 20]) });
  const { bare, alone, besideIdle, besideAll } = measured;
  const figures: readonly Figure[] = [
    memory(`${idleConnections.toLocaleString('en-GB')} idle connections`, measured.idleBytes),
    memory(`${followers} followers`, measured.followersBytes),
    memory('both, after all captures were told to the followers', measured.afterLoadBytes),
    ...of('of bare node:http', bare),
    ...of('of a capture alone', alone),
    ...of('of a capture beside the idle connections', besideIdle),
    ...of('of a capture beside both', besideAll),
  ];
  const ratio = (name: string, results: readonly LoadResult[], by: readonly LoadResult[], ofName: string): Ratio => ({
    name: `answer ${name}, p99`,
    of: ofName,
    ...summarise(divide(p99s(results), p99s(by))),
  });
  const ratios: readonly Ratio[] = [
    ratio('alone', alone, bare, 'bare node:http'),
    ratio('beside the idle connections', besideIdle, bare, 'bare node:http'),
    ratio('beside the idle connections', besideIdle, alone, 'alone'),
    ratio('beside both', besideAll, alone, 'alone'),
  ];
  return {
    method: [
      `Memory: what a headless host in a process of its own holds (resident, after a collection of garbage) beyond what it held after ${counted(sizes['rounds'], 'round')} of captures; ${idleConnections.toLocaleString('en-GB')} connections to the capture port on which nothing is sent, then ${followers} followers of the bin's stream, which read.`,
      `Answers: ${sizes['requests']} POSTs of ${bodyBytes} bytes, no two alike, over ${senders} connections from a process of its own: to a bare node:http server in the process of the benchmark, to the host alone, beside the idle connections, and beside these and the followers, each of which is told every capture meanwhile.`,
      `${counted(sizes['rounds'], 'round')} of each, after one to warm up; not in turns, since what is opened stays open.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
