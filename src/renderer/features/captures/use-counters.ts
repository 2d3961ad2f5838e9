import { useEffect, useState } from 'react';
import type { Client } from '../../base/client.ts';
import { useChanges, useClient, useSession } from '../../stores/session.tsx';

/** The counters of a bin. */
export type CounterOf = Awaited<ReturnType<Client['answers']['state']>>['counters'][number];

/** How far the counters of a bin are, as they move; none for a bin that is not saved. */
export function useCounters(binId: string | null): {
  readonly of: (ruleId: string | null) => CounterOf | null;
  readonly reset: (ruleId: string | null, value?: string) => Promise<void>;
} {
  const client = useClient();
  const { announce } = useSession();
  const [counters, setCounters] = useState<readonly CounterOf[]>([]);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (binId === null) return undefined;
    const stop = new AbortController();
    const read = async () => {
      const state = await client.answers.state({ id: binId }, { signal: stop.signal }).catch(() => null);
      if (!stop.signal.aborted && state !== null) setCounters(state.counters);
    };
    void read();
    return () => stop.abort();
  }, [client, binId, turn]);
  useChanges(['bins'], (ids) => {
    if (ids === null || ids.length === 0 || (binId !== null && ids.includes(binId))) setTurn((before) => before + 1);
  });
  return {
    of: (ruleId) => counters.find((counter) => counter.ruleId === ruleId) ?? null,
    reset: async (ruleId, value) => {
      if (binId === null) return;
      await client.answers.reset({ id: binId, ruleId, ...(value === undefined ? {} : { value }) });
      announce('The counting begins anew');
    },
  };
}
