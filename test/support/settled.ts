import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { ClockedEngine } from './clocked-engine.ts';
import { allDeliveries } from './idle.ts';

/** The log once nothing more happens before the clock moves or somebody acts: as `whenIdle`, but what is held back may be due. */
export async function whenSettled(engine: ClockedEngine): Promise<readonly DeliverySummary[]> {
  const stop = new AbortController();
  try {
    for await (const _ of await engine.client.system.changes(undefined, { signal: stop.signal })) {
      const deliveries = await settledNow(engine);
      if (deliveries !== null) return deliveries;
    }
    throw new Error('The change stream ended before the engine had settled.');
  } finally {
    stop.abort();
  }
}

/** The log as {@link whenSettled} waits for it; null while something is still to happen. */
export async function settledNow(engine: ClockedEngine): Promise<readonly DeliverySummary[] | null> {
  const deliveries = await allDeliveries(engine);
  if ((await engine.client.system.health()).inFlightAttempts > 0) return null;
  return deliveries.every((each) => isAtRest(each, deliveries, engine.clock.now())) ? deliveries : null;
}

function isAtRest(delivery: DeliverySummary, all: readonly DeliverySummary[], nowMs: number): boolean {
  if (delivery.isInFlight) return false;
  const { nextAttemptAtMs: dueAtMs, hold } = delivery;
  if (dueAtMs === null || dueAtMs > nowMs) return true;
  if (hold === null) return false;
  if (hold.by !== 'order') return true;
  // Newest first: the last one that waits is the head of its endpoint.
  const head = all.findLast((each) => each.endpointId === delivery.endpointId && (each.nextAttemptAtMs !== null || each.isInFlight));
  return head !== undefined && head.id !== delivery.id && isAtRest(head, all, nowMs);
}
