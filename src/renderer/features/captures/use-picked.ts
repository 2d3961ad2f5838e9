import { useState } from 'react';
import { useClient } from '../../stores/session.tsx';
import type { CaptureFilter } from './captures-store.ts';
import { toggled, type Picked } from './picked.ts';

/** What is picked in the list of a bin. */
export interface Picking {
  readonly picked: Picked | null;
  readonly toggle: (id: string) => void;
  readonly pickSome: (ids: readonly string[]) => void;
  /** Picks all that a filter finds up to its newest capture that is shown. */
  readonly pickAll: (filter: CaptureFilter, newestId: string) => void;
  readonly clear: () => void;
}

export function usePicked(binId: string): Picking {
  const client = useClient();
  const [picking, setPicking] = useState<Picked | null>(null);
  // What was picked in another bin is not in this list, so nothing here acts on it.
  const picked = picking?.binId === binId ? picking : null;
  return {
    picked,
    toggle: (id) => setPicking(toggled(picked, binId, id)),
    pickSome: (ids) => setPicking({ kind: 'some', binId, ids: new Set(ids) }),
    pickAll: (filter, newestId) => {
      const all: Picked = { kind: 'all', binId, filter: { ...filter, untilId: newestId }, count: null };
      setPicking(all);
      const count = async () => {
        try {
          const { captures } = await client.captures.count(all.filter);
          setPicking((now) => (now === all ? { ...all, count: captures } : now));
        } catch {
          // Without its number it cannot be told what would be done with them.
          setPicking((now) => (now === all ? null : now));
        }
      };
      void count();
    },
    clear: () => setPicking(null),
  };
}
