import { bodyBytes, connections, warmUps } from './contestants/contestant.ts';
import { startMockttp, whyNoMockttp } from './contestants/mockttp.ts';
import { counted } from './support/counted.ts';
import { startBareServer } from './support/bare-server.ts';
import { startKeepingServer } from './support/keeping-server.ts';
import { startChild, type Child } from './support/child.ts';
import { startEngine } from './support/engine.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

type Order = Omit<LoadOrder, 'url'>;
type Load = Child<LoadOrder & { readonly [key: string]: string | number }, LoadResult>;

/** A receiver that is measured, with the results of its rounds in order. */
interface Lane {
  readonly name: string;
  readonly url: string;
  readonly results: LoadResult[];
}

const [ours, bareName, keepingName, mockttpName] = ['captures', 'bare node:http', 'the least that keeps', 'mockttp'] as const;

/** Captures on disk compared with a server that keeps nothing and with a mock server, in turns, all with the same client process. */
export async function benchCapture(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 7;
  const requests = sizes.messages ?? 20_000;
  const folder = createTempFolder();
  const stops: (() => Promise<void>)[] = [() => Promise.resolve(folder.remove())];
  const lanes: Lane[] = [];
  const enter = (name: string, url: string) => void lanes.push({ name, url, results: [] });
  try {
    const load: Load = await startChild('load.ts');
    stops.push(load.stop);
    const bare = await startBareServer();
    stops.push(bare.stop);
    enter(bareName, bare.url);
    const keeping = await startKeepingServer(folder.path);
    stops.push(keeping.stop);
    enter(keepingName, keeping.url);
    const engine = await startEngine(folder.path, { withCaptures: true });
    stops.push(engine.stop);
    enter(ours, (await engine.client.bins.create({ name: 'Bench', slug: 'bench' })).url);
    const missing = await whyNoMockttp();
    if (missing === null) {
      const mockttp = await startMockttp();
      stops.push(mockttp.stop);
      enter(mockttpName, mockttp.url);
    } else process.stderr.write(`mockttp is left out: ${missing}.\n`);
    // Each round begins with a different one, so that none always follows the same.
    for (let round = 0; round < warmUps + rounds; round += 1) {
      const order: Order = { connections, requests, bodyBytes, firstBody: round * requests };
      for (let turn = 0; turn < lanes.length; turn += 1) {
        const lane = lanes[(round + turn) % lanes.length];
        const result = lane === undefined ? null : await drive(load, lane.url, order);
        if (round >= warmUps && result !== null) lane?.results.push(result);
      }
    }
    const { captureCount } = (await engine.client.bins.list({})).items[0] ?? { captureCount: 0 };
    if (captureCount !== requests * (warmUps + rounds))
      throw new Error(`The bin has ${captureCount} captures of ${requests * (warmUps + rounds)} requests; the figures would mean nothing.`);
    return findingsOf(lanes, missing, { rounds, requests, connections, bodyBytes });
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function drive(load: Load, url: string, order: Order): Promise<LoadResult> {
  const result = await load.ask({ ...order, url: `${url}/orders` });
  if (result.failures > 0)
    throw new Error(`${result.failures} requests to ${url} were not answered with 200; the figures would mean nothing.`);
  return result;
}

function findingsOf(lanes: readonly Lane[], withoutMockttp: string | null, sizes: Findings['sizes']): Findings {
  const requests = sizes['requests'] ?? 0;
  const measured = lanes.map(({ name, results }) => ({
    name,
    rates: results.map(({ elapsedMs }) => (requests * 1000) / elapsedMs),
    medians: results.map(({ medianMs }) => medianMs),
    p99s: results.map(({ p99Ms }) => p99Ms),
  }));
  const of = (wanted: string) => measured.find(({ name }) => name === wanted);
  const [own, bare, keeping, mockttp] = [of(ours), of(bareName), of(keepingName), of(mockttpName)];
  if (own === undefined || bare === undefined || keeping === undefined) throw new Error('Nothing was measured.');
  const figures: readonly Figure[] = [
    ...measured.map(({ name, rates }) => ({ name, unit: 'per second' as const, ...summarise(rates) })),
    ...measured.map(({ name, medians }) => ({ name: `answer of ${name}, median`, unit: 'ms' as const, ...summarise(medians) })),
    ...measured.map(({ name, p99s }) => ({ name: `answer of ${name}, p99`, unit: 'ms' as const, ...summarise(p99s) })),
  ];
  const ratios: readonly Ratio[] = [
    { name: ours, of: bareName, ...summarise(divide(own.rates, bare.rates)) },
    { name: keepingName, of: bareName, ...summarise(divide(keeping.rates, bare.rates)) },
    ...(mockttp === undefined ? [] : [{ name: ours, of: mockttpName, ...summarise(divide(own.rates, mockttp.rates)) }]),
    { name: 'answer, median', of: bareName, ...summarise(divide(own.medians, bare.medians)) },
    { name: 'answer, p99', of: bareName, ...summarise(divide(own.p99s, bare.p99s)) },
  ];
  return {
    method: [
      `Captures: each request is kept byte for byte, synced to the disk (synchronous=FULL), and only then answered.`,
      `Bare node:http: a server in the same process that reads the body and answers 200.`,
      'The least that keeps: node:http and better-sqlite3 in a thread, in the same process, with two rows for a request, one index and synced transactions of many; it checks, recognises and limits nothing.',
      withoutMockttp === null
        ? 'mockttp: `bench/peers/mockttp` in a process of its own, with one rule that answers every POST with 200, as it comes: it keeps requests in memory and nothing on the disk.'
        : `mockttp is left out of this run: ${withoutMockttp}.`,
      `All are driven by one undici load generator in a process of its own: ${requests} POSTs of ${bodyBytes} bytes, no two alike, over ${connections} connections that are always busy, so an answer's time includes waiting for its turn.`,
      `${counted(sizes['rounds'], 'round')} of each in turns, after ${warmUps} of each to warm up. Ratios are taken round by round.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
