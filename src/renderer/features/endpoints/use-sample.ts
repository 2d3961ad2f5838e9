import { useEffect, useState } from 'react';
import { dataTextOf } from '../../base/data-text.ts';
import { useClient } from '../../stores/session.tsx';

/** The sample of an event type as text; `{}` for one without. */
export function useSample(type: string): string {
  const client = useClient();
  const [sample, setSample] = useState<{ readonly type: string; readonly text: string } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      try {
        const { sample: found, sampleText } = await client.eventTypes.get({ name: type }, { signal: stop.signal });
        if (!stop.signal.aborted) setSample({ type, text: dataTextOf(found, sampleText) });
      } catch {
        // A type that is not in the catalogue has none, and the data starts empty; other problems show when sending.
      }
    };
    void read();
    return () => stop.abort();
  }, [client, type]);
  return sample?.type === type ? sample.text : '{}';
}
