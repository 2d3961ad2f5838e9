/** Work that several callers may wait for at once. */
export interface SharedCalls<T> {
  /**
   * What `start` gives, or what an earlier call with the same key gives that is still under way. The work is aborted once every caller has
   * aborted. Rejects with the reason of the caller's own signal.
   */
  readonly run: (
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ) => Promise<{ readonly value: T; readonly isJoined: boolean }>;
}

interface Shared<T> {
  readonly work: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

export function createSharedCalls<T>(): SharedCalls<T> {
  const underWay = new Map<string, Shared<T>>();

  const begin = (key: string, start: (signal: AbortSignal) => Promise<T>): Shared<T> => {
    const stop = new AbortController();
    const shared: Shared<T> = { work: start(stop.signal), stop, waiting: 0 };
    underWay.set(key, shared);
    const forget = () => {
      if (underWay.get(key) === shared) underWay.delete(key);
    };
    shared.work.then(forget, forget);
    return shared;
  };

  return {
    run: async (key, signal, start) => {
      signal?.throwIfAborted();
      const known = underWay.get(key);
      const shared = known ?? begin(key, start);
      shared.waiting += 1;
      const left = Promise.withResolvers<never>();
      const leave = () => {
        shared.waiting -= 1;
        if (shared.waiting === 0) {
          underWay.delete(key);
          shared.stop.abort(signal?.reason);
        }
        left.reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return { value: await Promise.race([shared.work, left.promise]), isJoined: known !== undefined };
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}
