import { allPages } from '#shared/all-pages.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
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

const failingStates = ['failed', 'exhausted'] as const;

/** What fails now, the newest first, as many as one replay takes. */
export async function failingSet(client: EngineClient, filter: DeliveryFilter): Promise<FailingSet> {
  const found: DeliverySummary[] = [];
  for (const status of statesOf(filter)) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<EngineClient['deliveries']['list']>> = await client.deliveries.list({
        ...filter,
        status,
        limit: 200,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.items.filter(isFailing));
      cursor = page.next;
    } while (cursor !== null && found.length <= mostReplayedIds * failingStates.length);
  }
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
  const lists = await Promise.all(
    statesOf(filter).map((status) => allPages((from) => client.deliveries.list({ ...filter, status, limit: 200, ...from }))),
  );
  const failing = new Set(
    lists
      .flat()
      .filter(isFailing)
      .map(({ id }) => id),
  );
  return ids.filter((id) => failing.has(id));
}

/** What is redelivered after it was accepted waits as failed, too. */
function isFailing({ lastOutcome }: DeliverySummary): boolean {
  return lastOutcome !== null && lastOutcome.code !== 'ok';
}

function statesOf({ status }: DeliveryFilter): readonly DeliverySummary['status'][] {
  return status === undefined ? failingStates : [status];
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
