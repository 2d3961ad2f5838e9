import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ChangeTopic } from '#shared/contract/system.ts';
import { createItemStore, type ItemState } from './item-store.ts';
import { useChanges } from './session.tsx';

interface Listed<Item> {
  /** What is opened; null for nothing. */
  readonly id: string | null;
  /** It as it stands among the rows that were read, or null. */
  readonly row: Item | null;
  readonly isListRead: boolean;
  readonly fetchItem: (id: string, signal: AbortSignal) => Promise<Item>;
  readonly topic: ChangeTopic;
}

/** What is opened from a list. One that is not among its rows, by a search or by its place, is asked for by itself. */
export function useListed<Item>({ id, row, isListRead, fetchItem, topic }: Listed<Item>): Omit<ItemState<Item>, 'id'> {
  const fetching = useRef(fetchItem);
  const [store] = useState(() => createItemStore<Item>((wanted, signal) => fetching.current(wanted, signal)));
  const wanted = isListRead && row === null ? id : null;
  useEffect(() => void store.open(wanted), [store, wanted]);
  useChanges([topic], () => void store.refresh());
  const alone = useStore(store);
  if (row !== null) return { item: row, status: 'ready', problem: null };
  return alone.id === id ? alone : { item: null, status: 'loading', problem: null };
}
