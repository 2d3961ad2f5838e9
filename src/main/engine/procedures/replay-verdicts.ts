import type { JudgedDelivery, ReplayVerdict, ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import type { Procedures } from '../base/procedures.ts';
import { createPause } from '../base/pause.ts';
import { notFound } from '../base/refusal.ts';
import { replayedDeliveries, type ReplayedDelivery } from '../log/replay-attempts.ts';
import { findReplay } from '../replays/store.ts';
import { judged } from '../replays/verdict.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';

/** Deliveries that are read at once: some milliseconds. */
const readAtOnce = 200;
/** Ways to fail that are told. */
const toldFailures = 20;

const pages = seqPages('replay-deliveries');

/** What replays fixed, broke and left as it was. */
export function createReplayVerdictHandlers(os: Procedures, { database }: { readonly database: Database }) {
  const seqOf = (id: string): number => {
    const replay = findReplay(database, id);
    if (replay === undefined) throw notFound('replay', id);
    return replay.seq;
  };
  return {
    verdicts: os.replays.verdicts.handler(async ({ input: { id }, signal }): Promise<ReplayVerdicts> => {
      const counts: Partial<Record<ReplayVerdict, number>> = {};
      const failures = createFailures();
      for await (const row of eachDelivery(database, seqOf(id), 0, signal)) {
        const delivery = judged(row);
        counts[delivery.verdict] = (counts[delivery.verdict] ?? 0) + 1;
        failures.add(delivery);
      }
      return { id, counts, ...failures.told() };
    }),
    deliveries: os.replays.deliveries.handler(async ({ input: { id, cursor, limit, verdict }, signal }) => {
      const behindSeq = pages.after(cursor);
      const found: { readonly seq: number; readonly delivery: JudgedDelivery }[] = [];
      for await (const row of eachDelivery(database, seqOf(id), behindSeq, signal)) {
        const delivery = judged(row);
        if (verdict === undefined || delivery.verdict === verdict) found.push({ seq: row.seq, delivery });
        if (found.length > limit) break;
      }
      return pages.page(found, limit, ({ delivery }) => delivery);
    }),
  };
}

/** The deliveries of a replay behind a row, with other work in between. */
async function* eachDelivery(
  database: Pick<Database, 'raw'>,
  replaySeq: number,
  behindSeq: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReplayedDelivery> {
  const pause = createPause();
  for (let afterSeq = behindSeq; ;) {
    signal?.throwIfAborted();
    const rows = replayedDeliveries(database, replaySeq, { afterSeq, limit: readAtOnce });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < readAtOnce) return;
    afterSeq = last.seq;
    await pause();
  }
}

/** Counts what fails by endpoint, outcome and status. */
function createFailures() {
  const groups = new Map<string, ReplayVerdicts['failures'][number]>();
  return {
    add: ({ deliveryId, endpointId, endpointName, after }: JudgedDelivery) => {
      if (after === null || after.isDelivered) return;
      const { outcomeCode, status } = after;
      const key = `${endpointId} ${outcomeCode} ${status ?? ''}`;
      const { count, exampleId } = groups.get(key) ?? { count: 0, exampleId: deliveryId };
      groups.set(key, { endpointId, endpointName, outcomeCode, status, count: count + 1, exampleId });
    },
    told: (): Pick<ReplayVerdicts, 'failures' | 'moreFailures'> => {
      const all = [...groups.values()].toSorted((a, b) => b.count - a.count);
      return { failures: all.slice(0, toldFailures), moreFailures: Math.max(0, all.length - toldFailures) };
    },
  };
}
