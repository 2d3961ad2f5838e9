import { startBullmq, whyNoBullmq } from './contestants/bullmq.ts';
import { bodyBytes, connections, warmUps, type Contestant, type DurableRound, type Pace } from './contestants/contestant.ts';
import { startHookyard } from './contestants/hookyard.ts';
import type { RawOrder } from './contestants/raw-sender.ts';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { redisVersion } from './support/redis.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import type { SinkState } from './support/sink.ts';

type Sink = Child<'state', SinkState>;
type RawSender = Child<RawOrder & { readonly [key: string]: string | number }, Pace>;

/** The results of the rounds of one durable sender, in order. */
interface Lane {
  readonly name: string;
  readonly contestant: Contestant;
  readonly backlogs: DurableRound[];
  readonly atOnce: DurableRound[];
}

/** Durable dispatch against raw POSTs and against a worker on BullMQ, in turns, to one server in another process. */
export async function benchDispatch(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 7;
  const messages = sizes.messages ?? 60_000;
  const stops: (() => Promise<void>)[] = [];
  try {
    const sink: Sink = await startChild('sink.ts');
    stops.push(sink.stop);
    const url = `http://127.0.0.1:${(await sink.ask('state')).port}/webhooks`;
    const raw: RawSender = await startChild('../contestants/raw-sender.ts');
    stops.push(raw.stop);
    const ofRaw: Pace[] = [];
    const lanes: Lane[] = [];
    const enter = (name: string, contestant: Contestant) => {
      stops.push(contestant.stop);
      lanes.push({ name, contestant, backlogs: [], atOnce: [] });
    };
    enter('durable dispatch', await startHookyard(url));
    const peers = await readyPeers();
    for (const { name, start } of peers.ready) enter(name, await start(url));

    let first = 0;
    const take = () => (first += messages) - messages;
    const turns = [
      async () => void ofRaw.push(await checked(sink, messages, () => raw.ask({ url, first: take(), messages }))),
      ...lanes.map(({ contestant, backlogs, atOnce }) => async () => {
        const run = (isBacklog: boolean) => checked(sink, messages, () => contestant.run({ first: take(), messages, isBacklog }));
        backlogs.push(await run(true));
        atOnce.push(await run(false));
      }),
    ];
    // Each round begins with a different one, so that none always follows the same.
    for (let round = 0; round < warmUps + rounds; round += 1)
      for (let turn = 0; turn < turns.length; turn += 1) await turns[(round + turn) % turns.length]?.();
    for (const { contestant } of lanes) await contestant.check();
    return findingsOf(ofRaw, lanes, peers.about, { rounds, messages, connections, bodyBytes });
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

interface Peers {
  readonly ready: readonly { readonly name: string; readonly start: (url: string) => Promise<Contestant> }[];
  /** A sentence on how they are set up, or on why there are none. */
  readonly about: string;
}

/** The peers that can run here; the reason why they cannot goes to standard error too. */
async function readyPeers(): Promise<Peers> {
  const missing = await whyNoBullmq();
  if (missing !== null) {
    process.stderr.write(`BullMQ is left out: ${missing}.\n`);
    return { ready: [], about: `BullMQ is left out of this run: ${missing}.` };
  }
  return {
    ready: [
      { name: 'BullMQ, fsync always', start: (url) => startBullmq(url, 'always') },
      { name: 'BullMQ, fsync every second', start: (url) => startBullmq(url, 'everysec') },
    ],
    about:
      `BullMQ: \`bench/peers/bullmq\` does the same job in a process of its own beside Redis ${await redisVersion()}: addBulk of 500, one worker of concurrency ${connections}, Standard Webhooks by node:crypto, undici over ${connections} connections, the whole attempt as the job's return value, jobs kept. ` +
      'The append-only file is on, synced either before each answer (`appendfsync always`, as durable as the engine) or once a second (`everysec`, which may lose a second of accepted messages and records). In its favour: no snapshots, no rewrite of the file during a round, and an empty Redis before each.',
  };
}

/** Runs a round and makes sure that the server got every request with its whole body. */
async function checked<R>(sink: Sink, messages: number, run: () => Promise<R>): Promise<R> {
  const before = await sink.ask('state');
  const result = await run();
  const after = await sink.ask('state');
  const [requests, bytes] = [after.requests - before.requests, after.bodyBytes - before.bodyBytes];
  if (requests !== messages || bytes !== messages * bodyBytes)
    throw new Error(
      `The server got ${requests} requests with ${bytes} bytes instead of ${messages} with ${messages * bodyBytes}; the figures would mean nothing.`,
    );
  return result;
}

function findingsOf(withWarmUp: readonly Pace[], lanes: readonly Lane[], aboutPeers: string, sizes: Findings['sizes']): Findings {
  const raw = { drain: withWarmUp.slice(warmUps).map(perSecond), cpu: withWarmUp.slice(warmUps).map(cpuMicros) };
  const measured = lanes.map(({ name, backlogs, atOnce }) => ({
    name,
    drain: backlogs.slice(warmUps).map(({ delivered }) => perSecond(delivered)),
    cpu: backlogs.slice(warmUps).map(({ delivered }) => cpuMicros(delivered)),
    accept: backlogs.slice(warmUps).map(({ accepted }) => perSecond(accepted)),
    atOnce: atOnce.slice(warmUps).map(({ delivered }) => perSecond(delivered)),
  }));
  const [ours, ...peers] = measured;
  if (ours === undefined) throw new Error('Nothing was measured.');
  const rate = { unit: 'per second' } as const;
  const figures: readonly Figure[] = [
    { name: 'raw undici', ...rate, ...summarise(raw.drain) },
    ...measured.map(({ name, drain }) => ({ name, ...rate, ...summarise(drain) })),
    ...measured.map(({ name, atOnce }) => ({ name: `${name}, accepting included`, ...rate, ...summarise(atOnce) })),
    ...measured.map(({ name, accept }) => ({ name: `${name}, accepting alone`, ...rate, ...summarise(accept) })),
    { name: 'CPU per message: raw undici', unit: 'µs', ...summarise(raw.cpu) },
    ...measured.map(({ name, cpu }) => ({ name: `CPU per message: ${name}`, unit: 'µs' as const, ...summarise(cpu) })),
  ];
  const ratios: readonly Ratio[] = [
    ...measured.map(({ name, drain }) => ({ name, of: 'raw undici', ...summarise(divide(drain, raw.drain)) })),
    ...peers.map((peer) => ({ name: ours.name, of: peer.name, ...summarise(divide(ours.drain, peer.drain)) })),
    ...peers.map((peer) => ({
      name: `${ours.name}, accepting included`,
      of: `${peer.name}, accepting included`,
      ...summarise(divide(ours.atOnce, peer.atOnce)),
    })),
  ];
  return { method: methodOf(aboutPeers, sizes), sizes, figures, ratios, table: tableOf(figures, ratios) };
}

const perSecond = (pace: Pace) => pace.perSecond;
const cpuMicros = (pace: Pace) => pace.cpuMicrosPerMessage;

function methodOf(aboutPeers: string, sizes: Findings['sizes']): readonly string[] {
  return [
    `Durable dispatch: ${sizes['messages']} messages have been accepted and wait; timed from enabling their endpoint until the last attempt is recorded. The engine signs (Standard Webhooks) and sends each over ${connections} connections and keeps a full record of every attempt, with every commit synced to the disk (synchronous=FULL).`,
    `Accepting included: nothing waits at first; timed from the first message handed over, ${connections} outstanding, until the last attempt is recorded. Accepting alone: as they are accepted for a backlog, while nothing is sent.`,
    `Raw undici: POSTs of ready-made bodies of the same ${bodyBytes} bytes and as many header bytes over ${connections} connections, in a process of its own; nothing is signed or recorded.`,
    aboutPeers,
    'All send to the same server in a process of its own, which reads each request and answers 200 with nothing. CPU is that of the sending process, for BullMQ with that of Redis; the server is not in it.',
    `${counted(sizes['rounds'], 'round')} of each in turns, after ${warmUps} of each to warm up. Ratios are taken round by round.`,
  ];
}
