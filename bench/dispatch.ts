import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { startChild, type Child } from './support/child.ts';
import { startEngine, type BenchEngine, type EngineClient } from './support/engine.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import { keepBusy } from './support/keep-busy.ts';
import { eventData } from './support/payload.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import type { SinkState } from './support/sink.ts';
import { createTempFolder } from './support/temp-folder.ts';

const connections = 64;
const bodyBytes = 1000;
const eventType = 'order.placed';
/** The default envelope around the data of an event. */
const envelopeBytes = Buffer.byteLength(JSON.stringify({ type: eventType, timestamp: new Date(0).toISOString(), data: '' })) - 2;

/** One round of either side. */
interface Round {
  readonly perSecond: number;
  /** CPU of this process, which the load of other programs touches less than the clock. */
  readonly cpuMicrosPerMessage: number;
}

interface EngineRound extends Round {
  readonly acceptedPerSecond: number;
}

type Sink = Child<'state', SinkState>;

/** Durable dispatch through the engine against raw POSTs of the same bytes, in turns, to one server in another process. */
export async function benchDispatch(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 7;
  const messages = sizes.messages ?? 3000;
  const folder = createTempFolder();
  const sink: Sink = await startChild('sink.ts');
  const engine = await startEngine(folder.path);
  try {
    const { port } = await sink.ask('state');
    const url = `http://127.0.0.1:${port}/webhooks`;
    await setUp(engine, url);
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
    const sent = createCounter();
    const ofEngine: EngineRound[] = [];
    const ofRaw: Round[] = [];
    // The first round of each warms up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const raw = await checked(sink, messages, () => rawRound(pool, sent.take(messages), messages));
      const durable = await checked(sink, messages, () => engineRound(engine.client, sent.take(messages), messages));
      if (round === 0) continue;
      ofRaw.push(raw);
      ofEngine.push(durable);
    }
    await pool.close();
    await assertDelivered(engine.client, messages * (rounds + 1));
    return findingsOf(ofEngine, ofRaw, { rounds, messages, connections, bodyBytes });
  } finally {
    await engine.stop();
    await sink.stop();
    folder.remove();
  }
}

/** Hands out numbers for messages, each once. */
function createCounter(): { readonly take: (count: number) => number } {
  let next = 0;
  return {
    take: (count) => {
      const first = next;
      next += count;
      return first;
    },
  };
}

async function setUp({ client }: BenchEngine, url: string): Promise<void> {
  await client.system.updateSettings({ maxConcurrency: connections, maxConcurrencyPerEndpoint: connections });
  await client.eventTypes.create({ name: eventType, sample: {} });
  await client.endpoints.create({ name: 'Sink', url, signing: { scheme: 'standard-webhooks' } });
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

async function rawRound(pool: Pool, first: number, messages: number): Promise<Round> {
  const bodies = Array.from({ length: messages }, (_, index) =>
    Buffer.from(
      JSON.stringify({ type: eventType, timestamp: new Date().toISOString(), data: eventData(first + index, bodyBytes - envelopeBytes) }),
    ),
  );
  const timed = startTimer();
  await keepBusy(messages, connections, async (index) => {
    const answer = await pool.request({
      path: '/webhooks',
      method: 'POST',
      headers: rawHeaders(first + index),
      body: bodies[index] ?? null,
    });
    await answer.body.dump();
  });
  return timed(messages);
}

/** Headers as long as those of a signed request; signing is the engine's work. */
function rawHeaders(number: number): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Hookyard/0.1',
    'webhook-id': `msg_${String(number).padStart(26, '0')}`,
    'webhook-timestamp': '1700000000',
    'webhook-signature': `v1,${'A'.repeat(43)}=`,
  };
}

async function engineRound(client: EngineClient, first: number, messages: number): Promise<EngineRound> {
  const data = Array.from({ length: messages }, (_, index) => eventData(first + index, bodyBytes - envelopeBytes));
  const timed = startTimer();
  await keepBusy(messages, connections, async (index) => {
    await client.messages.send({ type: eventType, data: { ...data[index] } });
  });
  const accepted = timed(messages);
  while ((await client.system.health()).pendingDeliveries > 0) await delay(3);
  return { ...timed(messages), acceptedPerSecond: accepted.perSecond };
}

function startTimer(): (messages: number) => Round {
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  return (messages) => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { perSecond: (messages * 1000) / (performance.now() - startedMs), cpuMicrosPerMessage: (user + system) / messages };
  };
}

/** Every message must have ended delivered, with one attempt that is recorded whole. */
async function assertDelivered(client: EngineClient, expected: number): Promise<void> {
  const { byStatus, total } = await client.deliveries.stats({ buckets: 1 });
  const newest = (await client.deliveries.list({ limit: 1 })).items[0];
  const attempt = newest === undefined ? undefined : (await client.deliveries.get({ id: newest.id })).attempts[0];
  const isRecorded =
    newest?.attemptCount === 1 && attempt?.signature?.scheme === 'standard-webhooks' && attempt.request?.bodyBytes === bodyBytes;
  if (total !== expected || byStatus.delivered !== expected || !isRecorded)
    throw new Error(`Of ${expected} messages ${byStatus.delivered} were delivered and recorded; the figures would mean nothing.`);
}

function findingsOf(ofEngine: readonly EngineRound[], ofRaw: readonly Round[], sizes: Findings['sizes']): Findings {
  const rates = { engine: ofEngine.map((round) => round.perSecond), raw: ofRaw.map((round) => round.perSecond) };
  const cpu = { engine: ofEngine.map((round) => round.cpuMicrosPerMessage), raw: ofRaw.map((round) => round.cpuMicrosPerMessage) };
  const figures: readonly Figure[] = [
    { name: 'durable dispatch', unit: 'per second', ...summarise(rates.engine) },
    { name: 'raw undici', unit: 'per second', ...summarise(rates.raw) },
    { name: 'accepted while dispatching', unit: 'per second', ...summarise(ofEngine.map((round) => round.acceptedPerSecond)) },
    { name: 'CPU of durable dispatch per message', unit: 'µs', ...summarise(cpu.engine) },
    { name: 'CPU of raw undici per message', unit: 'µs', ...summarise(cpu.raw) },
  ];
  const ratios: readonly Ratio[] = [
    { name: 'durable dispatch', of: 'raw undici', ...summarise(divide(rates.engine, rates.raw)) },
    { name: 'CPU per message', of: 'raw undici', ...summarise(divide(cpu.engine, cpu.raw)) },
  ];
  return {
    method: [
      `Durable dispatch: the engine accepts ${sizes['messages']} messages, ${connections} outstanding, renders, signs (Standard Webhooks) and sends each over ${connections} connections, and keeps a full record of every attempt, with every commit synced to the disk (synchronous=FULL). Timed from the first accept to the last delivered.`,
      `Raw undici: POSTs of the same ${bodyBytes} bytes and as many header bytes over ${connections} connections from the same process to the same server, which runs in a process of its own.`,
      `${sizes['rounds']} rounds of each in turns, after one of each to warm up. Ratios are taken round by round.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
