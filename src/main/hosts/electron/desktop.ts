import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, safeStorage, session, type WebContents } from 'electron';
import { createEngine, StartError, version, type Engine } from '#engine/index.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { findAppRoot } from '#hosts/shared/app-root.ts';
import { defaultDataDir, looseFolderWarning, makeDataDir } from '#hosts/shared/data-dir.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import { createLargeJson } from '#hosts/shared/large-json.ts';
import { createPinoLog } from '#hosts/shared/pino-log.ts';
import { guardSession, originOf } from './guards.ts';
import { menuTemplate } from './menu.ts';
import { openPageDoor } from './page-door.ts';
import { createPageHandler, pageScheme, pageUrl as ownPageUrl } from './page-protocol.ts';
import { programPath } from './program-path.ts';
import { openVault } from './sealed-key-vault.ts';
import { openWindow } from './window.ts';

const log = createPinoLog('warn');

/** Runs the desktop app. A second start on the same data folder only brings the first one's window to the front. */
export function runDesktop(): void {
  const dataDir = defaultDataDir({ platform: process.platform, env: process.env, homeDir: homedir() });
  // Chromium keeps its own files here; the single-instance lock is one of them and so belongs to the data folder.
  app.setPath('userData', join(dataDir, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  app.enableSandbox();
  app.on('second-instance', focusWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(() => start(dataDir).catch(fail));
}

async function start(dataDir: string): Promise<void> {
  process.env['PATH'] = programPath({ platform: process.platform, path: process.env['PATH'], homeDir: homedir() });
  const root = findAppRoot(app.getAppPath());
  makeDataDir(dataDir);
  const looseFolder = looseFolderWarning(dataDir);
  if (looseFolder !== null) log.warn({}, looseFolder);
  const engine = createEngine({
    dataDir,
    host: 'electron',
    vault: async (facts) => {
      const { vault, notice } = await openVault(dataDir, safeStorage, facts);
      if (notice !== null) log.warn({}, notice);
      return vault;
    },
    log,
    withSample: true,
  });
  stopBeforeQuit(engine);
  const { warning } = await engine.start();
  if (warning !== null) log.warn({}, warning);

  const pageUrl = developmentPage() ?? ownPageUrl;
  const origin = originOf(pageUrl) ?? pageUrl;
  protocol.handle(pageScheme, createPageHandler(join(root, 'out/renderer')));
  guardSession(session.defaultSession, origin, tellUnreadable);
  const isKnown = (contents: WebContents) => BrowserWindow.fromWebContents(contents) !== null;
  openPageDoor({ ipc: ipcMain, router: engine.router, json: createLargeJson(), origin, isKnown, actor: actorText('window'), log });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)));

  const open = () => openWindow({ pageUrl, preload: join(root, 'out/preload/index.cjs'), version, dataDir, log });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  open();
}

/** Lets the engine finish and close its data file before the app quits; when called twice, it still stops once. */
function stopBeforeQuit(engine: Engine): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    engine
      .stop()
      .catch((error: unknown) => log.error({ error: String(error) }, 'The engine did not stop cleanly'))
      .finally(() => {
        state = 'stopped';
        app.quit();
      });
  });
}

/** Address of the development server of the page; never used in a packaged app. */
function developmentPage(): string | null {
  return app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Says why the app cannot start and ends it. Expected reasons are sentences for the user; others are defects. */
function fail(error: unknown): void {
  const isExpected = error instanceof StartError || error instanceof ExitError;
  const reason = error instanceof Error ? error.message : String(error);
  if (!isExpected) log.error({ error: error instanceof Error ? (error.stack ?? reason) : reason }, 'The app failed to start');
  dialog.showErrorBox('Hookyard cannot start', isExpected ? reason : `It failed unexpectedly: ${reason}`);
  app.exit(1);
}

/** Says that a folder such as the home of the user cannot be chosen as a whole. */
function tellUnreadable(path: string): void {
  dialog.showErrorBox('Choose another folder', `No window is let into ${path} as a whole: choose the folder of the project itself.`);
}
