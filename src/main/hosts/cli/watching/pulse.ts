import type { Change } from '#shared/contract/system.ts';

/** Changes of deliveries and replays; those that come while nobody waits count as one. */
export interface Pulse {
  /** Settles with the next change, when the time is over, or when the signal aborts; `ended` when no more will come. */
  readonly next: (withinMs: number, signal: AbortSignal) => Promise<'changed' | 'ended'>;
}

/** Takes changes as they come, so that none waits in memory. */
export function createPulse(changes: AsyncIterator<Change>): Pulse {
  let [hasCome, hasEnded] = [false, false];
  let wake = () => undefined as void;
  const take = async () => {
    for (let step = await changes.next(); step.done !== true; step = await changes.next()) {
      if (step.value.topic !== 'deliveries' && step.value.topic !== 'replays') continue;
      hasCome = true;
      wake();
    }
    hasEnded = true;
    wake();
  };
  void take();
  return {
    next: (withinMs, signal) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          wake = () => undefined;
          hasCome = false;
          resolve(hasEnded ? 'ended' : 'changed');
        };
        const timer = setTimeout(end, withinMs);
        signal.addEventListener('abort', end);
        wake = end;
        if (hasCome || hasEnded || signal.aborted) end();
      }),
  };
}
