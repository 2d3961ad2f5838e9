import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startChild, type Child } from './support/child.ts';
import { startEngine } from './support/engine.ts';
import { divide, summarise, type Figure, type Ratio } from './support/figures.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { tableOf, type Findings, type Sizes } from './support/report.ts';
import { createTempFolder } from './support/temp-folder.ts';

const connections = 64;
const bodyBytes = 1000;

type Order = Omit<LoadOrder, 'url'>;
type Load = Child<LoadOrder & { readonly [key: string]: string | number }, LoadResult>;

/** Captures on disk compared with a server that keeps nothing, in turns, both in this process and with the same client process. */
export async function benchCapture(sizes: Sizes): Promise<Findings> {
  const rounds = sizes.rounds ?? 7;
  const requests = sizes.messages ?? 6000;
  const folder = createTempFolder();
  const load: Load = await startChild('load.ts');
  const bare = await startBareServer();
  const engine = await startEngine(folder.path, { withCaptures: true });
  try {
    const bin = await engine.client.bins.create({ name: 'Bench', slug: 'bench' });
    const ofCapture: LoadResult[] = [];
    const ofBare: LoadResult[] = [];
    // The first round of each is a warm-up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const order: Order = { connections, requests, bodyBytes, firstBody: round * requests };
      const plain = await drive(load, bare.url, order);
      const kept = await drive(load, bin.url, order);
      if (round === 0) continue;
      ofBare.push(plain);
      ofCapture.push(kept);
    }
    const { captureCount } = (await engine.client.bins.list({})).items[0] ?? { captureCount: 0 };
    if (captureCount !== requests * (rounds + 1))
      throw new Error(`The bin has ${captureCount} captures of ${requests * (rounds + 1)} requests; the figures would mean nothing.`);
    return findingsOf(ofCapture, ofBare, { rounds, requests, connections, bodyBytes });
  } finally {
    await load.stop();
    await engine.stop();
    await bare.stop();
    folder.remove();
  }
}

async function drive(load: Load, url: string, order: Order): Promise<LoadResult> {
  const result = await load.ask({ ...order, url: `${url}/orders` });
  if (result.failures > 0)
    throw new Error(`${result.failures} requests to ${url} were not answered with 200; the figures would mean nothing.`);
  return result;
}

/** The least a receiver can do: it reads the body and answers 200 with nothing. */
async function startBareServer(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function findingsOf(ofCapture: readonly LoadResult[], ofBare: readonly LoadResult[], sizes: Findings['sizes']): Findings {
  const requests = sizes['requests'] ?? 0;
  const rates = (results: readonly LoadResult[]) => results.map(({ elapsedMs }) => (requests * 1000) / elapsedMs);
  const medians = (results: readonly LoadResult[]) => results.map(({ medianMs }) => medianMs);
  const p99s = (results: readonly LoadResult[]) => results.map(({ p99Ms }) => p99Ms);
  const figures: readonly Figure[] = [
    { name: 'captures', unit: 'per second', ...summarise(rates(ofCapture)) },
    { name: 'bare node:http', unit: 'per second', ...summarise(rates(ofBare)) },
    { name: 'answer of a capture, median', unit: 'ms', ...summarise(medians(ofCapture)) },
    { name: 'answer of bare node:http, median', unit: 'ms', ...summarise(medians(ofBare)) },
    { name: 'answer of a capture, p99', unit: 'ms', ...summarise(p99s(ofCapture)) },
    { name: 'answer of bare node:http, p99', unit: 'ms', ...summarise(p99s(ofBare)) },
  ];
  const ratios: readonly Ratio[] = [
    { name: 'captures', of: 'bare node:http', ...summarise(divide(rates(ofCapture), rates(ofBare))) },
    { name: 'answer, median', of: 'bare node:http', ...summarise(divide(medians(ofCapture), medians(ofBare))) },
  ];
  return {
    method: [
      `Captures: each request is kept byte for byte, synced to the disk (synchronous=FULL), and only then answered.`,
      `Bare node:http: a server in the same process that reads the body and answers 200.`,
      `Both are driven by one undici load generator in a process of its own: ${requests} POSTs of ${bodyBytes} bytes, no two alike, over ${connections} connections that are always busy, so an answer's time includes waiting for its turn.`,
      `${sizes['rounds']} rounds of each in turns, after one of each to warm up. Ratios are taken round by round.`,
    ],
    sizes,
    figures,
    ratios,
    table: tableOf(figures, ratios),
  };
}
