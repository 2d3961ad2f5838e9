import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { startHost, type BenchHost } from './support/host.ts';
import { misbehaviours, type MisbehavingState } from './support/misbehaving-sink.ts';
import { bodyOf } from './support/payload.ts';
import type { StampState } from './support/stamping-sink.ts';
import { followStream } from './support/stream-followers.ts';
import { createTempFolder } from './support/temp-folder.ts';

/** Pause between two requests, so that none waits for another. */
const apartMs = 5;
const bodyBytes = 1000;
/** Captures that wait for each target that hangs before the measuring begins, at most, and their size: more than the system takes for a follower that reads nothing. */
const mostWaiting = 150;
const waitingBytes = 60_000;
const hangingFollowers = 50;

export interface Latencies {
  /** How the figures come about, a sentence each. */
  readonly method: readonly string[];
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
}

const methodOf = (waiting: number): readonly string[] => [
  `To the target: one POST of ${bodyBytes} bytes after the other, ${apartMs} ms apart, from sending it to its arrival at a target in a process of its own: straight to the target, and by way of a bin and its relay in a headless host in a process of its own, where it is captured and made a delivery that is claimed for its attempt, synced to the disk, before it is sent.`,
  'Answer of the target: from sending a request until its answer is here, straight, and by a relay that gives the answer of its target.',
  `Beside what hangs: the same bin has a second relay with ${misbehaviours.length} targets that say nothing, drip a byte each 50 ms, send a body without end, or send interim answers without end, with ${waiting} captures of ${waitingBytes} bytes waiting for each, and ${hangingFollowers} followers of its stream that read nothing of them.`,
];

type Sink = Child<'state' | 'take', StampState>;

/** Times of one round, in milliseconds. */
interface Round {
  readonly toTarget: readonly number[];
  readonly answers: readonly number[];
}

interface Rounds {
  readonly direct: Round[];
  readonly relayed: Round[];
  /** By a relay that gives the answer of its target. */
  readonly answering: Round[];
  readonly beside: Round[];
}

interface Hanging {
  readonly ports: MisbehavingState['ports'];
  readonly waiting: number;
}

interface Relayed {
  readonly target: string;
  /** Where the targets that hang listen, and the captures that wait for each; null for none of them. */
  readonly hanging: Hanging | null;
  /** Whose answer the relay gives; null for that of the bin. */
  readonly answer: { readonly target: number } | null;
}

/** How late a target gets requests straight, by a relay, and by a relay beside targets and followers that hang. */
export async function measureLatency({ rounds, requests }: { readonly rounds: number; readonly requests: number }): Promise<Latencies> {
  const sink: Sink = await startChild('stamping-sink.ts');
  const others: Child<'state', MisbehavingState> = await startChild('misbehaving-sink.ts');
  const waiting = Math.min(mostWaiting, requests);
  const made: Rounds = { direct: [], relayed: [], answering: [], beside: [] };
  try {
    const target = `http://127.0.0.1:${(await sink.ask('state')).port}`;
    const { ports } = await others.ask('state');
    for (let round = 0; round < rounds; round += 1) {
      const send = (url: string) => sendApart(sink, url, requests);
      made.direct.push(await send(target));
      made.relayed.push(await byRelay({ target, hanging: null, answer: null }, send));
      made.answering.push(await byRelay({ target, hanging: null, answer: { target: 0 } }, send));
      made.beside.push(await byRelay({ target, hanging: { ports, waiting }, answer: null }, send));
    }
  } finally {
    await Promise.all([sink.stop(), others.stop()]);
  }
  return { method: [...methodOf(waiting), `${counted(rounds, 'round')} of each in turns.`], ...latenciesOf(made) };
}

