import { useCallback, useEffect, useRef, useState } from 'react';
import type { Client } from '../../base/client.ts';
import { isAbort, toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';

/** Reads something with a client until the signal aborts. */
export type Read<T> = (client: Client, signal: AbortSignal) => Promise<T>;

/** What is being read, or was read last. */
export interface Latest<T> {
  /** What it is about; null for nothing. */
  readonly key: string | null;
  /** Null until it came. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isReading: boolean;
}

const nothing = { key: null, value: null, problem: null, isReading: false } as const;

/** Reads one thing at a time: what is started next gives up the one before. What is there stays while the same is read anew. */
export function useLatest<T>() {
  const client = useClient();
  const [state, setState] = useState<Latest<T>>(nothing);
  const reading = useRef(new AbortController());
  useEffect(() => () => reading.current.abort(), []);
  const start = useCallback(
    (key: string, read: Read<T>) => {
      reading.current.abort();
      const { signal } = (reading.current = new AbortController());
      const end = (came: Pick<Latest<T>, 'value' | 'problem'>) => !signal.aborted && setState({ key, ...came, isReading: false });
      setState((before) => ({ ...(before.key === key ? before : nothing), key, isReading: true }));
      read(client, signal).then(
        (value) => end({ value, problem: null }),
        (error: unknown) => !isAbort(error) && end({ value: null, problem: toProblem(error) }),
      );
    },
    [client],
  );
  const stop = useCallback(() => {
    reading.current.abort();
    setState(nothing);
  }, []);
  return { state, start, stop };
}
