import { useCallback } from 'react';
import { dataTextOf } from '../../base/data-text.ts';
import type { Client } from '../../base/client.ts';
import { useRead } from '../../stores/use-read.ts';

/** The sample of an event type as text; `{}` for one without. */
export function useSample(type: string): string {
  const read = useCallback(
    async (client: Client, signal: AbortSignal) => {
      const { sample, sampleText } = await client.eventTypes.get({ name: type }, { signal });
      return { type, text: dataTextOf(sample, sampleText) };
    },
    [type],
  );
  // A type that is not in the catalogue has none, and the data starts empty; other problems show when sending.
  const sample = useRead(read);
  return sample?.type === type ? sample.text : '{}';
}
