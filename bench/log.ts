import { counted } from './support/counted.ts';
import { startEngine, type BenchEngine, type EngineClient } from './support/engine.ts';
import { summarise, type Figure, type Ratio } from './support/figures.ts';
import { shown, type Findings, type Sizes } from './support/report.ts';
import { eventTypes, seedLog, type SeededLog } from './support/seed-log.ts';
import { createTempFolder } from './support/temp-folder.ts';

const endpointCount = 20;
const bodyBytes = 1000;
/** With fewer attempts not every query fills its page. */
const fewestAttempts = 300;
/** A query is run until either is used up, and at least `fewestRuns` times. */
const usualRuns = 200;
const longestMs = 4000;
const fewestRuns = 5;

/** A log that a query runs on. */
interface Log {
  readonly client: EngineClient;
  readonly seeded: SeededLog;
  readonly endpointId: string;
  /** Cursor of a page in the middle. */
  readonly middle: string;
  readonly detailId: string;
}

interface Query {
  readonly name: string;
  /** Returns the rows found. */
  readonly run: (log: Log) => Promise<number>;
  /** Whether that is what has to be found; a query that finds something else measures something else. */
  readonly isRight: (rows: number, log: Log) => boolean;
}

const isFullPage = (rows: number) => rows === 50;
const rowsOf = async (page: Promise<{ readonly items: readonly unknown[] }>) => (await page).items.length;

const queries: readonly Query[] = [
  { name: 'first page', run: ({ client }) => rowsOf(client.deliveries.list({})), isRight: isFullPage },
  {
    name: 'page in the middle, by cursor',
    run: ({ client, middle }) => rowsOf(client.deliveries.list({ cursor: middle })),
    isRight: isFullPage,
  },
  { name: 'status: exhausted', run: ({ client }) => rowsOf(client.deliveries.list({ status: 'exhausted' })), isRight: (rows) => rows > 0 },
  {
    name: 'endpoint: one of 20',
    run: ({ client, endpointId }) => rowsOf(client.deliveries.list({ endpointId })),
    isRight: (rows) => rows > 0,
  },
  {
    name: 'search: text of every fourth row',
    run: ({ client }) => rowsOf(client.deliveries.list({ q: eventTypes[2] })),
    isRight: isFullPage,
  },
  {
    name: 'search: id of the oldest message',
    run: ({ client, seeded }) => rowsOf(client.deliveries.list({ q: seeded.oldestMessageId })),
    isRight: (rows) => rows === 1,
  },
  {
    name: 'search: found nowhere',
    run: ({ client }) => rowsOf(client.deliveries.list({ q: 'no such text' })),
    isRight: (rows) => rows === 0,
  },
  {
    name: 'search: text in the oldest body',
    run: ({ client, seeded }) => rowsOf(client.deliveries.list({ q: seeded.oldestOrderNumber })),
    isRight: (rows) => rows === 1,
  },
  {
    name: 'one delivery with attempts and bodies',
    run: async ({ client, detailId }) => (await client.deliveries.get({ id: detailId })).attempts.length,
    isRight: (rows) => rows > 0,
  },
  {
    name: 'statistics over all, 60 steps',
    run: async ({ client }) => (await client.deliveries.stats({})).total,
    isRight: (rows, { seeded }) => rows === seeded.deliveries,
  },
];

/** Queries of the window on a large log, in turns with the same on a small one. */
export async function benchLog(sizes: Sizes): Promise<Findings> {
  const largeAttempts = sizes.messages ?? 100_000;
  if (largeAttempts < fewestAttempts) throw new Error(`The log is too short to have pages: use --messages ${fewestAttempts} or more.`);
  const smallAttempts = Math.min(1000, largeAttempts);
  const runs = sizes.rounds ?? usualRuns;
  return withLog(largeAttempts, (large) => withLog(smallAttempts, (small) => measure(large, small, runs)));
}

async function measure(large: Log, small: Log, runs: number): Promise<Findings> {
  const measured: Measured[] = [];
  for (const query of queries) measured.push(await time(query, large, small, runs));
  return findingsOf(measured, large, small, runs);
}

/** Creates a temporary log, passes it on and removes it. */
async function withLog<R>(attempts: number, use: (log: Log) => Promise<R>): Promise<R> {
  const folder = createTempFolder();
  try {
    const endpoints = await makeEndpoints(folder.path);
    const seeded = await seedLog(folder.path, { attempts, bodyBytes, endpoints });
    const engine = await startEngine(folder.path);
    try {
      return await use(await openLog(engine, seeded, endpoints[0]?.id ?? ''));
    } finally {
      await engine.stop();
    }
  } finally {
    folder.remove();
  }
}

