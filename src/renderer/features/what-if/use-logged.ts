import { useEffect, useState } from 'react';
import type { LoggedOutage } from '#shared/contract/what-if.ts';
import { toProblem, type Problem } from '../../base/problem.ts';
import { useClient } from '../../stores/session.tsx';

/** What the log has of an endpoint. */
export interface Logged {
  /** Newest first; null until they were read. */
  readonly outages: readonly LoggedOutage[] | null;
  /** When events came around the outage that was picked; null until they were read. */
  readonly timesMs: readonly number[] | null;
  readonly problem: Problem | null;
}

const nothingYet: Logged = { outages: null, timesMs: null, problem: null };

/** The outages of an endpoint, and the times of its events from `fromMs` to `untilMs`; null without an endpoint. */
export function useLogged(endpointId: string | null, span: { readonly fromMs: number; readonly untilMs: number } | null): Logged | null {
  const client = useClient();
  const [logged, setLogged] = useState<Logged>(nothingYet);
  useEffect(() => {
    if (endpointId === null) return undefined;
    const left = new AbortController();
    setLogged(nothingYet);
    client.whatIf.outages({ id: endpointId }, { signal: left.signal }).then(
      ({ items }) => setLogged((before) => ({ ...before, outages: items, problem: null })),
      (error: unknown) => !left.signal.aborted && setLogged((before) => ({ ...before, outages: [], problem: toProblem(error) })),
    );
    return () => left.abort();
  }, [client, endpointId]);
  const { fromMs = null, untilMs = null } = span ?? {};
  useEffect(() => {
    if (endpointId === null || fromMs === null || untilMs === null) return undefined;
    const left = new AbortController();
    client.whatIf.eventTimes({ id: endpointId, fromMs, untilMs }, { signal: left.signal }).then(
      ({ timesMs }) => setLogged((before) => ({ ...before, timesMs })),
      (error: unknown) => !left.signal.aborted && setLogged((before) => ({ ...before, problem: toProblem(error) })),
    );
    return () => left.abort();
  }, [client, endpointId, fromMs, untilMs]);
  return endpointId === null ? null : logged;
}
