import { useCallback, useEffect, useState } from 'react';
import type { LoggedOutage } from '#shared/contract/what-if.ts';
import { useRoute, useSession } from '../../stores/session.tsx';
import { useLogged } from './use-logged.ts';
import { queryOf, stateOf, usualState, withOutage, type WhatIfState } from './what-if-state.ts';

/** The state, which the address keeps, and what the log has for it. */
export function useWhatIf(isUtc: boolean) {
  const { router } = useSession();
  const { query } = useRoute();
  const [state, setState] = useState<WhatIfState>(() => stateOf(query, usualState(Date.now(), isUtc)));
  const [isNewestWanted, setNewestWanted] = useState(query['log'] !== undefined && query['outage'] === undefined);
  const [span, setSpan] = useState(() => (query['log'] === undefined || isNewestWanted ? null : spanOf(state)));
  const logged = useLogged(state.logOf, span);
  const pick = useCallback((outage: LoggedOutage) => {
    setState((before) => {
      const next = { ...withOutage(before, outage.fromMs, outage.untilMs ?? Date.now()), answer: outage.answer };
      setSpan(spanOf(next));
      return next;
    });
  }, []);
  const takeLogOf = useCallback((endpointId: string) => {
    setSpan(null);
    setNewestWanted(true);
    setState((before) => ({ ...before, logOf: endpointId }));
  }, []);
  const newest = logged?.outages?.[0];
  useEffect(() => {
    if (!isNewestWanted || newest === undefined) return;
    setNewestWanted(false);
    pick(newest);
  }, [isNewestWanted, newest, pick]);
  useEffect(() => {
    // While it is dragged, an address for each step would be too many for a browser.
    const later = setTimeout(() => router.replace({ area: 'settings', id: 'what-if', query: queryOf(state) }), 200);
    return () => clearTimeout(later);
  }, [router, state]);
  return { state, setState, logged, pick, takeLogOf };
}

/** The events that an outage of the log is shown with: from its length before it, an hour at least, to as long after it. */
function spanOf({ fromMs, untilMs }: WhatIfState): { readonly fromMs: number; readonly untilMs: number } {
  const marginMs = Math.max(3_600_000, untilMs - fromMs);
  return { fromMs: Math.max(0, fromMs - marginMs), untilMs: untilMs + marginMs };
}
