import { onTestFinished } from 'vitest';
import type { ReplayDetail } from '#shared/contract/replays.ts';
import type { ClockedEngine } from '../../support/clocked-engine.ts';
import { settledNow, whenSettled } from '../../support/settled.ts';
import { startReceiver, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';

/** A receiver that closes when the test ends. */
export async function receive(...steps: readonly Step[]): Promise<ScriptedReceiver> {
  const receiver = await startReceiver(steps);
  onTestFinished(receiver.close);
  return receiver;
}

/** Looks again after every change until `read` answers something. */
export async function until<T>({ client }: Pick<ClockedEngine, 'client'>, read: () => Promise<T | null>): Promise<T> {
  const stop = new AbortController();
  try {
    for await (const _ of await client.system.changes(undefined, { signal: stop.signal })) {
      const found = await read();
      if (found !== null) return found;
    }
    throw new Error('The change stream ended first.');
  } finally {
    stop.abort();
  }
}

/** The replay once it satisfies `isReached`. */
export function replayWhen(engine: ClockedEngine, id: string, isReached: (replay: ReplayDetail) => boolean): Promise<ReplayDetail> {
  return until(engine, async () => {
    const replay = await engine.client.replays.get({ id });
    return isReached(replay) ? replay : null;
  });
}

/** Waits until no delivery is under way or due now. A redelivered one counts as failed until its next attempt. */
export async function settled(engine: ClockedEngine): Promise<void> {
  await whenSettled(engine);
}

/** Moves the clock to each due time in turn until the replay has ended; what is due is sent before the clock moves on. */
export async function advanceToEnd(engine: ClockedEngine, id: string): Promise<ReplayDetail> {
  return await until(engine, async () => {
    const replay = await engine.client.replays.get({ id });
    if (replay.status === 'completed') return replay;
    if ((await settledNow(engine)) !== null) engine.clock.advanceToNext();
    return null;
  });
}
