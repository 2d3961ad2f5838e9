import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { ClockedEngine } from './clocked-engine.ts';

/** All deliveries of the log, newest first; at most 200. */
export async function allDeliveries(engine: ClockedEngine): Promise<readonly DeliverySummary[]> {
  return (await engine.client.deliveries.list({ limit: 200 })).items;
}

/** Whether nothing is to be attempted before the clock moves or somebody acts. */
function isWaiting({ nextAttemptAtMs, hold }: DeliverySummary, nowMs: number): boolean {
  if (nextAttemptAtMs === null || nextAttemptAtMs > nowMs) return true;
  return hold?.by === 'disabled' || (hold?.by === 'circuit' && (hold.untilMs ?? 0) > nowMs);
}

/** The log once nothing is under way and nothing is due before the clock moves; `look` sees it at every change on the way there. */
export async function whenIdle(
  engine: ClockedEngine,
  look: (deliveries: readonly DeliverySummary[]) => void = () => undefined,
): Promise<readonly DeliverySummary[]> {
  const stop = new AbortController();
  try {
    for await (const _ of await engine.client.system.changes(undefined, { signal: stop.signal })) {
      const deliveries = await allDeliveries(engine);
      look(deliveries);
      const nowMs = engine.clock.now();
      // The log may show the end of an attempt a moment before the dispatcher has set its timer for the next.
      if ((await engine.client.system.health()).inFlightAttempts > 0) continue;
      if (deliveries.every((each) => !each.isInFlight && isWaiting(each, nowMs))) return deliveries;
    }
    throw new Error('The change stream ended before the engine was idle.');
  } finally {
    stop.abort();
  }
}
