import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectMessage } from '#shared/host-bridge.ts';
import { findChromium } from '../../scripts/chromium.ts';
import { bridgePagePort } from '../support/page-port.ts';
import { removeDataFolders, startApp, type StartedApp } from './stand-in/start.ts';

const root = resolve(import.meta.dirname, '../..');
const preload = join(root, 'out/preload/index.cjs');
const found = findChromium();
const missing = 'why' in found ? found.why : existsSync(preload) ? null : 'the app is not built (npm run build)';

/** Chromium takes no scheme of ours, so the page stands at this https origin and its files come from the app's own handler. */
const pageOrigin = 'https://hookyard.test';

/** The state that the window shows for the engine once it is connected: "degraded" where another Hookyard of the machine has the port for captures. */
const connected = /^Engine: (?:ready|degraded)$/;

describe.skipIf(missing !== null)(`the built page with the built preload${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let browser: Browser;
  let app: StartedApp;

  beforeAll(async () => {
    if ('why' in found) return;
    const isRoot = process.getuid?.() === 0;
    browser = await chromium.launch({ executablePath: found.path, args: isRoot ? ['--no-sandbox'] : [] });
  });
  afterEach(async () => {
    await app.quit();
    removeDataFolders();
  });
  afterAll(() => browser.close());

  it('connects to the engine of the app and shows its areas, under the app’s own policy', async () => {
    app = await startApp();
    const { page, violations } = await openPage(app);
    await page.getByRole('status', { name: connected }).waitFor();
    const rail = page.getByRole('navigation', { name: 'Areas' });
    expect(await rail.getByRole('listitem').allTextContents()).toEqual([
      'Compose',
      'Endpoints',
      'Deliveries',
      'Captures',
      'Verify',
      'Tests',
      'Events',
      'Settings',
    ]);
    for (const link of await rail.getByRole('link').all()) {
      await link.click();
      await page.getByRole('heading', { level: 1, name: await link.innerText() }).waitFor();
    }
    expect(violations).toEqual([]);
    await page.close();
    // The whole app with its editor comes through one process here, which a busy machine takes its time for.
  }, 120_000);

  it('knows from the preload what hosts it, and nothing else of it', async () => {
    app = await startApp();
    const { page } = await openPage(app);
    expect(await page.evaluate(() => Reflect.get(window, 'hookyard') as unknown)).toEqual({
      kind: 'electron',
      platform: 'linux',
      version: '0.1.0',
    });
    expect(await page.evaluate(() => ['require', 'process', 'ipcRenderer', 'module'].filter((name) => name in window))).toEqual([]);
    await page.close();
  });

  it('passes no port on for another message, and none for a message of a frame', async () => {
    app = await startApp();
    const { page, posted } = await openPage(app);
    await page.getByRole('status', { name: connected }).waitFor();
    const before = posted.length;
    await page.evaluate(async (message) => {
      const settled = new Promise((done) => window.addEventListener('message', (event) => event.data === 'last' && done(null)));
      window.postMessage(`${message}-other`, '/', [new MessageChannel().port2]);
      window.postMessage(message, '/');
      const frame = document.body.appendChild(document.createElement('iframe'));
      const fromFrame = { data: message, source: frame.contentWindow, ports: [new MessageChannel().port2] };
      window.dispatchEvent(new MessageEvent('message', fromFrame));
      window.postMessage('last', '/');
      await settled;
    }, connectMessage);
    expect(posted.length).toBe(before);
    await page.close();
  });

  /** A page of Chromium that gets the app's files and the preload's bridge, its port joined to the app's IPC. */
  async function openPage({ electron, window }: StartedApp) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // The time-out of the test ends what hangs.
    page.setDefaultTimeout(0);
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') violations.push(message.text());
    });
    await page.route(`${pageOrigin}/**`, async (route) => {
      const handler = electron.protocol.handlers.get('app');
      const response = await handler?.(new Request(route.request().url().replace(pageOrigin, 'app://hookyard')));
      if (response === undefined) return await route.abort();
      return await route.fulfill({
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      });
    });
    const posted: string[] = [];
    const port = await bridgePagePort(page);
    await page.exposeFunction('hookyardPosted', (channel: string) => {
      posted.push(channel);
      electron.ipcMain.emit(channel, { sender: window.webContents, senderFrame: window.webContents.mainFrame, ports: [port] });
    });
    await installPreload(page);
    await page.goto(`${pageOrigin}/index.html`);
    return { page, violations, posted };
  }
});

/** Runs the built preload in the page with the three things that Electron would give it. */
async function installPreload(page: Page): Promise<void> {
  const code = readFileSync(preload, 'utf8');
  await page.addInitScript(`(() => {
    const process = { platform: 'linux', argv: ['electron', '--hookyard-version=0.1.0'] };
    const electron = {
      contextBridge: { exposeInMainWorld: (name, value) => { window[name] = value; } },
      ipcRenderer: { postMessage: (channel, data, [port]) => { window.hookyardJoin(port); window.hookyardPosted(channel); } },
    };
    const require = (name) => { if (name === 'electron') return electron; throw new Error('A sandboxed preload has no ' + name); };
    if (window === window.top) { ${code} }
  })();`);
}
