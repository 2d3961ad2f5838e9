import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useChanges, useSession, type Session } from '../../stores/session.tsx';
import type { ComposeState } from './compose-state.ts';
import { createComposeStore } from './compose-store.ts';
import type { ComposeStore } from './compose-store.types.ts';

/** One store for each session, so that a result and a secret that was typed are still there on coming back. */
const stores = new WeakMap<Session, ComposeStore>();

function storeOf(session: Session): ComposeStore {
  const known = stores.get(session);
  if (known !== undefined) return known;
  const store = createComposeStore({
    client: session.client,
    storage: localStorage,
    later: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  });
  stores.set(session, store);
  return store;
}

/** The store of Compose, kept up to date while it is shown. */
export function useComposeStore(): ComposeStore {
  const store = storeOf(useSession());
  useEffect(() => {
    void store.load();
    // What became of what was sent while another area was open.
    void store.follow(null);
  }, [store]);
  useChanges(['endpoints', 'endpoint-health', 'event-types', 'bins', 'environments', 'settings'], () => void store.load());
  useChanges(['profiles'], () => void store.loadProfiles());
  useChanges(['deliveries', 'captures'], (ids) => void store.follow(ids));
  return store;
}

/** The state of Compose. */
export function useCompose(store: ComposeStore): ComposeState {
  return useStore(store);
}
