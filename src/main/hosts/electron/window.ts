import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen, shell, type BrowserWindowConstructorOptions } from 'electron';
import type { Log } from '#engine/index.ts';
import { guardContents } from './guards.ts';
import { placeWindow, readBounds, smallestSize, writeBounds, type WindowPlace } from './window-bounds.ts';

/** What a window shows and where it remembers its place. */
export interface WindowSettings {
  readonly pageUrl: string;
  readonly preload: string;
  readonly version: string;
  readonly dataDir: string;
  readonly log: Log;
}

/** Options of the window: its page is sandboxed and has none of Node's powers. */
function windowOptions(
  place: WindowPlace,
  { preload, version }: Pick<WindowSettings, 'preload' | 'version'>,
): BrowserWindowConstructorOptions {
  return {
    ...place,
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title: 'Hookyard',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    webPreferences: {
      preload,
      additionalArguments: [`--hookyard-version=${version}`],
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

/** Opens the window where it was last and loads its page. */
export function openWindow(settings: WindowSettings): BrowserWindow {
  const { pageUrl, dataDir, log } = settings;
  const boundsFile = join(dataDir, 'window.json');
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow(windowOptions(placeWindow(readBounds(boundsFile), screens), settings));
  guardContents(window.webContents, pageUrl, (url) => void shell.openExternal(url));
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    try {
      writeBounds(boundsFile, window.getNormalBounds());
    } catch (error) {
      log.warn({ error: String(error) }, 'The place of the window could not be remembered');
    }
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error({ reason }, 'The page of the window has ended; it is loaded again');
    if (reason !== 'clean-exit') window.webContents.reload();
  });
  window.loadURL(pageUrl).catch((error: unknown) => log.error({ error: String(error) }, 'The page of the window could not be loaded'));
  return window;
}
