import { setTimeout as delay } from 'node:timers/promises';
import { whyNoBullmq } from './contestants/bullmq.ts';
import { bodyBytes, connections, warmUps } from './contestants/contestant.ts';
import type { RelayContestant } from './contestants/relay-contestant.ts';
import { startRelayingBullmq } from './contestants/relaying-bullmq.ts';
import { startRelayingHookyard } from './contestants/relaying-hookyard.ts';
import { startSmee, whyNoSmee } from './contestants/smee.ts';
import { measureLatency, type Latencies } from './relay-latency.ts';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { redisVersion } from './support/redis.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import type { SinkState } from './support/sink.ts';

type Sink = Child<'state', SinkState>;
type Load = Child<LoadOrder & { readonly [key: string]: string | number }, LoadResult>;

/** A target that gets nothing for so long gets nothing more. */
const patienceMs = 5000;

/** The rates of one relay, in order. */
interface Lane {
  readonly name: string;
  readonly contestant: RelayContestant;
  readonly perSecond: number[];
}

const names = {
  own: 'Hookyard',
  straight: 'nobody (straight to the target)',
  passThrough: 'a bare pass-through',
  smee: 'smee',
  always: 'BullMQ, fsync always',
  everysec: 'BullMQ, fsync every second',
} as const;

