import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOfflineClient } from '#engine/index.ts';
import type { Contract } from '#shared/contract/index.ts';
import { retryPresets } from '#shared/contract/retry-presets.ts';
import { openKeyFileVault } from '#hosts/shared/key-file-vault.ts';
import { connectMessage } from '#shared/host-bridge.ts';
import type { Frame, WebContents } from './stand-in/electron.ts';
import { makeDataFolder, removeDataFolders, runEntry, startApp, type StartedApp, type StartSettings } from './stand-in/start.ts';

type Client = ContractRouterClient<Contract>;
const pageUrl = 'app://hookyard/index.html';

let running: StartedApp[] = [];
async function start(settings?: StartSettings): Promise<StartedApp> {
  const started = await startApp(settings);
  running.push(started);
  return started;
}

/** Posts a port as the preload does and answers the page's end of it, with a client that talks through it. */
function connect({ electron }: StartedApp, sender: WebContents, senderFrame: Frame | null = sender.mainFrame) {
  const { page, main } = electron.createPort();
  electron.ipcMain.emit(connectMessage, { sender, senderFrame, ports: [main] });
  page.start();
  return { main, client: createORPCClient<Client>(new RPCLink({ port: page })), close: () => page.close() };
}

afterEach(async () => {
  for (const app of running) await app.quit();
  running = [];
  removeDataFolders();
});

describe('the window of the desktop app', () => {
  it('gives its page no power of Node', async () => {
    const { window } = await start();
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    expect(window.options.webPreferences?.['preload']).toMatch(/out[\\/]preload[\\/]index\.cjs$/);
  });

  it('loads its page from its own scheme, which was registered before the app was ready', async () => {
    const { electron, window } = await start();
    expect(electron.protocol.isRegisteredBeforeReady).toBe(true);
    expect(electron.protocol.schemes).toEqual([{ scheme: 'app', privileges: expect.objectContaining({ standard: true, secure: true }) }]);
    expect(electron.app.calls).toContain('enableSandbox');
    expect(window.calls).toContain(`loadURL ${pageUrl}`);
  });

  it('is shown only when its page is ready', async () => {
    const { window } = await start();
    expect(window.options['show']).toBe(false);
    expect(window.calls.indexOf('show')).toBeGreaterThan(window.calls.indexOf(`loadURL ${pageUrl}`));
  });

  it('opens again where it was closed', async () => {
    const first = await start();
    first.window.emit('close');
    await first.quit();
    running = [];
    const { window } = await start({ dataDir: first.dataDir });
    expect(window.options).toMatchObject({ x: 10, y: 20, width: 1100, height: 750 });
  });

  it('loads its page again when the page has crashed', async () => {
    const { window } = await start();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.webContents.reloads).toBe(1);
  });
});

describe('the port between page and engine', () => {
  it('reaches the real router from the main frame of the window', async () => {
    const app = await start();
    const { client, close } = connect(app, app.window.webContents);
    const health = await client.system.health();
    expect(health).toMatchObject({ host: 'electron' });
    close();
  });

  it('takes a new port after the page was loaded again', async () => {
    const app = await start();
    connect(app, app.window.webContents).close();
    const { client, close } = connect(app, app.window.webContents);
    expect(await client.system.health()).toMatchObject({ host: 'electron' });
    close();
  });

  it.each<[string, (app: StartedApp) => { readonly sender: WebContents; readonly frame: Frame | null }]>([
    ['another frame of the window', ({ window }) => ({ sender: window.webContents, frame: { url: pageUrl } })],
    ['a frame that is gone', ({ window }) => ({ sender: window.webContents, frame: null })],
    ['contents that are no window of ours', ({ electron }) => contentsAt(new electron.WebContents(), pageUrl)],
    ['our window when it shows another site', ({ window }) => contentsAt(window.webContents, 'https://example.com/index.html')],
    ['a host of our scheme that is not ours', ({ window }) => contentsAt(window.webContents, 'app://hookyard.example/index.html')],
    ['a local file', ({ window }) => contentsAt(window.webContents, 'file:///app/hookyard/index.html')],
  ])('is refused to %s', async (_who, from) => {
    const app = await start();
    const { sender, frame } = from(app);
    const { main } = connect(app, sender, frame);
    expect(main).toMatchObject({ isClosed: true, isStarted: false });
  });
});

function contentsAt(sender: WebContents, url: string): { readonly sender: WebContents; readonly frame: Frame } {
  sender.mainFrame = { url };
  return { sender, frame: sender.mainFrame };
}

const hostileUrls = [
  'https://example.com/',
  'https://github.com/',
  'http://www.standardwebhooks.com/',
  'https://docs.stripe.com/webhooks/signature?to=elsewhere',
  'http://github.com/',
  'https://github.com.example.com/',
  'https://github.com@example.com/',
  'https://github.com:8443/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'smb://host/share',
  'ms-msdt:/id',
  'app://elsewhere/index.html',
  'app://hookyard/other.html',
  'http://127.0.0.1:4600/',
  'not a url',
];

