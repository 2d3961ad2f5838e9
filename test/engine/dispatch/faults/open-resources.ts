import { createHook } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What the sender has opened and not closed. */
export interface OpenResources {
  /** Settles when the sockets of this process are back to as many as at the start and no timer of the sender is left, or after many turns of the event loop. */
  readonly settle: () => Promise<void>;
  /** Sockets and look-ups beyond those at the start. */
  readonly sockets: () => number;
  /** Timers that the sender or its HTTP client set and that are still to come. */
  readonly timers: () => number;
  readonly stop: () => void;
}

const manyTurns = 20_000;
const ofSender = /src[/\\]main[/\\]engine[/\\]dispatch|node_modules[/\\]undici/;

/** Watches sockets and timers from here on. Timers that do not keep the process alive count as well. */
export function watchResources(): OpenResources {
  const before = countSockets();
  const timers = new Set<number>();
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout' && ofSender.test(new Error('where').stack ?? '')) timers.add(id);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  // Those of an earlier test may only now be going.
  const sockets = () => Math.max(0, countSockets() - before);
  return {
    settle: async () => {
      for (let turn = 0; turn < manyTurns && (sockets() > 0 || timers.size > 0); turn += 1) await nextTurn();
    },
    sockets,
    timers: () => timers.size,
    stop: () => void hook.disable(),
  };
}

function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|GetAddrInfo)/.test(name)).length;
}
