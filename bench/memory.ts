import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startChild, type Child } from './support/child.ts';
import { startEngine, untilIdle } from './support/engine.ts';
import { summarise, type Figure } from './support/figures.ts';
import { keepBusy } from './support/keep-busy.ts';
import { eventData } from './support/payload.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';
import type { SinkState } from './support/sink.ts';
import { createTempFolder } from './support/temp-folder.ts';

const samplesTaken = 20;
const outstanding = 64;
const bodyBytes = 1000;
const eventType = 'order.placed';

/** Memory of the engine's process after so many deliveries. */
interface Sample {
  readonly deliveries: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
}

/** Whether the memory of the engine's process stays flat while it delivers. */
export async function benchMemory(sizes: Sizes): Promise<Findings> {
  const deliveries = sizes.messages ?? 100_000;
  const folder = createTempFolder();
  const sink: Child<'state', SinkState> = await startChild('sink.ts');
  const engine = await startEngine(folder.path);
  try {
    const url = `http://127.0.0.1:${(await sink.ask('state')).port}/`;
    await engine.client.endpoints.create({ name: 'Sink', url, events: [eventType] });
    await engine.client.eventTypes.create({ name: eventType, sample: {} });
    const step = Math.max(1, Math.floor(deliveries / samplesTaken));
    const samples: Sample[] = [];
    for (let done = 0; done < deliveries; done += step) {
      await keepBusy(Math.min(step, deliveries - done), outstanding, async (index) => {
        await engine.client.messages.send({ type: eventType, data: eventData(done + index, bodyBytes - 100) });
      });
      await untilIdle(engine.client);
      samples.push(sampleNow(Math.min(done + step, deliveries)));
    }
    const { requests } = await sink.ask('state');
    if (requests !== deliveries) throw new Error(`${requests} of ${deliveries} deliveries arrived; the figures would mean nothing.`);
    return findingsOf(samples, { deliveries, outstanding, bodyBytes });
  } finally {
    await engine.stop();
    await sink.stop();
    folder.remove();
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held after a collection: what a collection frees does not count as growth. */
function sampleNow(deliveries: number): Sample {
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { deliveries, rssBytes: rss, heapBytes: heapUsed, externalBytes: external };
}

/** Growth by least squares, in bytes for each delivery. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

function findingsOf(samples: readonly Sample[], sizes: Findings['sizes']): Findings {
  // By the first half code is compiled and caches are full.
  const late = samples.slice(Math.floor(samples.length / 2));
  const mebibytes = (bytes: number) => bytes / 2 ** 20;
  const kinds = [
    { name: 'resident', of: (sample: Sample) => sample.rssBytes },
    { name: 'JavaScript heap in use', of: (sample: Sample) => sample.heapBytes },
    { name: 'external', of: (sample: Sample) => sample.externalBytes },
  ] as const;
  const slopes = kinds.map(({ name, of }) => ({ name, slope: slopeOf(late.map((sample) => [sample.deliveries, of(sample)])), of }));
  const figures: readonly Figure[] = slopes.flatMap(({ name, slope, of }) => [
    { name: `${name}, second half`, unit: 'MiB' as const, ...summarise(late.map((sample) => mebibytes(of(sample)))) },
    { name: `${name}, growth in the second half`, unit: 'bytes per delivery' as const, ...summarise([slope]) },
  ]);
  return {
    method: [
      `${sizes['deliveries']} messages are handed over in process, ${outstanding} at a time, and delivered to a server in a process of its own; every ${Math.floor((sizes['deliveries'] ?? 0) / samplesTaken)} the engine is let come to rest, garbage is collected and memory is read. Producers and engine share the process.`,
      'Growth is the slope of a straight line through the samples of the second half, by least squares. The resident size has the memory of the thread that writes in it, with SQLite’s page caches of up to 32 MB for each connection.',
    ],
    sizes,
    figures,
    ratios: [],
    table: {
      columns: ['after deliveries', ...kinds.map(({ name }) => `${name}, MiB`)],
      rows: [
        ...samples.map((sample) => [sample.deliveries.toLocaleString('en-GB'), ...kinds.map(({ of }) => shown(mebibytes(of(sample))))]),
        ['growth in the second half, bytes per delivery', ...slopes.map(({ slope }) => slope.toFixed(2))],
      ],
    },
  };
}
