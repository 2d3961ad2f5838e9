import { allPages } from '#shared/all-pages.ts';
import type { JudgedDelivery, ReplayVerdicts } from '#shared/contract/replay-verdicts.ts';
import type { Replay } from '#shared/contract/replays.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from '../engine-client.ts';
import type { Pulse } from './pulse.ts';

/** What a round came to. */
export interface RoundEnd {
  readonly replay: Replay;
  readonly counts: ReplayVerdicts['counts'];
  /** How many were delivered by the last attempt that was told. */
  readonly delivered: number;
}

interface RoundOptions {
  /** Told of since before the round. */
  readonly changes: Pulse;
  readonly ratePerSecond: number | null;
  /** How long attempts are waited for. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly onJudged: (delivery: JudgedDelivery) => void;
}

/**
 * Replays deliveries and passes each on once an attempt since has ended. Ends when all have, when the time is over, or when the signal
 * aborts, which cancels the replay.
 */
export async function playRound(client: EngineClient, ids: readonly string[], options: RoundOptions): Promise<RoundEnd> {
  const { id } = await client.replays.start({
    source: { kind: 'redeliver', filter: { ids: [...ids] } },
    ratePerSecond: options.ratePerSecond,
  });
  const told = new Map<string, JudgedDelivery>();
  const untilMs = performance.now() + options.withinMs;
  for (;;) {
    const replay = await client.replays.get({ id });
    const judged = await allPages((from) => client.replays.deliveries({ id, limit: 200, ...from }));
    for (const delivery of judged) {
      if (delivery.verdict === 'waiting' || told.has(delivery.deliveryId)) continue;
      told.set(delivery.deliveryId, delivery);
      options.onJudged(delivery);
    }
    const isOver = replay.status !== 'running' && told.size === judged.length;
    const leftMs = untilMs - performance.now();
    if (isOver || leftMs <= 0 || options.signal.aborted) {
      if (replay.status === 'running') await client.replays.cancel({ id }).catch(() => undefined);
      return ended(replay, [...told.values()], judged.length - told.size);
    }
    if ((await options.changes.next(leftMs, options.signal)) === 'ended')
      throw new ExitError(`Hookyard stopped while ${id} was under way; it goes on when Hookyard starts again.`, 2);
  }
}

function ended(replay: Replay, told: readonly JudgedDelivery[], waiting: number): RoundEnd {
  const counts: { -readonly [K in keyof RoundEnd['counts']]: RoundEnd['counts'][K] } = waiting === 0 ? {} : { waiting };
  for (const { verdict } of told) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return { replay, counts, delivered: told.filter(({ after }) => after?.isDelivered === true).length };
}
