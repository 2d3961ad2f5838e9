import { startChild } from './support/child.ts';
import { startEngine } from './support/engine.ts';
import { summarise, type Figure } from './support/figures.ts';
import type { OpenLogOrder, OpenLogResult } from './support/open-log.ts';
import { shown, type Findings } from './support/report.ts';
import { seedLog, type SeededLog } from './support/seed-log.ts';
import { createTempFolder } from './support/temp-folder.ts';

const bodyBytes = 1000;
const usualRuns = 5;
/** With fewer attempts there is no page in the middle. */
const fewestAttempts = 1000;

interface Measured {
  readonly seeded: SeededLog;
  readonly result: OpenLogResult;
}

/** Start, claims and pages on logs of several sizes, each in a process of its own. */
export async function benchLogSizes(attempts: readonly number[], rounds: number | null): Promise<Findings> {
  const runs = rounds ?? usualRuns;
  const measured: Measured[] = [];
  for (const size of attempts) {
    if (size < fewestAttempts) throw new Error(`A log of ${size} attempts has no page in the middle: use ${fewestAttempts} or more.`);
    measured.push(await measure(size, runs));
  }
  return findingsOf(measured, runs);
}

async function measure(attempts: number, runs: number): Promise<Measured> {
  const folder = createTempFolder();
  const child = await startChild<OpenLogOrder & { readonly [key: string]: string | number }, OpenLogResult>('open-log.ts');
  try {
    const engine = await startEngine(folder.path);
    const { id, url } = await engine.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
    await engine.stop();
    const seeded = await seedLog(folder.path, { attempts, bodyBytes, endpoints: [{ id, url }] });
    return { seeded, result: await child.ask({ dataDir: folder.path, endpointId: id, runs }) };
  } finally {
    await child.stop();
    folder.remove();
  }
}

function findingsOf(measured: readonly Measured[], runs: number): Findings {
  const count = (value: number) => value.toLocaleString('en-GB');
  const kinds = [
    { name: 'start until ready', of: ({ startMs }: OpenLogResult) => startMs },
    { name: 'claim, for each delivery of 64', of: ({ claimMs }: OpenLogResult) => claimMs },
    { name: 'first page of 50', of: ({ firstPageMs }: OpenLogResult) => firstPageMs },
    { name: 'page in the middle, by cursor', of: ({ middlePageMs }: OpenLogResult) => middlePageMs },
  ] as const;
  const figures: readonly Figure[] = kinds.flatMap(({ name, of }) =>
    measured.map(({ seeded, result }) => ({ name: `${name}, ${seeded.attempts} attempts`, unit: 'ms' as const, ...summarise(of(result)) })),
  );
  const memory = (name: string, of: (result: OpenLogResult) => number) => [
    name,
    ...measured.map(({ result }) => shown(of(result) / 2 ** 20)),
  ];
  return {
    method: [
      `The logs are written through the engine's own statements, with ${bodyBytes} bytes of body each, no two alike: ${measured.map(({ seeded }) => `${count(seeded.attempts)} attempts of ${count(seeded.deliveries)} deliveries in ${(seeded.seedMs / 1000).toFixed(1)} s`).join('; ')}.`,
      `Each is opened ${runs} times by a process of its own, right after it was written, so the file is in the cache of the operating system. Start is from making the engine until it answers; memory is read after the first. Claims are made as the dispatcher makes them and undone. Medians, in milliseconds.`,
    ],
    sizes: { runs, bodyBytes, ...Object.fromEntries(measured.map(({ seeded }, index) => [`attempts${index + 1}`, seeded.attempts])) },
    figures,
    ratios: [],
    table: {
      columns: ['', ...measured.map(({ seeded }) => `${count(seeded.attempts)} attempts`)],
      rows: [
        ...kinds.map(({ name, of }) => [`${name}, ms`, ...measured.map(({ result }) => shown(summarise(of(result)).median))]),
        ...kinds.map(({ name, of }) => [`${name}, worst, ms`, ...measured.map(({ result }) => shown(summarise(of(result)).max))]),
        memory('resident after start, MiB', ({ rssBytes }) => rssBytes),
        memory('JavaScript heap after start, MiB', ({ heapBytes }) => heapBytes),
      ],
    },
  };
}
