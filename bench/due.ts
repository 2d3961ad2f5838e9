import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { newDelivery } from '#engine/log/deliveries.ts';
import { createIds } from '#engine/base/ids.ts';
import { insertAccepted } from '#engine/log/messages.ts';
import { openStore } from '#engine/store/open.ts';
import { counted } from './support/counted.ts';
import { startChild, type Child } from './support/child.ts';
import { startEngine, untilIdle, type EngineClient } from './support/engine.ts';
import { summarise, type Figure } from './support/figures.ts';
import { eventData, bodyOf } from './support/payload.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import type { StampState } from './support/stamping-sink.ts';
import { createTempFolder } from './support/temp-folder.ts';

const bodyBytes = 1000;
/** Due times are this far apart: sending them alone leaves the engine idle. */
const apartMs = 4;
/** The first is due this long after writing, so that the engine has time to start; under load it is loaded from then on. */
const leadMs = (deliveries: number) => Math.min(4000, 1000 + deliveries);
/** Messages handed over at once, again and again, for full load. */
const outstanding = 64;
/** Most messages of the load that wait, so that its end is not awaited too long. */
const mostWaiting = 2000;
const loadEventType = 'load.made';
const timedEventType = 'timed.made';

type Sink = Child<'state' | 'take', StampState>;

interface Round {
  readonly latenessMs: readonly number[];
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  /** Messages of the load that were accepted, in a second. */
  readonly loadPerSecond: number;
}

/** How late scheduled deliveries arrive, and how long the process that serves the window is blocked, idle and under full load. */
export async function benchDue(sizes: Sizes): Promise<Findings> {
  const deliveries = sizes.messages ?? 10_000;
  const rounds = sizes.rounds ?? 1;
  const sink: Sink = await startChild('stamping-sink.ts');
  try {
    const { port } = await sink.ask('state');
    const idle: Round[] = [];
    const loaded: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(await runRound(sink, port, deliveries, false));
      loaded.push(await runRound(sink, port, deliveries, true));
    }
    return findingsOf(idle, loaded, { deliveries, rounds, apartMs, outstanding, bodyBytes });
  } finally {
    await sink.stop();
  }
}

async function runRound(sink: Sink, port: number, deliveries: number, isLoaded: boolean): Promise<Round> {
  const folder = createTempFolder();
  const setUp = await startEngine(folder.path);
  const timed = await setUp.client.endpoints.create({ name: 'Timed', url: `http://127.0.0.1:${port}/timed`, events: [timedEventType] });
  await setUp.client.endpoints.create({ name: 'Load', url: `http://127.0.0.1:${port}/load`, events: [loadEventType] });
  for (const name of [timedEventType, loadEventType]) await setUp.client.eventTypes.create({ name, sample: {} });
  await setUp.stop();
  const due = await schedule(folder.path, timed.id, deliveries);
  const engine = await startEngine(folder.path);
  try {
    const lastDueMs = Math.max(...due.values());
    const stop = new AbortController();
    const load = isLoaded ? keepLoading(engine.client, sink, stop.signal) : Promise.resolve(0);
    await delay(Math.max(0, Math.min(...due.values()) - 500 - Date.now()));
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const startedMs = Date.now();
    await delay(lastDueMs - Date.now());
    loop.disable();
    const seconds = (Date.now() - startedMs) / 1000;
    stop.abort();
    const accepted = await load;
    await untilIdle(engine.client);
    const { arrivals } = await sink.ask('take');
    const latenessMs = arrivals.flatMap(([id, atMs]) => (due.has(id) ? [atMs - (due.get(id) ?? 0)] : []));
    if (latenessMs.length !== deliveries)
      throw new Error(`${latenessMs.length} of ${deliveries} scheduled deliveries arrived; the figures would mean nothing.`);
    if (latenessMs.some((ms) => ms < -1)) throw new Error('A delivery arrived before it was due.');
    return {
      latenessMs,
      loopDelayP99Ms: loop.percentile(99) / 1e6,
      loopDelayMaxMs: loop.max / 1e6,
      loadPerSecond: accepted / seconds,
    };
  } finally {
    await engine.stop();
    folder.remove();
  }
}

