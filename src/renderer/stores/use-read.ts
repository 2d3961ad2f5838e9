import { useEffect, useState } from 'react';
import type { Client } from '../base/client.ts';
import { useClient } from './session.tsx';

/**
 * What `read` finds, read again when that function or `again` is another one; null before, and where it cannot be read: for what only helps, and is
 * done without otherwise.
 */
export function useRead<T>(read: (client: Client, signal: AbortSignal) => Promise<T>, again = 0): T | null {
  const client = useClient();
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const readNow = async () => {
      const found = await read(client, stop.signal).catch(() => null);
      if (!stop.signal.aborted) setValue(found);
    };
    void readNow();
    return () => stop.abort();
  }, [client, read, again]);
  return value;
}
