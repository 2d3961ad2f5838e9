import { useMemo } from 'react';
import { useCatalogue } from '../stores/session.tsx';

/** What the value of a header may name of the message and the attempt. */
const ofAttempt = [
  'id',
  'type',
  'deliveryId',
  'attemptId',
  'timestamp',
  'timestampUnix',
  'timestampMs',
  'attempt',
  'retry',
  'redelivery',
  'lastOutcome',
  'lastStatus',
  'firstAttemptTimestamp',
] as const;

/** What a URL may name: the variables of all environments. */
export function useUrlNames(): readonly string[] {
  const { environments } = useCatalogue();
  return useMemo(() => {
    const names = new Set(environments.flatMap(({ variables }) => variables.map(({ name }) => `vars.${name}`)));
    return names.size === 0 ? [] : [...[...names].toSorted((one, other) => one.localeCompare(other, 'en')), 'environment'];
  }, [environments]);
}

/** What the value of a header may name: variables, and something of the attempt. */
export function useHeaderNames(): readonly string[] {
  const variables = useUrlNames();
  return useMemo(() => [...variables, ...ofAttempt], [variables]);
}