describe('what the page may not do', () => {
  // One app for all of these: what it refuses changes nothing in it.
  const dataDir = mkdtempSync(join(tmpdir(), 'hookyard-desktop-'));
  let app: StartedApp;
  beforeAll(async () => {
    app = await startApp({ dataDir });
    return async () => {
      await app.quit();
      rmSync(dataDir, { recursive: true, force: true });
    };
  });
  beforeEach(() => void (app.electron.shell.opened.length = 0));

  it.each(hostileUrls)('opens no window and no program for %s', (url) => {
    const { electron, window } = app;
    expect(window.webContents.windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
    expect(electron.shell.opened).toEqual([]);
  });

  it('hands every link that the window shows over to the browser of the user, and opens no window for any', async () => {
    const { electron, window } = app;
    const { items } = await createOfflineClient().verifying.schemes();
    const shown = [
      ...items.flatMap(({ source, documentation }) => [source, documentation]),
      ...Object.values(retryPresets).map(({ source }) => source),
    ].filter((link) => link !== null);
    expect(new Set(shown).size).toBeGreaterThan(60);
    for (const url of shown) expect(window.webContents.windowOpenHandler?.({ url })).toEqual({ action: 'deny' });
    expect(electron.shell.opened).toEqual(shown);
  });

  it.each([...hostileUrls, 'https://www.standardwebhooks.com/'])('does not navigate to %s', (url) => {
    const { electron, window } = app;
    expect(navigate(electron, window.webContents, { url, isMainFrame: true })).toBe('prevented');
  });

  it('loads its own page again, but in no other frame', () => {
    const { electron, window } = app;
    expect(navigate(electron, window.webContents, { url: `${pageUrl}#/captures`, isMainFrame: true })).toBe('allowed');
    expect(navigate(electron, window.webContents, { url: pageUrl, isMainFrame: false })).toBe('prevented');
  });

  it('follows no redirect and attaches no webview', () => {
    const { electron, window } = app;
    const outcomes = ['will-redirect', 'will-attach-webview'].map((name) => {
      const event = new electron.PreventableEvent();
      window.webContents.emit(name, event, {}, {});
      return event.defaultPrevented;
    });
    expect(outcomes).toEqual([true, true]);
  });

  it.each([
    'geolocation',
    'media',
    'notifications',
    'clipboard-read',
    'usb',
    'openExternal',
    'fileSystem',
    'local-network-access',
    'unknown',
  ])('gets no %s permission, asked or checked', (permission) => {
    const { electron } = app;
    expect(askPermission(electron, permission, pageUrl)).toEqual({ requested: false, checked: false });
  });

  it('may write to the clipboard, which no other origin may', () => {
    const { electron } = app;
    expect(askPermission(electron, 'clipboard-sanitized-write', pageUrl)).toEqual({ requested: true, checked: true });
    expect(askPermission(electron, 'clipboard-sanitized-write', 'https://example.com/')).toEqual({ requested: false, checked: false });
  });

  it('may read what somebody chose, and not write it, which no other origin may', () => {
    const { electron } = app;
    const read = { fileAccessType: 'readable', isDirectory: true, filePath: '/home/ann/shop' };
    expect(askPermission(electron, 'fileSystem', pageUrl, read)).toEqual({ requested: true, checked: true });
    expect(askPermission(electron, 'fileSystem', 'https://example.com/', read)).toEqual({ requested: false, checked: false });
    const write = { ...read, fileAccessType: 'writable' };
    expect(askPermission(electron, 'fileSystem', pageUrl, write)).toEqual({ requested: false, checked: false });
  });

  it('asks for another folder where nobody may read the one that was chosen', () => {
    const { session, dialog } = app.electron;
    const answers: string[] = [];
    session.defaultSession.emit('file-system-access-restricted', {}, { path: '/home/ann' }, (answer: string) => answers.push(answer));
    expect(answers).toEqual(['tryAgain']);
    expect(dialog.errors.at(-1)?.content).toContain('/home/ann');
  });

  it('gets no device', () => {
    const { electron } = app;
    const allowed: unknown = electron.session.defaultSession.handlers.device.call(null);
    expect(allowed).toBe(false);
  });
});

function navigate(
  electron: StartedApp['electron'],
  contents: WebContents,
  target: { readonly url: string; readonly isMainFrame: boolean },
): string {
  const event = Object.assign(new electron.PreventableEvent(), target);
  contents.emit('will-frame-navigate', event);
  return event.defaultPrevented ? 'prevented' : 'allowed';
}

function askPermission({ session }: StartedApp['electron'], permission: string, url: string, asked = {}) {
  const { request, check } = session.defaultSession.handlers;
  let requested: boolean | null = null;
  const answer = (isAllowed: boolean) => (requested = isAllowed);
  Reflect.apply(request, null, [null, permission, answer, { ...asked, isMainFrame: true, requestingUrl: url }]);
  const checked: unknown = Reflect.apply(check, null, [null, permission, url, asked]);
  return { requested, checked };
}

describe('starting and quitting', () => {
  it('leaves a second start to the first, which shows its window', async () => {
    const app = await start();
    app.window.isSmall = true;
    app.window.calls.length = 0;
    app.electron.app.emit('second-instance');
    expect(app.window.calls).toEqual(['restore', 'show', 'focus']);

    const second = await runEntry(app.dataDir, (electron) => (electron.app.hasLock = false));
    expect(second.app.calls).toEqual(['quit']);
    expect(second.BrowserWindow.all).toEqual([]);
  });

  it('quits once the engine has stopped, so that the data file is closed', async () => {
    const app = await startApp();
    app.electron.app.quit();
    app.electron.app.quit();
    expect(filesOf(app.dataDir).wal).toBe(true);
    expect(await app.electron.app.ended).toBe(0);
    expect(filesOf(app.dataDir)).toEqual({ data: true, wal: false });
  });

  it('names the reason when another host has the data folder', async () => {
    const first = await start();
    const second = await runEntry(first.dataDir);
    expect(await second.app.ended).toBe(1);
    expect(second.dialog.errors).toEqual([{ title: 'Hookyard cannot start', content: expect.stringContaining(first.dataDir) }]);
    expect(second.BrowserWindow.all).toEqual([]);
  });

  it('names the reason when the data file is no data file', async () => {
    const dataDir = makeDataFolder();
    writeFileSync(join(dataDir, 'hookyard.db'), 'this is not a database, whatever its name says'.repeat(200));
    const electron = await runEntry(dataDir);
    expect(await electron.app.ended).toBe(1);
    expect(electron.dialog.errors[0]?.content).toContain('hookyard.db');
  });

  it('has a menu of the system’s roles', async () => {
    const { electron } = await start();
    expect(electron.Menu.template?.map((item) => item.role ?? item.label)).toEqual(
      expect.arrayContaining(['fileMenu', 'editMenu', 'View', 'windowMenu']),
    );
  });
});

function filesOf(dataDir: string): { readonly data: boolean; readonly wal: boolean } {
  return { data: existsSync(join(dataDir, 'hookyard.db')), wal: existsSync(join(dataDir, 'hookyard.db-wal')) };
}

describe('the key that opens the secrets', () => {
  it('is sealed by the key store of the system and opens the data folder again', async () => {
    const first = await start();
    expect(readFileSync(join(first.dataDir, 'vault.sealed'), 'utf8')).toMatch(/^sealed:/);
    expect(existsSync(join(first.dataDir, 'vault.key'))).toBe(false);
    await first.quit();
    running = [];
    await start({ dataDir: first.dataDir });
  });

  it.each<[string, (electron: StartedApp['electron']) => void]>([
    ['there is no key store', (electron) => (electron.safeStorage.isAvailable = false)],
    ['Linux has only a password that is the same everywhere', (electron) => (electron.safeStorage.backend = 'basic_text')],
  ])('is kept in a file for the user alone when %s', async (_why, prepare) => {
    const { dataDir } = await start({ prepare });
    expect(existsSync(join(dataDir, 'vault.key'))).toBe(true);
    expect(existsSync(join(dataDir, 'vault.sealed'))).toBe(false);
  });

  it('stays in the key file of a data folder that came from the headless host', async () => {
    const dataDir = makeDataFolder();
    openKeyFileVault(dataDir, { hasSecrets: false });
    await start({ dataDir });
    expect(existsSync(join(dataDir, 'vault.sealed'))).toBe(false);
  });

  it('is not replaced by a host that has no key store, which says what to do instead', async () => {
    const { dataDir } = await start();
    expect(() => openKeyFileVault(dataDir, { hasSecrets: false })).toThrow(
      'start the desktop app, or choose another folder with --data-dir',
    );
    expect(existsSync(join(dataDir, 'vault.key'))).toBe(false);
  });

  it('is not made anew where secrets were sealed already: the app says what to put back', async () => {
    const first = await start();
    await first.quit();
    running = [];
    rmSync(join(first.dataDir, 'vault.sealed'));
    const electron = await runEntry(first.dataDir, () => undefined);
    expect(await electron.app.ended).toBe(1);
    expect(electron.dialog.errors[0]?.content).toContain('put back its copy');
    expect(existsSync(join(first.dataDir, 'vault.sealed'))).toBe(false);
  });

  it('stays where it is when the key store is locked, and the app says so', async () => {
    const first = await start();
    await first.quit();
    running = [];
    const electron = await runEntry(first.dataDir, (fresh) => (fresh.safeStorage.isAvailable = false));
    expect(await electron.app.ended).toBe(1);
    expect(electron.dialog.errors[0]?.content).toContain('unlock the key store');
  });
});