/** Writes messages whose deliveries are due one after the other; returns the due times by message. */
async function schedule(dataDir: string, endpointId: string, deliveries: number): Promise<ReadonlyMap<string, number>> {
  const { database } = openStore(dataDir);
  const nowMs = Date.now();
  const ids = createIds({ now: () => nowMs, at: () => () => undefined });
  const due = new Map<string, number>();
  // In no order, so that the order of rows says nothing about the order of times.
  const firstMs = nowMs + leadMs(deliveries) + deliveries / 4;
  const times = Array.from({ length: deliveries }, (_, index) => firstMs + ((index * 7919) % deliveries) * apartMs);
  for (let first = 0; first < deliveries; first += 500)
    await database.write((writer) => {
      for (const [index, dueAtMs] of times.slice(first, first + 500).entries()) {
        const id = ids.next('msg');
        due.set(id, Math.ceil(dueAtMs));
        const body = bodyOf(first + index, bodyBytes);
        const row = newDelivery({
          id: ids.next('dlv'),
          messageId: id,
          endpointId,
          eventType: timedEventType,
          problem: null,
          environmentId: null,
          isTest: false,
          maxAttempts: 5,
          nowMs,
        });
        insertAccepted(writer, {
          message: {
            id,
            event_type: timedEventType,
            data_json: body.toString('utf8'),
            source_capture_id: null,
            is_batch: 0,
            created_at_ms: nowMs,
          },
          givenBody: null,
          givenHead: null,
          isIdGiven: false,
          oneOff: null,
          deliveries: [{ row: { ...row, due_at_ms: Math.ceil(dueAtMs) }, body }],
        });
      }
    });
  await database.close();
  return due;
}

/** Sends messages as fast as they are delivered until the signal aborts; returns how many. */
async function keepLoading(client: EngineClient, sink: Sink, signal: AbortSignal): Promise<number> {
  let accepted = 0;
  let isFull = false;
  const before = (await sink.ask('state')).others;
  const watch = async () => {
    while (!signal.aborted) {
      isFull = accepted - ((await sink.ask('state')).others - before) > mostWaiting;
      await delay(20);
    }
  };
  const lane = async (number: number) => {
    for (let count = 0; !signal.aborted; count += 1) {
      while (isFull && !signal.aborted) await delay(5);
      await client.messages.send({ type: loadEventType, data: eventData(number * 1_000_000 + count, bodyBytes - 100) });
      accepted += 1;
    }
  };
  await Promise.all([watch(), ...Array.from({ length: outstanding }, (_, number) => lane(number))]);
  return accepted;
}

function findingsOf(idle: readonly Round[], loaded: readonly Round[], sizes: Findings['sizes']): Findings {
  const of = (name: string, rounds: readonly Round[]): readonly Figure[] => {
    const late = rounds.map(({ latenessMs }) => summarise(latenessMs));
    return [
      { name: `lateness ${name}, median`, unit: 'ms', ...summarise(late.map(({ median }) => median)) },
      { name: `lateness ${name}, p99`, unit: 'ms', ...summarise(late.map(({ p99 }) => p99)) },
      { name: `lateness ${name}, worst`, unit: 'ms', ...summarise(late.map(({ max }) => max)) },
      { name: `event-loop delay ${name}, p99`, unit: 'ms', ...summarise(rounds.map(({ loopDelayP99Ms }) => loopDelayP99Ms)) },
      { name: `event-loop delay ${name}, worst`, unit: 'ms', ...summarise(rounds.map(({ loopDelayMaxMs }) => loopDelayMaxMs)) },
    ];
  };
  const figures: readonly Figure[] = [
    ...of('idle', idle),
    ...of('under full load', loaded),
    { name: 'messages accepted beside them', unit: 'per second', ...summarise(loaded.map(({ loadPerSecond }) => loadPerSecond)) },
  ];
  return {
    method: [
      `${sizes['deliveries']} deliveries wait, due ${apartMs} ms apart in no order of their rows. Lateness is from the due time to the arrival at a receiver in a process of its own, by the clock of the machine.`,
      `Full load: ${outstanding} messages at a time are handed over in process, each as soon as one was accepted, to another endpoint of the same engine, for as long as the scheduled ones are due; one core is the engine's and the producers', so the load leaves no room.`,
      'Event-loop delay: perf_hooks.monitorEventLoopDelay with a resolution of 5 ms, in the process of the engine, which serves the window; what it shows includes that resolution, and here the work of the producers.',
      `${counted(sizes['rounds'], 'round')} of each in turns, each on a fresh data folder.`,
    ],
    sizes,
    figures,
    ratios: [],
    table: tableOf(figures, []),
  };
}
