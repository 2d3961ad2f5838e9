import { createContext, useContext, useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Environment } from '#shared/contract/environments.ts';
import type { ChangeTopic, Settings } from '#shared/contract/system.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';
import { createChangeFollower, type ChangeFollower, type ChangeListener } from '../base/change-follower.ts';
import type { Client, Connection } from '../base/client.ts';
import { createKeyMatcher, isBehindDialog, isTypingTarget, type KeyMap } from '../base/keys.ts';
import type { Route, Router } from '../base/router.ts';
import { createCatalogueStore, type Catalogue, type CatalogueStore } from './catalogue-store.ts';
import { createDraftStore, type DraftStore } from './draft-store.ts';
import { createEngineStore, type EngineStore } from './engine-store.ts';
import { createSchemeStore, type SchemeStore } from './scheme-store.ts';
import { createSecretStore, type SecretStore } from './secret-store.ts';
import { createUndoStore, type UndoStore } from './undo-store.ts';

/** Everything one window has exactly one of. */
export interface Session {
  readonly client: Client;
  readonly connection: Connection;
  readonly changes: ChangeFollower;
  readonly router: Router;
  readonly engine: EngineStore;
  readonly catalogue: CatalogueStore;
  readonly schemes: SchemeStore;
  readonly undo: UndoStore;
  readonly secrets: SecretStore;
  readonly drafts: DraftStore;
  /** Says a result to screen readers. */
  readonly announce: (sentence: string) => void;
  /** Binds keys and returns a function that unbinds them; later bindings win. */
  readonly bindKeys: (map: () => KeyMap) => () => void;
}

/** Puts a session together and lets settings, health and keys follow their sources. */
export function createSession(connection: Connection, router: Router, page: Window): Session {
  const changes = createChangeFollower(connection);
  const engine = createEngineStore(connection.client);
  const schemes = createSchemeStore(connection.client);
  changes.on(['settings', 'health'], () => {
    void engine.load();
    void schemes.load();
  });
  void engine.load();
  // Before an area wants them: a picker whose titles come late puts the title of what is chosen over what was typed into it.
  void schemes.load();

  const maps: (() => KeyMap)[] = [];
  const match = createKeyMatcher();
  page.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const isMod = event.metaKey || event.ctrlKey;
    if (!isMod && isTypingTarget(event.target)) return;
    if (isBehindDialog(page.document)) return;
    const action = match(
      { key: event.key, isMod, isAlt: event.altKey, atMs: event.timeStamp },
      maps.map((map) => map()),
    );
    if (action === null) return;
    event.preventDefault();
    action();
  });

  return {
    client: connection.client,
    connection,
    changes,
    router,
    engine,
    catalogue: createCatalogueStore(connection.client, changes),
    schemes,
    undo: createUndoStore(),
    secrets: createSecretStore(),
    drafts: createDraftStore(page),
    announce: (sentence) => {
      const region = page.document.getElementById('announcements');
      if (region === null) return;
      // The same sentence twice is only read twice when the text differs.
      region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
    },
    bindKeys: (map) => {
      maps.push(map);
      return () => {
        const at = maps.indexOf(map);
        if (at !== -1) maps.splice(at, 1);
      };
    },
  };
}

const SessionContext = createContext<Session | null>(null);

/** Gives a session to everything below. */
export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The window's session. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession must be used below SessionProvider');
  return session;
}

/** The contract as functions. */
export function useClient(): Client {
  return useSession().client;
}

/** What the address names. */
export function useRoute(): Route {
  return useStore(useSession().router.route);
}

/** The engine's settings, or null until they were read. */
export function useSettings(): Settings | null {
  return useStore(useSession().engine, (state) => state.settings);
}

/** Names of endpoints and event types, for completion and links; empty until they were read. */
export function useCatalogue(): Catalogue {
  const { catalogue } = useSession();
  useEffect(() => void catalogue.want(), [catalogue]);
  return useStore(catalogue);
}

/** The environment that new messages take; null for none, or until it was read. */
export function useActiveEnvironment(): Environment | null {
  const id = useSettings()?.activeEnvironmentId ?? null;
  return useCatalogue().environments.find((environment) => environment.id === id) ?? null;
}

/** The signature schemes; empty until they were read. */
export function useSchemes(): readonly SchemeInfo[] {
  return useStore(useSession().schemes, (state) => state.items);
}

/** Calls back on changes of these topics while the component is mounted, with ids or null for "anything may have changed". */
export function useChanges(topics: readonly ChangeTopic[], listener: ChangeListener): void {
  const { changes } = useSession();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  const key = topics.join();
  useEffect(() => changes.on(key.split(',') as ChangeTopic[], (ids) => latest.current(ids)), [changes, key]);
}

/** Binds keys while the component is mounted; see {@link KeyMap} for how keys are written. */
export function useKeys(map: KeyMap): void {
  const { bindKeys } = useSession();
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => bindKeys(() => latest.current), [bindKeys]);
}

const ticking = createTicker();

/** The wall clock in epoch milliseconds, to the second; all users of it change at the same moment. */
export function useNow(): number {
  return useSyncExternalStore(ticking.subscribe, ticking.now);
}

function createTicker() {
  const listeners = new Set<() => void>();
  let nowMs = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = () => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => nowMs,
    subscribe: (listener: () => void) => {
      if (timer === null) {
        nowMs = Date.now();
        timer = setInterval(tick, 1000);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}
