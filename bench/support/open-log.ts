import { claimDue } from '#engine/log/queue.ts';
import { openStore } from '#engine/store/open.ts';
import { startEngine } from './engine.ts';

/** A data folder with a log, and how often each is measured. */
export interface OpenLogOrder {
  readonly dataDir: string;
  readonly endpointId: string;
  readonly runs: number;
}

/** Times in milliseconds of each run, and memory of the process once the log is open. */
export interface OpenLogResult {
  readonly startMs: readonly number[];
  readonly claimMs: readonly number[];
  readonly firstPageMs: readonly number[];
  readonly middlePageMs: readonly number[];
  readonly rssBytes: number;
  readonly heapBytes: number;
}

const claimed = 64;
const pageRows = 50;
/** Seeded deliveries that still fail are due within this time. */
const allDueInMs = 365 * 86_400_000;

// Lives in a process of its own, so that its memory is that of one log.
process.on('message', (order: OpenLogOrder) => {
  void measure(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function measure({ dataDir, endpointId, runs }: OpenLogOrder): Promise<OpenLogResult> {
  const startMs: number[] = [];
  const firstPageMs: number[] = [];
  const middlePageMs: number[] = [];
  let memory = process.memoryUsage();
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    const engine = await startEngine(dataDir);
    startMs.push(performance.now() - startedMs);
    if (run === 0) memory = process.memoryUsage();
    const page = async (cursor: string | null) => {
      const pageStartedMs = performance.now();
      const { items } = await engine.client.deliveries.list({ limit: pageRows, ...(cursor === null ? {} : { cursor }) });
      if (items.length !== pageRows) throw new Error(`A page has ${items.length} rows; the figures would mean nothing.`);
      return performance.now() - pageStartedMs;
    };
    const { total } = await engine.client.deliveries.stats({});
    // Walking there would take minutes in a large log, so the cursor is written as the list writes it.
    const middle = `deliveries.${Math.floor(total / 2).toString(36)}`;
    await page(null);
    for (let again = 0; again < 5; again += 1) {
      firstPageMs.push(await page(null));
      middlePageMs.push(await page(middle));
    }
    await engine.stop();
  }
  return {
    startMs,
    firstPageMs,
    middlePageMs,
    claimMs: await claim(dataDir, endpointId, runs),
    rssBytes: memory.rss,
    heapBytes: memory.heapUsed,
  };
}

/** Claims as the dispatcher does, each undone again. */
async function claim(dataDir: string, endpointId: string, runs: number): Promise<readonly number[]> {
  const { database } = openStore(dataDir);
  const attemptIds = Array.from({ length: claimed }, (_, index) => `att_${index}`);
  const times: number[] = [];
  for (let run = 0; run <= runs * 5; run += 1) {
    let found = 0;
    let tookMs = 0;
    const undone = new Error('undone');
    await database
      .write((writer) => {
        const startedMs = performance.now();
        found = claimDue(writer, { endpointId, nowMs: Date.now() + allDueInMs, attemptIds, isOrdered: false, deliveryId: null }).rows
          .length;
        tookMs = performance.now() - startedMs;
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    if (found === 0) throw new Error('Nothing was claimed; the figures would mean nothing.');
    // The first fills caches.
    if (run > 0) times.push(tookMs / found);
  }
  await database.close();
  return times;
}