async function makeEndpoints(dataDir: string): Promise<readonly { readonly id: string; readonly url: string }[]> {
  const engine = await startEngine(dataDir);
  const made: { readonly id: string; readonly url: string }[] = [];
  // Nothing is due in these logs, so nothing is sent to the discard port.
  for (let number = 0; number < endpointCount; number += 1)
    made.push(await engine.client.endpoints.create({ name: `Shop ${number}`, url: `http://127.0.0.1:9/shops/${number}` }));
  await engine.stop();
  return made;
}

/** Finds the cursor of the middle by walking there, as a person who scrolls would. */
async function openLog({ client }: BenchEngine, seeded: SeededLog, endpointId: string): Promise<Log> {
  let cursor: string | null = null;
  let detailId = '';
  for (let passed = 0; passed === 0 || passed < seeded.deliveries / 2; passed += 200) {
    const page: Awaited<ReturnType<EngineClient['deliveries']['list']>> = await client.deliveries.list({
      limit: Math.min(200, Math.max(1, Math.floor(seeded.deliveries / 2))),
      ...(cursor === null ? {} : { cursor }),
    });
    cursor = page.next;
    detailId = page.items.at(-1)?.id ?? detailId;
  }
  if (cursor === null) throw new Error('The walk to the middle of the log came to its end.');
  return { client, seeded, endpointId, middle: cursor, detailId };
}

interface Measured {
  readonly name: string;
  readonly largeMs: readonly number[];
  readonly smallMs: readonly number[];
}

async function time(query: Query, large: Log, small: Log, runs: number): Promise<Measured> {
  const [largeMs, smallMs]: [number[], number[]] = [[], []];
  // The first run of each fills caches and does not count.
  await timed(query, large);
  await timed(query, small);
  const startedMs = performance.now();
  while (largeMs.length < runs && (largeMs.length < fewestRuns || performance.now() - startedMs < longestMs)) {
    largeMs.push(await timed(query, large));
    smallMs.push(await timed(query, small));
  }
  return { name: query.name, largeMs, smallMs };
}

async function timed(query: Query, log: Log): Promise<number> {
  const startedMs = performance.now();
  const rows = await query.run(log);
  const tookMs = performance.now() - startedMs;
  if (!query.isRight(rows, log))
    throw new Error(`"${query.name}" found ${rows} rows in a log of ${log.seeded.deliveries} deliveries; the figures would mean nothing.`);
  return tookMs;
}

function findingsOf(measured: readonly Measured[], large: Log, small: Log, runs: number): Findings {
  const [many, few] = [large.seeded, small.seeded];
  const figuresOf = ({ name, largeMs, smallMs }: Measured): readonly Figure[] => [
    { name: `${name}, ${many.attempts} attempts`, unit: 'ms', ...summarise(largeMs) },
    { name: `${name}, ${few.attempts} attempts`, unit: 'ms', ...summarise(smallMs) },
  ];
  const ratioOf = ({ name, largeMs, smallMs }: Measured): Ratio => {
    const smallMedian = summarise(smallMs).median;
    return { name, of: `the same in a log of ${few.attempts} attempts (median)`, ...summarise(largeMs.map((ms) => ms / smallMedian)) };
  };
  return {
    method: [
      `The logs are written through the engine's own statements for messages, deliveries and attempts, 400 deliveries in a transaction: ${count(many.attempts)} attempts of ${count(many.deliveries)} deliveries in ${(many.seedMs / 1000).toFixed(1)} s, with ${bodyBytes} bytes of body each, no two alike; and ${count(few.attempts)} attempts of ${count(few.deliveries)} deliveries.`,
      `Queries go through the contract's procedures in process, in turns on either log, after one run of each to warm up: ${counted(runs, 'run')}, or as many as fit into ${longestMs / 1000} s but at least ${fewestRuns}. Times are in milliseconds.`,
      'The ratio is the median on the large log to the median on the small one.',
    ],
    sizes: { attempts: many.attempts, deliveries: many.deliveries, smallAttempts: few.attempts, runs, bodyBytes },
    figures: measured.flatMap(figuresOf),
    ratios: measured.map(ratioOf),
    table: {
      columns: ['', `${count(many.attempts)} attempts`, 'p99', `${count(few.attempts)} attempts`, 'p99', 'ratio', 'runs'],
      rows: measured.map((one) => {
        const [ofLarge, ofSmall] = [summarise(one.largeMs), summarise(one.smallMs)];
        return [
          one.name,
          ...[ofLarge.median, ofLarge.p99, ofSmall.median, ofSmall.p99, ratioOf(one).median].map(shown),
          String(ofLarge.samples),
        ];
      }),
    },
  };
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}
