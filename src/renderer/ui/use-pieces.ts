import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createPieces, type PieceLimits, type PieceState } from './pieces.ts';

/** Reads what `source` gives piece by piece; a new `source` starts over, so keep the same object between renders. */
export function usePieces<Row>(
  source: () => Iterator<Row | null>,
  limits: PieceLimits<Row>,
): PieceState<Row> & { readonly show: (piece: number) => void } {
  const store = useMemo(() => createPieces(source(), limits), [source, limits]);
  const state = useStore(store);
  useEffect(() => {
    store.start();
    return store.stop;
  }, [store]);
  return { ...state, show: store.show };
}
