import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useColorScheme } from '@mantine/hooks';
import { useEffect, useRef, useState, type ComponentType } from 'react';
import { AddressNotice } from './frame/address-notice.tsx';
import { ConnectionNotice } from './frame/connection-notice.tsx';
import { StoreNotice } from './frame/store-notice.tsx';
import { HealthNotices } from './frame/health-notices.tsx';
import { KeySheet } from './frame/key-sheet.tsx';
import { areaEntries, areaLabel } from './frame/navigation.ts';
import { NotLetIn } from './frame/not-let-in.tsx';
import { Palette } from './frame/palette.tsx';
import { Rail } from './frame/rail.tsx';
import { createChunk, LazyView, type Chunk } from './ui/lazy-view.tsx';
import type { Area } from './base/router.ts';
import { SessionProvider, useKeys, useRoute, useSession, useSettings, type Session } from './stores/session.tsx';
import { UndoBar } from './frame/undo-bar.tsx';
import { theme } from './theme.ts';
import { ProgressBar } from './ui/progress-bar.tsx';
import { SecretDialog } from './ui/secret-dialog.tsx';
import { ViewBoundary } from './ui/view-boundary.tsx';
import styles from './frame/frame.module.css';

/** Each area is one chunk, loaded when it is first opened. */
const views: Readonly<Record<Area, Chunk<object>>> = {
  compose: view(() => import('./features/compose/area-view.tsx')),
  endpoints: view(() => import('./features/endpoints/area-view.tsx')),
  deliveries: view(() => import('./features/deliveries/area-view.tsx')),
  captures: view(() => import('./features/captures/area-view.tsx')),
  verify: view(() => import('./features/verify/area-view.tsx')),
  events: view(() => import('./features/events/area-view.tsx')),
  settings: view(() => import('./features/settings/area-view.tsx')),
  compare: view(() => import('./features/comparing/area-view.tsx')),
  tests: view(() => import('./features/runs/area-view.tsx')),
};

function view(load: () => Promise<{ readonly AreaView: ComponentType }>): Chunk<object> {
  return createChunk(async () => (await load()).AreaView);
}

/** Where the last theme is kept, so that the next start does not flash the other one. */
const themeStorageKey = 'hookyard.theme';

/** The whole window over one session. */
export function App({ session }: { readonly session: Session }) {
  return (
    <SessionProvider session={session}>
      <ThemedFrame />
    </SessionProvider>
  );
}

/** The window when it was not let in, in the style of the rest. */
export function Locked() {
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const kept = localStorage.getItem(themeStorageKey);
  return (
    <MantineProvider theme={theme} forceColorScheme={kept === 'light' || kept === 'dark' ? kept : system}>
      <NotLetIn />
    </MantineProvider>
  );
}

function ThemedFrame() {
  const system = useColorScheme('light', { getInitialValueInEffect: false });
  const setting = useSettings()?.theme ?? localStorage.getItem(themeStorageKey) ?? 'system';
  const scheme = setting === 'light' || setting === 'dark' ? setting : system;
  useEffect(() => localStorage.setItem(themeStorageKey, setting), [setting]);
  return (
    <MantineProvider theme={theme} forceColorScheme={scheme}>
      <Notifications position="bottom-right" autoClose={4000} />
      <Frame />
      <div id="announcements" className="visually-hidden" aria-live="polite" />
    </MantineProvider>
  );
}

function Frame() {
  const { router } = useSession();
  const { area } = useRoute();
  const [isKeySheetOpen, setKeySheetOpen] = useState(false);
  const showKeys = () => setKeySheetOpen(true);
  useKeys({
    ...Object.fromEntries(areaEntries.map((entry) => [`g ${entry.key}`, () => router.go(router.lastOf(entry.area))])),
    '?': showKeys,
  });
  useAreaFocus(area);
  return (
    <div className={styles['frame']}>
      <Rail />
      <div className={styles['main']}>
        <ConnectionNotice />
        <StoreNotice />
        <HealthNotices />
        <AddressNotice />
        <main id="area" className={styles['area']} tabIndex={-1} data-focus-home="list" aria-label={areaLabel(area)}>
          <ViewBoundary what="This area" shows={area}>
            <LazyView key={area} chunk={views[area]} props={{}} fallback={<ProgressBar isActive />} />
          </ViewBoundary>
        </main>
        <UndoBar />
      </div>
      <Palette onShowKeys={showKeys} />
      <SecretDialog />
      <KeySheet isOpen={isKeySheetOpen} onClose={() => setKeySheetOpen(false)} />
    </div>
  );
}

/** Going to another area by key or palette also moves the focus there, so that the next key acts there. */
function useAreaFocus(area: Area) {
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${areaLabel(area)} \u2013 Hookyard`;
    if (!isFirst.current && document.activeElement?.closest('nav') === null)
      document.getElementById('area')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [area]);
}
