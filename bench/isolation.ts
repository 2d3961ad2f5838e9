import { setTimeout as delay } from 'node:timers/promises';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { startEngine } from './support/engine.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { misbehaviours, type MisbehavingState } from './support/misbehaving-sink.ts';
import { eventData } from './support/payload.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import type { StampState } from './support/stamping-sink.ts';
import { createTempFolder } from './support/temp-folder.ts';

/** Endpoints that never end an answer, and messages waiting for each. */
const misbehaving = 50;
const waitingForEach = 40;
/** Interval between messages to the healthy endpoint. */
const apartMs = 10;
const bodyBytes = 1000;

type Sink = Child<'state' | 'take', StampState>;

/** How late a healthy endpoint gets its deliveries while many others never answer, against how late it gets them alone. */
export async function benchIsolation(sizes: Sizes): Promise<Findings> {
  const messages = sizes.messages ?? 1000;
  const rounds = sizes.rounds ?? 3;
  const healthy: Sink = await startChild('stamping-sink.ts');
  const others: Child<'state', MisbehavingState> = await startChild('misbehaving-sink.ts');
  try {
    const { port } = await healthy.ask('state');
    const { ports } = await others.ask('state');
    const alone: (readonly number[])[] = [];
    const beside: (readonly number[])[] = [];
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await runRound(healthy, port, messages, null));
      beside.push(await runRound(healthy, port, messages, ports));
    }
    return findingsOf(alone, beside, { messages, rounds, misbehaving, waitingForEach, apartMs, bodyBytes });
  } finally {
    await Promise.all([healthy.stop(), others.stop()]);
  }
}

/** Milliseconds from handing over each message to its arrival. */
async function runRound(sink: Sink, port: number, messages: number, others: MisbehavingState['ports'] | null): Promise<readonly number[]> {
  const folder = createTempFolder();
  const engine = await startEngine(folder.path);
  try {
    const { client } = engine;
    await client.endpoints.create({ name: 'Healthy', url: `http://127.0.0.1:${port}/timed`, events: ['healthy.made'] });
    if (others !== null) {
      for (let number = 0; number < misbehaving; number += 1) {
        const kind = misbehaviours[number % misbehaviours.length] ?? 'silent';
        await client.endpoints.create({
          name: `${kind} ${number}`,
          url: `http://127.0.0.1:${others[kind]}/`,
          events: ['other.made'],
          timeoutMs: 300_000,
        });
      }
      for (let message = 0; message < waitingForEach; message += 1)
        await client.messages.send({ type: 'other.made', data: eventData(message, bodyBytes - 100) });
      await untilFull(client);
    }
    const sentAtMs = new Map<string, number>();
    for (let message = 0; message < messages; message += 1) {
      const startedMs = performance.timeOrigin + performance.now();
      const { id } = await client.messages.send({ type: 'healthy.made', data: eventData(message, bodyBytes - 100) });
      sentAtMs.set(id, startedMs);
      await delay(apartMs);
    }
    return await arrivalsOf(sink, sentAtMs);
  } finally {
    await engine.stop();
    folder.remove();
  }
}

/** Settles once the others have taken all that they get. */
async function untilFull(client: Awaited<ReturnType<typeof startEngine>>['client']): Promise<void> {
  for (let before = -1; ;) {
    await delay(200);
    const { inFlightAttempts } = await client.system.health();
    if (inFlightAttempts === before) return;
    before = inFlightAttempts;
  }
}

async function arrivalsOf(sink: Sink, sentAtMs: ReadonlyMap<string, number>): Promise<readonly number[]> {
  const arrived = new Map<string, number>();
  for (let tries = 0; arrived.size < sentAtMs.size && tries < 600; tries += 1) {
    for (const [id, atMs] of (await sink.ask('take')).arrivals) arrived.set(id, atMs);
    await delay(100);
  }
  return [...sentAtMs].map(([id, startedMs]) => {
    const atMs = arrived.get(id);
    if (atMs === undefined) throw new Error(`Message ${id} did not arrive within a minute; the figures would mean nothing.`);
    return atMs - startedMs;
  });
}

function findingsOf(alone: readonly (readonly number[])[], beside: readonly (readonly number[])[], sizes: Findings['sizes']): Findings {
  const p99Of = (rounds: readonly (readonly number[])[]) => rounds.map((round) => summarise(round).p99);
  const of = (name: string, rounds: readonly (readonly number[])[]): readonly Figure[] => [
    { name: `from handing over to arrival ${name}, median`, unit: 'ms', ...summarise(rounds.map((round) => summarise(round).median)) },
    { name: `from handing over to arrival ${name}, p99`, unit: 'ms', ...summarise(p99Of(rounds)) },
    { name: `from handing over to arrival ${name}, worst`, unit: 'ms', ...summarise(rounds.map((round) => summarise(round).max)) },
  ];
  const figures = [...of('alone', alone), ...of('beside the others', beside)];
  const ratios: readonly Ratio[] = [{ name: 'p99 beside the others', of: 'p99 alone', ...summarise(divide(p99Of(beside), p99Of(alone))) }];
  return {
    method: [
      `${sizes['messages']} messages go to one healthy endpoint, ${apartMs} ms apart, each measured from handing it over to its arrival at a receiver in a process of its own.`,
      `The others are ${misbehaving} endpoints with ${waitingForEach} messages each, whose receivers say nothing, drip a byte each 50 ms, send a body without end, or send interim answers without end; the measuring begins when they have all the slots that they get.`,
      `${counted(sizes['rounds'], 'round')} of each in turns, each on a fresh data folder, with the settings that Hookyard comes with.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
