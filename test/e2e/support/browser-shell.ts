import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createORPCClient } from '@orpc/client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import type { PlaywrightWorkerArgs } from '@playwright/test';
import { contract } from '#shared/contract/index.ts';
import { pageKeyFragment } from '#shared/host-bridge.ts';
import { root } from '../../../scripts/build.ts';
import { findChromium } from '../../../scripts/chromium.ts';
import { pageKeyStorage } from '../../../src/renderer/base/page-key.ts';
import { startKept, type KeptRun } from '../../support/kept-process.ts';
import type { Api, Shell } from './shell.ts';

type Playwright = PlaywrightWorkerArgs['playwright'];

/** Ends a host that hangs; a slow machine that is busy otherwise takes its time. */
const startLimitMs = 120_000;

/** Opens the built headless host, a process of its own for each spec, in one Chromium. */
export async function createBrowserShell(playwright: Pick<Playwright, 'chromium' | 'request'>): Promise<Shell> {
  const chromium = findChromium();
  if ('why' in chromium)
    return { missing: chromium.why, launch: () => Promise.reject(new Error(chromium.why)), close: () => Promise.resolve() };
  const browser = await playwright.chromium.launch({ executablePath: chromium.path, args: chromiumArguments() });
  return {
    missing: null,
    launch: async ({ dataDir, startAt, arguments: args }) => {
      const token = randomBytes(24).toString('base64url');
      const start = (ports: HostPorts) => startHost({ dataDir, args, token, ports });
      let host = await start({ port: '0', capturePort: '0' });
      const { origin, port } = new URL(host.readyUrl);
      const context = await browser.newContext({
        permissions: ['clipboard-read', 'clipboard-write'],
        storageState: await stateOfLetIn(playwright, host.readyUrl),
      });
      const page = await context.newPage();
      await page.goto(`${origin}/${startAt}`);
      const capturePort = new URL(host.captureUrl).port;
      return {
        hookyard: {
          page,
          api: createApi(origin, token),
          captureUrl: host.captureUrl,
          dataDir,
          rest: { url: origin, token },
          writeClipboard: (text) => page.evaluate((copied) => navigator.clipboard.writeText(copied), text),
          host: {
            kill: () => killHost(host.run),
            start: async () => {
              host = await start({ port, capturePort });
            },
          },
        },
        close: async () => {
          await context.close();
          await stopHost(host.run);
        },
      };
    },
    close: () => browser.close(),
  };
}

/** What a browser keeps that has opened the link: with it a spec opens the area that it is about, and not Compose first. */
async function stateOfLetIn({ request }: Pick<Playwright, 'request'>, link: string) {
  const visitor = await request.newContext();
  const answer = await visitor.get(link, { maxRedirects: 0 });
  const { origin, hash } = new URL(answer.headers()['location'] ?? '', link);
  const { cookies } = await visitor.storageState();
  await visitor.dispose();
  const localStorage = [{ name: pageKeyStorage, value: hash.slice(pageKeyFragment.length) }];
  return { cookies, origins: [{ origin, localStorage }] };
}

interface Host {
  readonly run: KeptRun;
  readonly readyUrl: string;
  readonly captureUrl: string;
}

/** Ports to listen on; `0` picks a free one. */
interface HostPorts {
  readonly port: string;
  readonly capturePort: string;
}

interface HostStart {
  readonly dataDir: string;
  readonly args: readonly string[];
  /** Given from outside, so that a page that was let in is let in again after the host was started anew. */
  readonly token: string;
  readonly ports: HostPorts;
}

async function startHost({ dataDir, args, token, ports }: HostStart): Promise<Host> {
  const own = ['--port', ports.port, '--capture-port', ports.capturePort, '--data-dir', dataDir];
  const run = startKept({
    entry: join(root, 'out/main/serve.js'),
    args: [...own, ...args],
    env: { ...(process.env as Record<string, string>), HOOKYARD_TOKEN: token },
  });
  const complaints: string[] = [];
  run.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const timer = setTimeout(run.signal, startLimitMs, 'SIGKILL');
  try {
    let readyUrl: string | undefined;
    for await (const line of createInterface({ input: run.stdout })) {
      readyUrl ??= /^Ready at (\S+)$/.exec(line)?.[1];
      const captureUrl = /^Captures at (\S+?)\/?$/.exec(line)?.[1];
      if (readyUrl !== undefined && captureUrl !== undefined) return { run, readyUrl, captureUrl };
    }
    throw new Error(`The headless host ended before it was ready: ${complaints.join('')}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the host as a power cut would. */
async function killHost({ signal, ended }: KeptRun): Promise<void> {
  signal('SIGKILL');
  await ended;
}

/** Ends the host as a user would; one that does not end by itself is a failure of the spec. */
async function stopHost({ signal, ended, isEnded }: KeptRun): Promise<void> {
  if (isEnded()) throw new Error(`The headless host ended by itself with ${String(await ended)}.`);
  const timer = setTimeout(signal, startLimitMs, 'SIGKILL');
  signal('SIGTERM');
  const code = await ended;
  clearTimeout(timer);
  // Windows has no SIGTERM to be caught: there a host is ended from outside.
  if (process.platform !== 'win32' && code !== 0) throw new Error(`The headless host did not stop cleanly: ${String(code)}.`);
}

function createApi(url: string, token: string): Api {
  return createORPCClient(new OpenAPILink(contract, { url: `${url}/api`, headers: { authorization: `Bearer ${token}` } }));
}

/** Chromium's own sandbox does not start for root on Linux. */
function chromiumArguments(): string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
