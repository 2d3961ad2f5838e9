import { allPages } from '#shared/all-pages.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import { failedStatuses, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { failureScope } from '#shared/failure-scope.ts';
import { mostReplayedIds } from '#shared/contract/replays.ts';
import type { readFilter } from '../delivery-flags.ts';
import type { EngineClient } from '../engine-client.ts';
import { portOf, type Readiness } from './receiver-ready.ts';

type DeliveryFilter = Awaited<ReturnType<typeof readFilter>>;

/** The deliveries that a watch replays, fixed when it begins. */
export interface FailingSet {
  readonly ids: readonly string[];
  /** More fail than one replay takes. */
  readonly isCut: boolean;
  /** The filter that chose it, narrowed to the time in which it was made. */
  readonly filter: DeliveryFilter;
  /** Where its receivers accept connections. */
  readonly receivers: readonly Readiness[];
}

/** What fails now, the newest first, as many as one replay takes; no tests, unless the filter asks for them. */
export async function failingSet(client: EngineClient, given: DeliveryFilter): Promise<FailingSet> {
  const filter = failureScope(given);
  // One more than a replay takes, of either state: it shows that there are more.
  const found = await failingOf(client, filter, mostReplayedIds + 1);
  const newest = found.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const set = newest.slice(0, mostReplayedIds);
  const [first, last] = [set.at(-1), set[0]];
  const span = first === undefined || last === undefined ? {} : { fromMs: first.createdAtMs, toMs: last.createdAtMs + 1 };
  return {
    ids: set.map(({ id }) => id),
    isCut: newest.length > set.length,
    filter: { ...filter, ...span },
    receivers: await receiversOf(client, set),
  };
}

/** Those of a set that still fail, with whatever its retries have come to. */
export async function stillFailing(client: EngineClient, { filter, ids }: FailingSet): Promise<readonly string[]> {
  const failing = new Set((await failingOf(client, filter)).map(({ id }) => id));
  return ids.filter((id) => failing.has(id));
}

/** What a filter finds that fails, of each state the newest first; once there are `enough` of a state, no older ones are read. */
async function failingOf(client: EngineClient, filter: DeliveryFilter, enough?: number): Promise<readonly DeliverySummary[]> {
  const found = new Map<string, DeliverySummary>();
  // In this order, so that what runs out of retries meanwhile is not missed.
  for (const status of statesOf(filter)) {
    const failing = await allPages(async (from) => {
      const { items, next } = await client.deliveries.list({ ...filter, status, limit: 200, ...from });
      return { items: items.filter(isFailing), next };
    }, enough);
    for (const delivery of failing) found.set(delivery.id, delivery);
  }
  return [...found.values()];
}

/** What is redelivered after it was accepted waits as failed, too. */
function isFailing({ lastOutcome }: DeliverySummary): boolean {
  return lastOutcome !== null && lastOutcome.code !== 'ok';
}

function statesOf({ status }: DeliveryFilter): readonly DeliveryStatus[] {
  return status === undefined ? failedStatuses : [status];
}

/** By the last request to each endpoint: in its URL, variables have their values. */
async function receiversOf(client: EngineClient, set: readonly DeliverySummary[]): Promise<readonly Readiness[]> {
  const receivers = new Map<string, Readiness>();
  for (const [first] of Map.groupBy(set, ({ endpointId }) => endpointId).values()) {
    if (first === undefined) continue;
    const { attempts, url } = await client.deliveries.get({ id: first.id, bodies: false });
    const receiver = portOf(attempts.findLast(({ request }) => request !== null)?.request?.url ?? url);
    if (receiver !== null) receivers.set(JSON.stringify(receiver), receiver);
  }
  return [...receivers.values()];
}