/** Sends to `/timed` at a URL, after as many unmeasured ones as compile the code. */
async function sendApart(sink: Sink, url: string, requests: number): Promise<Round> {
  const { origin, pathname } = new URL(`${url}/timed`);
  const pool = new Pool(origin, { connections: 1 });
  const sentAtMs = new Map<string, number>();
  const answers: number[] = [];
  const warmUps = Math.ceil(requests / 5);
  for (let number = 0; number < warmUps + requests; number += 1) {
    const id = `msg_${number}`;
    const atMs = performance.timeOrigin + performance.now();
    const headers = { 'content-type': 'application/json', 'webhook-id': id };
    const { body, statusCode } = await pool.request({ path: pathname, method: 'POST', headers, body: bodyOf(number, bodyBytes) });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}; the figures would mean nothing.`);
    if (number >= warmUps) {
      sentAtMs.set(id, atMs);
      answers.push(performance.timeOrigin + performance.now() - atMs);
    }
    await delay(apartMs);
  }
  await pool.close();
  return { toTarget: await arrivalsOf(sink, sentAtMs), answers };
}

async function arrivalsOf(sink: Sink, sentAtMs: ReadonlyMap<string, number>): Promise<readonly number[]> {
  const arrived = new Map<string, number>();
  for (let tries = 0; ![...sentAtMs.keys()].every((id) => arrived.has(id)) && tries < 300; tries += 1) {
    for (const [id, atMs] of (await sink.ask('take')).arrivals) arrived.set(id, atMs);
    await delay(20);
  }
  return [...sentAtMs].map(([id, sentMs]) => {
    const atMs = arrived.get(id);
    if (atMs === undefined) throw new Error(`Request ${id} did not arrive within some seconds; the figures would mean nothing.`);
    return atMs - sentMs;
  });
}

/** Does something with the URL of a bin that is relayed to a target, on a host of its own. */
async function byRelay<T>({ target, hanging, answer }: Relayed, act: (url: string) => Promise<T>): Promise<T> {
  const folder = createTempFolder();
  const host = await startHost(folder.path);
  const followers: Socket[] = [];
  try {
    const bin = await host.call<{ readonly id: string; readonly url: string }>('POST', '/bins', { name: 'Bench', slug: 'bench' });
    if (hanging !== null) {
      followers.push(...(await followStream(host, bin.id, hangingFollowers)));
      await hangTargets(host, bin, hanging);
    }
    await host.call('POST', '/relays', { name: 'Timed', binId: bin.id, targets: [{ url: target }], answer });
    return await act(bin.url);
  } finally {
    for (const follower of followers) follower.destroy();
    await host.stop();
    folder.remove();
  }
}

async function hangTargets(
  host: BenchHost,
  bin: { readonly id: string; readonly url: string },
  { ports, waiting }: Hanging,
): Promise<void> {
  const targets = misbehaviours.map((kind) => ({ name: kind, url: `http://127.0.0.1:${ports[kind]}/`, timeoutMs: 600_000 }));
  await host.call('POST', '/relays', { name: 'Hanging', binId: bin.id, targets });
  for (let number = 0; number < waiting; number += 1) {
    const answer = await fetch(bin.url, { method: 'POST', body: bodyOf(number, waitingBytes).toString() });
    await answer.arrayBuffer();
  }
  // They have all the slots that they get once the number of attempts under way stands still.
  for (let before = -1; ;) {
    const { inFlightAttempts } = await host.call<{ readonly inFlightAttempts: number }>('GET', '/health');
    if (inFlightAttempts === before) return;
    before = inFlightAttempts;
    await delay(200);
  }
}

function latenciesOf({ direct, relayed, answering, beside }: Rounds): Omit<Latencies, 'method'> {
  const of = (name: string, times: readonly (readonly number[])[]): readonly Figure[] => [
    { name: `${name}, median`, unit: 'ms', ...summarise(times.map((round) => summarise(round).median)) },
    { name: `${name}, p99`, unit: 'ms', ...summarise(times.map((round) => summarise(round).p99)) },
  ];
  const toTarget = (all: readonly Round[]) => all.map((round) => round.toTarget);
  const answers = (all: readonly Round[]) => all.map((round) => round.answers);
  const p99s = (times: readonly (readonly number[])[]) => times.map((round) => summarise(round).p99);
  const medians = (times: readonly (readonly number[])[]) => times.map((round) => summarise(round).median);
  const added = (times: readonly (readonly number[])[], to: readonly (readonly number[])[]) =>
    summarise(medians(times).map((median, round) => median - (medians(to)[round] ?? Number.NaN)));
  return {
    figures: [
      ...of('to the target, straight', toTarget(direct)),
      ...of('to the target, relayed', toTarget(relayed)),
      { name: 'to the target, added by the relay (between medians)', unit: 'ms', ...added(toTarget(relayed), toTarget(direct)) },
      ...of('to the target, relayed beside what hangs', toTarget(beside)),
      ...of('answer of the target, straight', answers(direct)),
      ...of('answer of the target, by the relay', answers(answering)),
      { name: 'answer of the target, added by the relay (between medians)', unit: 'ms', ...added(answers(answering), answers(direct)) },
      ...of('answer of the bin', answers(relayed)),
      ...of('answer of the bin beside what hangs', answers(beside)),
    ],
    ratios: [
      {
        name: 'to the target beside what hangs, p99',
        of: 'to the target, relayed, p99',
        ...summarise(divide(p99s(toTarget(beside)), p99s(toTarget(relayed)))),
      },
      {
        name: 'answer beside what hangs, p99',
        of: 'answer of the bin, p99',
        ...summarise(divide(p99s(answers(beside)), p99s(answers(relayed)))),
      },
    ],
  };
}
