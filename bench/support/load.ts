import { Pool } from 'undici';
import { keepBusy } from './keep-busy.ts';
import { bodyOf } from './payload.ts';

/** A load to drive against a server. */
export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly requests: number;
  readonly bodyBytes: number;
  /** Number of the first body, so that no two rounds send the same bytes. */
  readonly firstBody: number;
}

export interface LoadResult {
  readonly elapsedMs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Answers that were not 200. */
  readonly failures: number;
}

// Lives in a process of its own, so that what drives a server takes no time from it.
process.on('message', (order: LoadOrder) => {
  void drive(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function drive(order: LoadOrder): Promise<LoadResult> {
  const url = new URL(order.url);
  const pool = new Pool(url.origin, { connections: order.connections, pipelining: 1 });
  const latenciesMs: number[] = [];
  let failures = 0;
  const startedMs = performance.now();
  await keepBusy(order.requests, order.connections, async (index) => {
    const sentMs = performance.now();
    const body = bodyOf(order.firstBody + index, order.bodyBytes);
    const answer = await pool.request({ path: url.pathname, method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) failures += 1;
    latenciesMs.push(performance.now() - sentMs);
  });
  const elapsedMs = performance.now() - startedMs;
  await pool.close();
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
  return { elapsedMs, medianMs: at(0.5), p99Ms: at(0.99), failures };
}
