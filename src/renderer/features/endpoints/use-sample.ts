import { useEffect, useState } from 'react';
import { useClient } from '../../stores/session.tsx';

/** The sample of an event type as text; `{}` for one without. */
export function useSample(type: string): string {
  const client = useClient();
  const [sample, setSample] = useState<{ readonly type: string; readonly text: string } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      try {
        const { sample: found } = await client.eventTypes.get({ name: type }, { signal: stop.signal });
        if (!stop.signal.aborted) setSample({ type, text: JSON.stringify(found, null, 2) });
      } catch {
        // A type that is not in the catalogue has none, and the data starts empty; sending says what is wrong with the engine.
      }
    };
    void read();
    return () => stop.abort();
  }, [client, type]);
  return sample?.type === type ? sample.text : '{}';
}