/** From a request to its record as forwarded, against smee and a relay on BullMQ; and how late a target gets requests by a relay. */
export async function benchRelay(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 7;
  const requests = sizes.messages ?? 20_000;
  const stops: (() => Promise<void>)[] = [];
  const lanes: Lane[] = [];
  const enter = (name: string, contestant: RelayContestant) => {
    stops.push(contestant.stop);
    lanes.push({ name, contestant, perSecond: [] });
  };
  let about: readonly string[] = [];
  try {
    const sink: Sink = await startChild('sink.ts');
    stops.push(sink.stop);
    const load: Load = await startChild('load.ts');
    stops.push(load.stop);
    const target = `http://127.0.0.1:${(await sink.ask('state')).port}/hooks`;
    enter(names.own, await startRelayingHookyard(target));
    enter(names.straight, straightTo(target));
    enter(names.passThrough, await startPassThrough(target));
    about = await enterPeers(enter, target, requests);
    // Each round begins with a different one, so that none always follows the same.
    for (let round = 0; round < warmUps + rounds; round += 1)
      for (let turn = 0; turn < lanes.length; turn += 1) {
        const lane = lanes[(round + turn) % lanes.length];
        lane?.perSecond.push(await runRound(lane, sink, load, { requests, firstBody: (round * lanes.length + turn) * requests }));
        await lane?.contestant.rest();
      }
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
  const latencies = await measureLatency({ rounds: Math.min(3, rounds), requests: Math.max(20, Math.ceil(requests / 20)) });
  return findingsOf(lanes, latencies, about, { rounds, requests, connections, bodyBytes });
}

/** What load and target can do without anything between them, beside which no relay on this machine is faster. */
function straightTo(target: string): RelayContestant {
  const nothing = () => Promise.resolve();
  return { url: target, recorded: nothing, rest: nothing, stop: nothing };
}

/** What node:http and undici can do between load and target without keeping anything, beside which no relay in one process of Node is faster. */
async function startPassThrough(target: string): Promise<RelayContestant> {
  const child = await startChild<string, { readonly url: string }>('pass-through.ts');
  const { url } = await child.ask(target);
  const nothing = () => Promise.resolve();
  return { url, recorded: nothing, rest: nothing, stop: child.stop };
}

/** Starts the peers that can run here; returns sentences on how they are set up, or on why they are left out. */
async function enterPeers(
  enter: (name: string, contestant: RelayContestant) => void,
  target: string,
  requests: number,
): Promise<readonly string[]> {
  const [noSmee, noBullmq] = [await whyNoSmee(), await whyNoBullmq()];
  const left = (peer: string, missing: string) => {
    process.stderr.write(`${peer} is left out: ${missing}.\n`);
    return `${peer} is left out of this run: ${missing}.`;
  };
  if (noSmee === null) enter(names.smee, await startSmee(target));
  if (noBullmq === null) {
    enter(names.always, await startRelayingBullmq(target, 'always', requests));
    enter(names.everysec, await startRelayingBullmq(target, 'everysec', requests));
  }
  return [
    noSmee === null
      ? 'smee: `bench/peers/smee` is smee-client from npm and a channel that speaks as smee.io does, each in a process of its own. Neither keeps anything, so a round ends when the target has every request; JSON that is written again comes out the same, since it has no space. In its favour: the channel is on node:http alone, without the Express of the original.'
      : left('smee', noSmee),
    noBullmq === null
      ? `BullMQ: \`bench/peers/bullmq/relay.js\` does the same job in a process of its own beside Redis ${await redisVersion()}: it adds a job before it answers, and one worker of concurrency ${connections} posts it on over undici and returns the attempt. The append-only file is synced before each answer (\`always\`) or once a second (\`everysec\`, which may lose a second of requests that were answered). In its favour: no snapshots, an empty Redis before each round.`
      : left('BullMQ', noBullmq),
  ];
}

/** Requests per second from the first one until the last is at the target and recorded. Throws when the target did not get each whole. */
async function runRound(
  { name, contestant }: Lane,
  sink: Sink,
  load: Load,
  { requests, firstBody }: { readonly requests: number; readonly firstBody: number },
): Promise<number> {
  const before = await sink.ask('state');
  const startedMs = performance.now();
  const { failures } = await load.ask({ url: `${contestant.url}/orders`, connections, requests, bodyBytes, firstBody });
  if (failures > 0) throw new Error(`${failures} requests to ${name} were not answered with 200; the figures would mean nothing.`);
  await untilArrived(sink, name, { requests: before.requests + requests, bodyBytes: before.bodyBytes + requests * bodyBytes });
  await contestant.recorded();
  return (requests * 1000) / (performance.now() - startedMs);
}

async function untilArrived(sink: Sink, name: string, wanted: Omit<SinkState, 'port'>): Promise<void> {
  let last = { requests: -1, atMs: 0 };
  for (;;) {
    const { requests, bodyBytes: bytes } = await sink.ask('state');
    if (requests === wanted.requests && bytes === wanted.bodyBytes) return;
    if (requests !== last.requests) last = { requests, atMs: performance.now() };
    if (requests > wanted.requests || performance.now() - last.atMs > patienceMs)
      throw new Error(
        `By ${name} the target has got ${requests} requests with ${bytes} bytes in all instead of ${wanted.requests} with ${wanted.bodyBytes}; the figures would mean nothing.`,
      );
    await delay(5);
  }
}

function findingsOf(
  lanes: readonly Lane[],
  { method: latencyMethod, figures: late, ratios: lateness }: Latencies,
  about: readonly string[],
  sizes: Findings['sizes'],
): Findings {
  const measured = lanes.map(({ name, perSecond }) => ({ name, rates: perSecond.slice(warmUps) }));
  const [own, ...peers] = measured;
  if (own === undefined) throw new Error('Nothing was measured.');
  const figures: readonly Figure[] = [
    ...measured.map(({ name, rates }) => ({ name: `forwarded by ${name}`, unit: 'per second' as const, ...summarise(rates) })),
    ...late,
  ];
  const ratios: readonly Ratio[] = [
    ...peers.map((peer) => ({ name: 'forwarded by Hookyard', of: peer.name, ...summarise(divide(own.rates, peer.rates)) })),
    ...lateness,
  ];
  return {
    method: [
      `Forwarded: ${sizes['requests']} POSTs of ${bodyBytes} bytes, no two alike, over ${connections} connections that are always busy, from the first request until the target has each whole and all are recorded. The engine keeps each request before it answers, and a full record of every attempt, with every commit synced to the disk (synchronous=FULL).`,
      ...about,
      'Straight to the target: the same load with nothing between, which shares the same processors; no relay here can be faster.',
      'Bare pass-through: node:http that reads the body and answers at once, and undici that posts it on, in a process of its own. It keeps nothing, parses nothing and has no client in between.',
      'All forward to the same server in a process of its own, which reads each request and answers 200 with nothing; the load comes from another process.',
      `${counted(sizes['rounds'], 'round')} of each in turns, after ${warmUps} of each to warm up. Ratios are taken round by round.`,
      ...latencyMethod,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
