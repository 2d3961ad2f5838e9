import { stopping } from '../base/refusal.ts';
import { withRefusals } from '../base/procedures.ts';

/** Runs that are under way. */
export interface Runs {
  /** Passes on the events of a run, which begins with this call and ends quietly when its caller leaves. Rejects with a Refusal when the engine stops. */
  readonly follow: <T>(
    begin: (signal: AbortSignal) => Promise<AsyncGenerator<T, void, void>>,
    caller: AbortSignal | undefined,
  ) => Promise<AsyncGenerator<T, void, void>>;
  /** Ends those that are under way; settles when their deliveries are cancelled. */
  readonly stop: () => Promise<void>;
}

export function createRuns(): Runs {
  const end = new AbortController();
  const open = new Set<Promise<void>>();

  async function* ending<T>(events: AsyncGenerator<T, void, void>, caller: AbortSignal | undefined): AsyncGenerator<T, void, void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    open.add(promise);
    try {
      yield* events;
    } catch (error) {
      if (caller?.aborted !== true || end.signal.aborted) throw error;
    } finally {
      open.delete(promise);
      resolve();
    }
  }

  return {
    follow: async (begin, caller) => {
      if (end.signal.aborted) throw stopping();
      const signal = caller === undefined ? end.signal : AbortSignal.any([caller, end.signal]);
      return withRefusals(ending(await begin(signal), caller));
    },
    stop: async () => {
      end.abort(stopping());
      await Promise.all(open);
    },
  };
}
