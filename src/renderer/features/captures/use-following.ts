import { useEffect } from 'react';
import { useChanges } from '../../stores/session.tsx';
import type { RelaysStore } from '../relays/relays-store.ts';
import type { CaptureFilter, CaptureStores } from './captures-store.ts';
import type { RefusedStores } from './refused-store.ts';

/** How long typing pauses before it counts. */
const typingPauseMs = 150;

/** Keeps the stores in line with the address and the engine. */
export function useFollowing(stores: CaptureStores, filter: CaptureFilter, captureId: string | null) {
  useEffect(() => void stores.bins.load(), [stores]);
  const key = JSON.stringify(filter);
  useEffect(() => {
    const wanted = JSON.parse(key) as CaptureFilter;
    const isTyped = wanted.binId === stores.list.getState().filter.binId;
    const timer = setTimeout(() => void stores.list.setFilter(wanted), isTyped ? typingPauseMs : 0);
    return () => clearTimeout(timer);
  }, [stores, key]);
  useEffect(() => {
    stores.list.select(captureId);
    void stores.detail.open(captureId);
  }, [stores, captureId]);
  useChanges(['bins'], () => void stores.bins.load());
  useChanges(['deliveries'], (ids) => {
    const { item } = stores.detail.getState();
    const isShown = ids === null || ids.length === 0 || (item?.replays.some(({ id }) => ids.includes(id)) ?? false);
    if (captureId !== null && isShown) void stores.readGoneOn();
  });
  useChanges(['relays'], () => {
    if (captureId !== null) void stores.readGoneOn();
  });
  useChanges(['captures'], (ids) => {
    void stores.bins.load();
    void stores.list.refresh(ids === null || ids.length === 0 ? null : ids);
    if (captureId !== null && (ids === null || ids.length === 0 || ids.includes(captureId))) void stores.detail.refresh();
  });
}

/** The same for relays. */
export function useFollowingRelays(store: RelaysStore, isShown: boolean) {
  useEffect(() => void store.load(), [store, isShown]);
  useChanges(['relays'], () => void store.load());
  useChanges(['endpoint-health', 'deliveries'], () => {
    if (isShown) void store.load();
  });
}

/** The same for what was refused. */
export function useFollowingRefused({ list, detail }: RefusedStores, search: string, id: string | null) {
  useEffect(() => {
    const timer = setTimeout(() => void list.setFilter({ q: search.trim() }), search === '' ? 0 : typingPauseMs);
    return () => clearTimeout(timer);
  }, [list, search]);
  useEffect(() => {
    list.select(id);
    void detail.open(id);
  }, [list, detail, id]);
  useChanges(['refused-requests'], (ids) => {
    void list.refresh(ids === null || ids.length === 0 ? null : ids);
    if (id !== null && (ids === null || ids.length === 0 || ids.includes(id))) void detail.refresh();
  });
}
